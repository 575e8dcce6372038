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

    /// <summary>A name for a container that no other test uses.</summary>
    public static string NewContainer() => $"test-{Guid.NewGuid():N}";

    public BlobContainerClient Container(string name, BlobClientOptions? options = null) => new(ConnectionString, name, options);

    public async Task InitializeAsync()
    {
        (_azurite, var addresses) = await NodeTool.StartAsync(
            Repository.PathOf("FuncChat.Tests", "Azure", "azurite"), Path.Combine("azurite", "dist", "src", "azurite.js"),
            ["Blob service is successfully listening at ", "Table service is successfully listening at "],
            "--blobHost", "127.0.0.1", "--blobPort", "0", "--queueHost", "127.0.0.1", "--queuePort", "0", "--tableHost", "127.0.0.1", "--tablePort", "0",
            "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent");
        ConnectionString = $"{Account}BlobEndpoint={addresses[0]}/devstoreaccount1;TableEndpoint={addresses[1]}/devstoreaccount1;";
    }

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
