using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Azure.Identity;

/// <summary>The identity with which the app calls other services: its managed identity in Azure, the signed-in account elsewhere.</summary>
internal static class AppIdentity
{
    private static readonly string[] Keys = ["AZURE_CLIENT_ID", "FuncChat:TurnLog:ClientId", "AzureWebJobsStorage:clientId"];

    /// <summary>The credential of the user-assigned identity with this client id; without one, of the only identity.</summary>
    public static TokenCredential Credential(string? clientId) => new DefaultAzureCredential(new DefaultAzureCredentialOptions
    {
        ManagedIdentityClientId = clientId,
        // Outside Azure, the command line tools are tried in turn; one that hangs is given up.
        CredentialProcessTimeout = TimeSpan.FromSeconds(10),
    });

    /// <summary>The client id of the app's identity, or of the one that accesses its turns or its host's storage; null if none is set.</summary>
    public static string? ClientIdOf(IConfiguration configuration) =>
        Keys.Select(key => configuration[key]).FirstOrDefault(clientId => !string.IsNullOrWhiteSpace(clientId))?.Trim();
}
