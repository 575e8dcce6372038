using FuncChat.Azure.Files;
using FuncChat.Engine.Files;
using FuncChat.Tests.Engine.Files;

namespace FuncChat.Tests.Azure.Files;

[Collection(AzuriteTests.Name)]
public sealed class BlobFileStoreTests(AzuriteServer azurite) : FileStoreContract
{
    private readonly string _container = AzuriteServer.NewContainer();

    protected override IFileStore Open() => new BlobFileStore(azurite.Container(_container));

    protected override async Task<IReadOnlyList<string>> NamesAsync()
    {
        var names = new List<string>();
        if (!await azurite.Container(_container).ExistsAsync())
            return names;
        await foreach (var blob in azurite.Container(_container).GetBlobsAsync())
            names.Add(blob.Name);
        return names;
    }

    protected override Task DamageAsync(FileKey key, string json) =>
        azurite.Container(_container).GetBlobClient($"{key.Folder()}/content").SetMetadataAsync(new Dictionary<string, string> { ["document"] = json.Length == 0 ? "e30" : Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(json)) });

    protected override Task LeaveRemainsAsync(StoredFile file) =>
        azurite.Container(_container).UploadBlobAsync($"{file.Key.Folder()}/text", BinaryData.FromString("text"));
}
