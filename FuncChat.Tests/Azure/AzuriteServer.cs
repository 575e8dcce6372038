using Azure.Storage.Blobs;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Azure;

/// <summary>
/// Azurite, the emulator of Azure Storage, on a free port of 127.0.0.1, with its data in memory.
/// </summary>
public sealed class AzuriteServer : IAsyncLifetime
{
    // The account and key that every Azurite has.
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    private NodeTool? _azurite;

    public string ConnectionString { get; private set; } = "";

    public Uri BlobEndpoint { get; private set; } = null!;

    public Uri TableEndpoint { get; private set; } = null!;

    /// <summary>A name for a container that no other test uses.</summary>
    public static string NewContainer() => $"test-{Guid.NewGuid():N}";

    /// <summary>A connection string for the same account, whose services are reached through other addresses.</summary>
    public string ConnectionStringThrough(Uri? blobs = null, Uri? tables = null) => ConnectionStringOf(blobs ?? BlobEndpoint, tables ?? TableEndpoint);

    public BlobContainerClient Container(string name, BlobClientOptions? options = null) => new(ConnectionString, name, options);

    public async Task InitializeAsync()
    {
        (_azurite, var addresses) = await NodeTool.StartAsync(
            Repository.PathOf("FuncChat.Tests", "Azure", "azurite"), Path.Combine("azurite", "dist", "src", "azurite.js"),
            ["Blob service is successfully listening at ", "Table service is successfully listening at "],
            "--blobHost", "127.0.0.1", "--blobPort", "0", "--queueHost", "127.0.0.1", "--queuePort", "0", "--tableHost", "127.0.0.1", "--tablePort", "0",
            "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent");
        (BlobEndpoint, TableEndpoint) = (new Uri(addresses[0]), new Uri(addresses[1]));
        ConnectionString = ConnectionStringOf(BlobEndpoint, TableEndpoint);
    }

    private static string ConnectionStringOf(Uri blobs, Uri tables) =>
        $"{Account}BlobEndpoint={new Uri(blobs, "devstoreaccount1")};TableEndpoint={new Uri(tables, "devstoreaccount1")};";

    public async Task DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class AzuriteTests : ICollectionFixture<AzuriteServer>
{
    public const string Name = "Azurite";
}
