using Microsoft.Extensions.Configuration;

namespace FuncChat.Storage;

/// <summary>The storage account that every function app has: `AzureWebJobsStorage`, as a connection string or by identity.</summary>
internal static class HostStorage
{
    private const string Account = "AzureWebJobsStorage";
    private const string TurnLog = "FuncChat:TurnLog";

    /// <summary>Keeps turns in the app's own account, unless another is set for them.</summary>
    public static void UseHostStorageForTurns(this IConfigurationManager configuration)
    {
        if (IsSet($"{TurnLog}:ConnectionString") || IsSet($"{TurnLog}:BlobServiceUri"))
            return;
        if (IsSet(Account))
            configuration[$"{TurnLog}:ConnectionString"] = configuration[Account];
        else if (IsSet($"{Account}:blobServiceUri"))
            UseIdentity(configuration[$"{Account}:blobServiceUri"]);
        else if (IsSet($"{Account}:accountName"))
            UseIdentity($"https://{configuration[$"{Account}:accountName"]}.blob.core.windows.net");

        bool IsSet(string name) => !string.IsNullOrEmpty(configuration[name]);

        void UseIdentity(string? endpoint)
        {
            configuration[$"{TurnLog}:BlobServiceUri"] = endpoint;
            configuration[$"{TurnLog}:ClientId"] ??= configuration[$"{Account}:clientId"];
        }
    }
}
