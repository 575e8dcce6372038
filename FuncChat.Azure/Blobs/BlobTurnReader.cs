using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;

namespace FuncChat.Azure.Blobs;

/// <summary>Reads a turn's blobs, one after the other. At the end it asks for the length alone, and less often the longer nothing comes.</summary>
internal sealed class BlobTurnReader : LogReader
{
    // Text is stored twice a second.
    private static readonly TimeSpan FirstPollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPollInterval = TimeSpan.FromMilliseconds(500);
    private const int FirstReadSize = 64 * 1024;

    private readonly Func<int, AppendBlobClient> _segmentAt;
    private readonly int _maxBlocks;
    private readonly TimeProvider _time;
    private readonly List<Segment> _segments = [];
    private readonly byte[] _first; // of the first segment: its bytes never change
    private TimeSpan _pollInterval = FirstPollInterval;

    private BlobTurnReader(Func<int, AppendBlobClient> segmentAt, int maxBlocks, TimeProvider time, BlobDownloadResult first)
    {
        _segmentAt = segmentAt;
        _maxBlocks = maxBlocks;
        _time = time;
        _first = first.Content.ToArray();
        _segments.Add(new Segment(segmentAt(0), 0, LengthOf(first.Details), first.Details.BlobCommittedBlockCount));
    }

    /// <summary>The number of the last segment.</summary>
    public int LastSegment => _segments.Count - 1;

    /// <summary>How many bytes the last segment has, as far as it was read.</summary>
    public long LastSegmentLength => _segments[^1].Length;

    /// <summary>How many blocks the last segment has, as far as it was read.</summary>
    public int LastSegmentBlocks => _segments[^1].Blocks;

    protected override long KnownLength => _segments[^1].End;

    /// <summary>Opens a turn; null if it does not exist, or its header is not stored.</summary>
    public static async Task<BlobTurnReader?> TryOpenAsync(
        Func<int, AppendBlobClient> segmentAt, int maxBlocks, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(0, FirstReadSize) };
            var reader = new BlobTurnReader(segmentAt, maxBlocks, time, (await segmentAt(0).DownloadContentAsync(options, cancellationToken)).Value);
            return await reader.TryReadHeaderAsync(cancellationToken) ? reader : null;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 416)
        {
            return null;
        }
    }

    public override Task WaitAsync(CancellationToken cancellationToken)
    {
        var interval = _pollInterval;
        _pollInterval = interval * 2 < LongestPollInterval ? interval * 2 : LongestPollInterval;
        return Task.Delay(interval, _time, cancellationToken);
    }

    protected override async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (offset < _first.Length)
        {
            var remembered = Math.Min(buffer.Length, _first.Length - (int)offset);
            _first.AsSpan((int)offset, remembered).CopyTo(buffer.Span);
            return remembered;
        }

        try
        {
            if (offset >= KnownLength && !await RefreshAsync(offset, cancellationToken))
                return 0;
            var segment = _segments.FindLast(each => each.Start <= offset)!;
            var count = (int)Math.Min(buffer.Length, segment.End - offset);
            return await DownloadAsync(segment, offset, buffer[..count], cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // It has expired: nothing more comes.
            return 0;
        }
    }

    private async Task<int> DownloadAsync(Segment segment, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _pollInterval = FirstPollInterval;
        var options = new BlobDownloadOptions { Range = new HttpRange(offset - segment.Start, buffer.Length) };
        using var download = (await segment.Blob.DownloadStreamingAsync(options, cancellationToken)).Value;
        return await download.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
    }

    // Of the whole blob, though a part was read: "bytes 0-9/200".
    private static long LengthOf(BlobDownloadDetails details) =>
        details.ContentRange is { Length: > 0 } range && long.TryParse(range.AsSpan(range.LastIndexOf('/') + 1), out var length) ? length : details.ContentLength;

    // Looks for more bytes in the last segment, and then in the next if that one is full.
    private async Task<bool> RefreshAsync(long offset, CancellationToken cancellationToken)
    {
        var last = _segments[^1];
        await ReadPropertiesAsync(last, cancellationToken);
        if (offset < last.End)
            return true;
        if (last.Blocks < _maxBlocks)
            return false;
        var next = new Segment(_segmentAt(_segments.Count), last.End, 0, 0);
        await ReadPropertiesAsync(next, cancellationToken);
        _segments.Add(next);
        return next.Length > 0;
    }

    private static async Task ReadPropertiesAsync(Segment segment, CancellationToken cancellationToken)
    {
        var properties = (await segment.Blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
        segment.Length = properties.ContentLength;
        segment.Blocks = properties.BlobCommittedBlockCount;
    }

    private sealed class Segment(AppendBlobClient blob, long start, long length, int blocks)
    {
        public AppendBlobClient Blob => blob;

        public long Start => start;

        public long Length { get; set; } = length;

        public int Blocks { get; set; } = blocks;

        public long End => start + Length;
    }
}
