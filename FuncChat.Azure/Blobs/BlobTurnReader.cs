using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Engine.Store;
using FuncChat.Engine.Telemetry;

namespace FuncChat.Azure.Blobs;

/// <summary>
/// Reads a turn's blobs, one after the other. At the end it asks for what comes next: one request that returns the new bytes or, if there are none, an error
/// without a body. It asks less often while nothing comes.
/// </summary>
internal sealed class BlobTurnReader : LogReader
{
    // Text is stored once a second.
    private static readonly TimeSpan FirstPollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPollInterval = TimeSpan.FromSeconds(1);
    private readonly Func<int, AppendBlobClient> _segmentAt;
    private readonly int _maxBlocks;
    private readonly TimeProvider _time;
    private readonly List<Segment> _segments = [];
    private readonly byte[] _first; // of the first segment: its bytes never change
    private TimeSpan _pollInterval = FirstPollInterval;
    private bool _isRemoved;

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

    protected override int LargestPage => 4 * SmallestPage;

    /// <summary>Opens a turn; null if it does not exist, or its header is not stored.</summary>
    public static async Task<BlobTurnReader?> TryOpenAsync(
        Func<int, AppendBlobClient> segmentAt, int maxBlocks, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(0, SmallestPage) };
            var reader = new BlobTurnReader(segmentAt, maxBlocks, time, (await segmentAt(0).DownloadContentAsync(options, cancellationToken)).Value);
            return await reader.TryFindHeaderAsync(cancellationToken) ? reader : null;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 416)
        {
            return null;
        }
    }

    public override Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_isRemoved)
            throw new FileNotFoundException("The turn was removed.");
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
            if (offset >= KnownLength)
                return await ReadNextAsync(offset, buffer, cancellationToken);
            var segment = _segments.FindLast(each => each.Start <= offset)!;
            var count = (int)Math.Min(buffer.Length, segment.End - offset);
            return await DownloadAsync(segment, offset, buffer[..count], cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // It has expired or was deleted: nothing more comes.
            _isRemoved = true;
            return 0;
        }
    }

    private async Task<int> DownloadAsync(Segment segment, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var options = new BlobDownloadOptions { Range = new HttpRange(offset - segment.Start, buffer.Length) };
        using var download = (await segment.Blob.DownloadStreamingAsync(options, cancellationToken)).Value;
        (segment.Length, segment.Blocks) = (LengthOf(download.Details), download.Details.BlobCommittedBlockCount);
        var read = await download.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (read > 0)
            _pollInterval = FirstPollInterval;
        return read;
    }

    // Of the whole blob, though a part was read: "bytes 0-9/200".
    private static long LengthOf(BlobDownloadDetails details) =>
        details.ContentRange is { Length: > 0 } range && long.TryParse(range.AsSpan(range.LastIndexOf('/') + 1), out var length) ? length : details.ContentLength;

    // Reads on in the last segment and, if that one is full, in the next.
    private async Task<int> ReadNextAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // A turn that is followed is polled for as long as it runs, and most requests fail because nothing is new: they would fill the trace with errors.
        using var unrecorded = SuppressedTracing.Begin();
        var last = _segments[^1];
        var read = await TryDownloadAsync(last, offset, buffer, cancellationToken);
        if (read > 0 || last.Blocks < _maxBlocks)
            return read;
        var next = new Segment(_segmentAt(_segments.Count), last.End, 0, 0);
        try
        {
            read = await TryDownloadAsync(next, offset, buffer, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // It is created with the next append.
            return 0;
        }

        _segments.Add(next);
        return read;
    }

    private async Task<int> TryDownloadAsync(Segment segment, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await DownloadAsync(segment, offset, buffer, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            // Azurite returns no bytes instead.
            return 0;
        }
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
