using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Configuration;

namespace FuncChat.Azure.Blobs;

/// <summary>Where Azure Storage keeps turns. Bound from `FuncChat:TurnLog`; without an account, turns are kept in files.</summary>
public sealed record BlobStoreOptions
{
    public const string Section = "FuncChat:TurnLog";

    /// <summary>The account's blob endpoint, reached by the app's identity, such as `https://name.blob.core.windows.net`.</summary>
    [HttpUrl]
    [Example("https://name.blob.core.windows.net")]
    public string? BlobServiceUri { get; set; }

    /// <summary>The client id of the user-assigned identity to use, if there are several.</summary>
    public string? ClientId { get; set; }

    /// <summary>Instead of the endpoint: a connection string, such as `UseDevelopmentStorage=true` for Azurite.</summary>
    [StorageConnectionString]
    [Example("UseDevelopmentStorage=true")]
    public string? ConnectionString { get; set; }

    /// <summary>The container of the turns, created when it is first needed. Default `turns`.</summary>
    [RegularExpression(StorageNames.Container, ErrorMessage = StorageNames.ContainerRule)]
    public string Container { get; set; } = "turns";

    /// <summary>The container of the journals of long tool runs, created when it is first needed. Default `tool-runs`.</summary>
    [RegularExpression(StorageNames.Container, ErrorMessage = StorageNames.ContainerRule)]
    public string RunsContainer { get; set; } = "tool-runs";

    /// <summary>The container of the users' tokens for MCP servers, created when it is first needed. Default `secrets`.</summary>
    [RegularExpression(StorageNames.Container, ErrorMessage = StorageNames.ContainerRule)]
    public string SecretsContainer { get; set; } = "secrets";
}
