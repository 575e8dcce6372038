using Microsoft.Extensions.Configuration;

namespace FuncChat.Storage;

/// <summary>The storage account that every function app has: `AzureWebJobsStorage`, as a connection string or by identity.</summary>
internal static class HostStorage
{
    private const string Account = "AzureWebJobsStorage";

    /// <summary>Keeps turns, and what users have used, in the app's own account, unless another is set for them.</summary>
    public static void UseHostStorage(this IConfigurationManager configuration)
    {
        configuration.Use("FuncChat:TurnLog", "blob", "BlobServiceUri");
        configuration.Use("FuncChat:Usage", "table", "TableServiceUri");
    }

    private static void Use(this IConfigurationManager configuration, string section, string service, string endpoint)
    {
        if (IsSet($"{section}:ConnectionString") || IsSet($"{section}:{endpoint}"))
            return;
        if (IsSet(Account))
            configuration[$"{section}:ConnectionString"] = configuration[Account];
        else if (IsSet($"{Account}:{service}ServiceUri"))
            UseIdentity(configuration[$"{Account}:{service}ServiceUri"]);
        else if (IsSet($"{Account}:accountName"))
            UseIdentity($"https://{configuration[$"{Account}:accountName"]}.{service}.core.windows.net");

        bool IsSet(string name) => !string.IsNullOrEmpty(configuration[name]);

        void UseIdentity(string? address)
        {
            configuration[$"{section}:{endpoint}"] = address;
            configuration[$"{section}:ClientId"] ??= configuration[$"{Account}:clientId"];
        }
    }
}
