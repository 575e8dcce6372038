using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using FuncChat.Azure.Blobs;
using FuncChat.Engine.Files;
using FuncChat.Engine.Store;

namespace FuncChat.Azure.Files;

/// <summary>
/// Keeps files in blobs: `{user's hash}/{file id}/content`, whose metadata is the document, and `text`. A file and its document exist together, and a list
/// reads no blob.
/// </summary>
public sealed class BlobFileStore(BlobContainerClient container) : IFileStore
{
    private const string ContentName = "content";
    private const string TextName = "text";

    // Values of metadata are ASCII.
    private const string DocumentField = "document";

    public async Task WriteAsync(StoredFile file, ReadOnlyMemory<byte> content, string? text, CancellationToken cancellationToken)
    {
        if (text is not null)
            await UploadAsync(BlobOf(file.Key, TextName), BinaryData.FromString(text), options: new(), cancellationToken);
        var options = new BlobUploadOptions
        {
            Metadata = MetadataOf(file),
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/octet-stream" },
        };
        await UploadAsync(BlobOf(file.Key, ContentName), BinaryData.FromBytes(content), options, cancellationToken);
    }

    public async Task UpdateAsync(StoredFile file, CancellationToken cancellationToken)
    {
        try
        {
            await BlobOf(file.Key, ContentName).SetMetadataAsync(MetadataOf(file), cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // It was deleted.
        }
    }

    public async Task<StoredFile?> ReadAsync(FileKey key, CancellationToken cancellationToken) =>
        DocumentIn(key.Folder(), (await BlobOf(key, ContentName).TryGetPropertiesAsync(cancellationToken))?.Metadata);

    public async Task<byte[]?> ReadContentAsync(FileKey key, CancellationToken cancellationToken) =>
        (await BlobOf(key, ContentName).TryDownloadAsync(cancellationToken))?.Content.ToArray();

    public async Task<string?> ReadTextAsync(FileKey key, CancellationToken cancellationToken) =>
        (await BlobOf(key, TextName).TryDownloadAsync(cancellationToken))?.Content.ToString();

    public async Task<IReadOnlyList<StoredFile>> ListAsync(string user, CancellationToken cancellationToken)
    {
        var files = new List<StoredFile>();
        await foreach (var blob in container.ListAsync($"{UserHash.Of(user)}/", BlobTraits.Metadata, cancellationToken))
        {
            if (DocumentIn(FolderOf(blob), blob.Metadata) is { } file)
                files.Add(file);
        }

        return files;
    }

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => container.NowAsync(cancellationToken);

    public async IAsyncEnumerable<StoredFile> ListCreatedBeforeAsync(DateTimeOffset time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in container.ListAsync(prefix: null, BlobTraits.Metadata, cancellationToken))
        {
            if (DocumentIn(FolderOf(blob), blob.Metadata) is { } file && file.CreatedAt < time)
                yield return file;
        }
    }

    public async Task<bool> DeleteAsync(FileKey key, CancellationToken cancellationToken)
    {
        var exists = (await BlobOf(key, ContentName).DeleteIfExistsAsync(cancellationToken: cancellationToken)).Value;
        return (await BlobOf(key, TextName).DeleteIfExistsAsync(cancellationToken: cancellationToken)).Value || exists;
    }

    public async Task RemoveRemainsAsync(DateTimeOffset olderThan, DateTimeOffset damagedBefore, CancellationToken cancellationToken)
    {
        // In order of their names: the content of a file comes before its text.
        string? whole = null;
        var removals = new Removals();
        await foreach (var blob in container.ListAsync(prefix: null, BlobTraits.Metadata, cancellationToken))
        {
            var (folder, name) = (FolderOf(blob), blob.Name[(blob.Name.LastIndexOf('/') + 1)..]);
            var isDamaged = name == ContentName && blob.Properties.LastModified < damagedBefore && DocumentIn(folder, blob.Metadata) is null;
            if (name == ContentName && !isDamaged)
                whole = folder;
            else if (isDamaged || (name == TextName && folder != whole && blob.Properties.LastModified < olderThan))
                await removals.TryAsync(() => container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken), cancellationToken);
        }

        removals.ThrowIfAnyFailed("remains of files");
    }

    private static string FolderOf(BlobItem blob) => blob.Name[..Math.Max(0, blob.Name.LastIndexOf('/'))];

    private static Dictionary<string, string> MetadataOf(StoredFile file) => new() { [DocumentField] = Convert.ToBase64String(file.ToJson()) };

    // Null if there is none, or it is damaged: the file can't be used, and keeps no other from being listed.
    private static StoredFile? DocumentIn(string folder, IDictionary<string, string>? metadata)
    {
        try
        {
            return metadata is not null && metadata.TryGetValue(DocumentField, out var document) ? StoredFile.TryParse(folder, Convert.FromBase64String(document)) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private Task UploadAsync(BlobClient blob, BinaryData content, BlobUploadOptions options, CancellationToken cancellationToken) =>
        container.EnsuredAsync(() => blob.UploadAsync(content, options, cancellationToken), cancellationToken);

    private BlobClient BlobOf(FileKey key, string name) => container.GetBlobClient($"{key.Folder()}/{name}");
}
