using System.Globalization;
using System.Text;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Store;

public sealed class LogReaderTests
{
    private const int Events = 40_000;

    [Theory]
    [InlineData("")]
    [InlineData("id: 40002\nevent: delta\ndata: {\"con")]
    public async Task End_of_a_long_turn_is_found_without_reading_all_of_it(string torn)
    {
        await using var log = await CountingLog.OpenAsync($"{Long()}id: {Events + 1}\nevent: complete\ndata: {{}}\n\n{torn}");

        var end = await log.ReadAsync(long.MaxValue, CancellationToken.None);

        Assert.Equal((Events + 1, TurnStatus.Ended, true), (end.LastId, end.Status, end.IsEmpty));
        Assert.InRange(log.BytesRead, 1, 128 * 1024);
        Assert.True(log.Length > 1024 * 1024);
    }

    [Theory]
    [InlineData(65_533)]
    [InlineData(65_534)]
    [InlineData(65_535)]
    [InlineData(200_000)]
    public async Task End_of_a_turn_with_a_long_header_is_found_without_keeping_the_header(int length)
    {
        var header = new string('x', length) + "\n\n";
        await using var log = await CountingLog.OpenAsync($"{header}id: 1\nevent: complete\ndata: {{}}\n\n");
        log.Reads.Clear();

        var end = await log.ReadAsync(long.MaxValue, CancellationToken.None);
        var read = Encoding.UTF8.GetString((await log.ReadHeaderAsync(CancellationToken.None)).Span);

        Assert.Equal((1, TurnStatus.Ended, length + 2), (end.LastId, end.Status, log.HeaderLength));
        Assert.Equal(header, read);
        Assert.DoesNotContain(0, log.Reads.SkipLast(1));
    }

    [Fact]
    public async Task End_is_found_when_the_last_event_is_long()
    {
        await using var log = await CountingLog.OpenAsync($"{Long()}id: {Events + 1}\nevent: complete\ndata: \"{new string('x', 200_000)}\"\n\n");

        var end = await log.ReadAsync(long.MaxValue, CancellationToken.None);

        Assert.Equal((Events + 1, TurnStatus.Ended), (end.LastId, end.Status));
    }

    [Fact]
    public async Task Events_are_read_from_the_start_after_the_end_was_found()
    {
        await using var log = await CountingLog.OpenAsync($"{Long()}id: {Events + 1}\nevent: complete\ndata: {{}}\n\n");
        await log.ReadAsync(long.MaxValue, CancellationToken.None);

        var first = await log.ReadAsync(0, CancellationToken.None);

        Assert.StartsWith("id: 1\n", Encoding.UTF8.GetString(first.Frames.Span), StringComparison.Ordinal);
    }

    // A log that lost its end while its turn wrote on: the file system filled the hole.
    [Fact]
    public async Task Log_with_a_hole_within_an_id_is_damaged()
    {
        await using var log = await CountingLog.OpenAsync($"{{}}\n\nid: 11\nevent: delta\ndata: {{\"content\":\"x\"}}\n\nid: 1{new string('\0', 300)}id: 29\nevent: error\ndata: {{}}\n\n");

        var failure = await Assert.ThrowsAsync<TurnStoreException>(async () => await log.ReadAsync(0, CancellationToken.None));

        Assert.Equal(TurnStoreFailure.Damaged, failure.Reason);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    [InlineData(1)]
    public async Task Turn_is_damaged_if_the_id_of_its_last_event_is_not_above_the_one_before_it(long last)
    {
        await using var log = await CountingLog.OpenAsync($"{{}}\n\n{Text(1)}{Text(2)}{Text(3)}id: {last}\nevent: complete\ndata: {{}}\n\n");

        foreach (var after in new[] { long.MaxValue, 9, long.MaxValue })
        {
            var failure = await Assert.ThrowsAsync<TurnStoreException>(async () => await log.ReadAsync(after, CancellationToken.None));
            Assert.Equal(TurnStoreFailure.Damaged, failure.Reason);
        }
    }

    [Fact]
    public async Task Client_that_has_an_event_before_a_damaged_one_skips_none()
    {
        await using var log = await CountingLog.OpenAsync($"{{}}\n\n{Text(1)}{Text(2)}{Text(1)}{Text(4)}{Text(5)}");

        await Assert.ThrowsAsync<TurnStoreException>(async () => await log.ReadAsync(2, CancellationToken.None));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(12_000)]
    public async Task Event_whose_id_has_become_lower_makes_no_client_skip_events_wherever_a_search_meets_it(long after)
    {
        var text = Long();
        await using var valid = await CountingLog.OpenAsync(text);
        await valid.ReadAsync(after, CancellationToken.None);
        var met = valid.Reads.Select(offset => text[(text.IndexOf("\n\nid: ", (int)offset, StringComparison.Ordinal) + 2)..].Split('\n')[0])
            .Where(line => long.Parse(line[4..], CultureInfo.InvariantCulture) > after).ToList();

        Assert.InRange(met.Count, 2, 20);
        foreach (var line in met)
        {
            // The length stays, so that the search goes the same way up to this event.
            await using var damaged = await CountingLog.OpenAsync(
                text.Replace($"\n{line}\nevent: delta\ndata: {{\"content\":\"", $"\nid: 28\nevent: delta\ndata: {{\"content\":\"{line[6..]}", StringComparison.Ordinal));
            Assert.Equal(valid.Length, damaged.Length);

            var page = await damaged.ReadAsync(after, CancellationToken.None);

            Assert.StartsWith($"id: {after + 1}\n", Encoding.UTF8.GetString(page.Frames.Span), StringComparison.Ordinal);
        }
    }

    private static string Text(long id) => $"id: {id}\nevent: delta\ndata: {{\"content\":\"x\"}}\n\n";

    private static string Long()
    {
        var log = new StringBuilder("{}\n\n");
        for (var id = 1; id <= Events; id++)
            log.Append(CultureInfo.InvariantCulture, $"id: {id}\nevent: delta\ndata: {{\"content\":\"word \"}}\n\n");
        return log.ToString();
    }

    private sealed class CountingLog(byte[] bytes) : LogReader
    {
        public long BytesRead { get; private set; }

        /// <summary>Where reads began.</summary>
        public List<long> Reads { get; } = [];

        protected override long KnownLength => bytes.Length;

        public static async Task<CountingLog> OpenAsync(string text)
        {
            var log = new CountingLog(Encoding.UTF8.GetBytes(text));
            Assert.True(await log.TryFindHeaderAsync(CancellationToken.None));
            return log;
        }

        public override Task WaitAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var count = (int)Math.Min(buffer.Length, Math.Max(0, bytes.Length - offset));
            bytes.AsMemory((int)offset, count).CopyTo(buffer);
            BytesRead += count;
            Reads.Add(offset);
            return new ValueTask<int>(count);
        }
    }
}
