using Azure.Core;
using Azure.Identity;
using FuncChat.Azure.Blobs;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Azure.Identity;

/// <summary>The identity with which the app calls other services: its managed identity in Azure, the signed-in account elsewhere.</summary>
internal static class AppIdentity
{
    /// <summary>The credential of a user-assigned identity, where its client id is given, and of the only one where not.</summary>
    public static TokenCredential Credential(string? clientId) => new DefaultAzureCredential(new DefaultAzureCredentialOptions
    {
        ManagedIdentityClientId = clientId,
        // Off Azure the command line tools are asked one after the other; one that hangs is given up.
        CredentialProcessTimeout = TimeSpan.FromSeconds(10),
    });

    /// <summary>The client id that is set for the app; else the one that it reads its turns, or its host's storage, by.</summary>
    public static string? ClientIdOf(IConfiguration configuration)
    {
        string?[] set =
        [
            configuration["AZURE_CLIENT_ID"],
            configuration.GetSection(BlobStoreOptions.Section)[nameof(BlobStoreOptions.ClientId)],
            configuration.GetSection("AzureWebJobsStorage")["clientId"],
        ];
        return Array.Find(set, clientId => !string.IsNullOrWhiteSpace(clientId))?.Trim();
    }
}
