using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;

namespace FuncChat.Azure.Blobs;

/// <summary>Reads a turn's blob. At its end it asks for the length alone, since whoever follows a turn asks often.</summary>
internal sealed class BlobTurnReader(AppendBlobClient blob, long length) : ITurnReader
{
    private long _length = length;

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (offset >= _length)
                _length = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value.ContentLength;
            var count = (int)Math.Min(buffer.Length, _length - offset);
            return count <= 0 ? 0 : await ReadAsync(offset, buffer[..count], count, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Removed, since it is old: nothing more comes.
            return 0;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<int> ReadAsync(long offset, Memory<byte> buffer, int count, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Range = new HttpRange(offset, count) };
        using var download = (await blob.DownloadStreamingAsync(options, cancellationToken)).Value;
        return await download.Content.ReadAtLeastAsync(buffer, count, throwOnEndOfStream: false, cancellationToken);
    }
}
