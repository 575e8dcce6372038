using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Turns;

public sealed class TurnEventWriterTests : IDisposable
{
    private const long MostRemembered = 64 * 1024 + 2 * 4096;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Reader_that_falls_behind_reads_the_same_from_the_log_and_memory_stays_bounded()
    {
        var log = new FileTurnStore(_folder.Path);
        await using var events = await JournalAsync(log, batchInterval: null);
        await using var follower = FollowerOf(events, log);
        var expected = new StringBuilder();
        var most = 0L;

        for (var id = 1; id <= 20_000; id++)
        {
            events.AppendText("delta"u8, "some words, and then more"u8);
            await events.PublishAsync();
            expected.Append($"id: {id}\nevent: delta\ndata: {{\"content\":\"some words, and then more\"}}\n\n");
            most = Math.Max(most, events.Feed.Remembered);
        }

        Assert.True(expected.Length > 1_000_000);
        Assert.InRange(most, 1, MostRemembered);
        Assert.Equal(expected.ToString(), await ReadAsync(follower));
    }

    [Fact]
    public async Task Reader_that_keeps_up_releases_memory()
    {
        var log = new FileTurnStore(_folder.Path);
        await using var events = await JournalAsync(log, batchInterval: null);
        await using var follower = FollowerOf(events, log);

        for (var round = 0; round < 1000; round++)
        {
            events.AppendText("delta"u8, "some words, and then more"u8);
            await events.PublishAsync();
            await ReadAsync(follower);
        }

        Assert.InRange(events.Feed.Remembered, 0, 2 * 4096);
    }

    [Fact]
    public async Task Write_behind_store_may_lag_by_text_but_not_without_bound()
    {
        var log = new MemoryTurnStore(new SharedMemory());
        await using var events = await JournalAsync(log, TimeSpan.FromMilliseconds(250));
        await using var follower = FollowerOf(events, log);
        for (var id = 1; id <= TurnEventWriter.MaxEventsAhead; id++)
            events.AppendText("delta"u8, "x"u8);
        await events.PublishAsync();
        Assert.Equal(0, await StoredIdAsync(log));
        Assert.NotEmpty(await ReadAsync(follower));

        events.AppendText("delta"u8, "x"u8);
        await events.PublishAsync();

        Assert.Equal(TurnEventWriter.MaxEventsAhead + 1, await StoredIdAsync(log));
    }

    [Fact]
    public async Task Write_behind_store_is_written_after_its_interval()
    {
        var store = new MemoryTurnStore(new SharedMemory());
        await using var writer = await JournalAsync(store, TimeSpan.FromMilliseconds(250));
        writer.AppendText("delta"u8, "x"u8);
        await writer.PublishAsync();

        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(store.AppendBegan.IsSet);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await store.AppendBegan.WaitAsync();
    }

    [Fact]
    public async Task Model_call_does_not_wait_for_the_first_events_of_a_new_turn_and_waits_for_later_ones()
    {
        var appending = new TaskCompletionSource();
        var store = new MemoryTurnStore(new SharedMemory()) { Appending = appending.Task };
        await using var writer = await JournalAsync(store, TimeSpan.FromMilliseconds(250));
        writer.Append(new LlmRequestEvent("answer", 1, "fake", "model"));

        await writer.StoreBeforeCallAsync();

        await store.AppendBegan.WaitAsync();
        Assert.Equal(0, await StoredIdAsync(store));
        appending.SetResult();
        await writer.StoreAsync();
        var next = new TaskCompletionSource();
        store.Appending = next.Task;
        writer.Append(new LlmRequestEvent("answer", 2, "fake", "model"));
        var waiting = writer.StoreBeforeCallAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        next.SetResult();
        await waiting;
        Assert.Equal(2, await StoredIdAsync(store));
    }

    [Fact]
    public async Task Events_before_a_model_call_are_stored_after_the_append_that_began_without_them()
    {
        var appending = new TaskCompletionSource();
        var store = new MemoryTurnStore(new SharedMemory()) { Appending = appending.Task };
        await using var writer = await JournalAsync(store, TimeSpan.FromMilliseconds(250));
        await using var follower = FollowerOf(writer, store);
        writer.StoreBeginning();
        await store.AppendBegan.WaitAsync();
        writer.Append(new LlmRequestEvent("answer", 1, "fake", "model"));
        await writer.StoreBeforeCallAsync();

        appending.SetResult();

        Assert.NotEqual(FollowState.End, await follower.WaitAsync());
        Assert.Contains("llm_request", await ReadAsync(follower), StringComparison.Ordinal);
    }

    [Fact]
    public async Task First_events_of_a_new_turn_are_stored_and_published_whatever_the_turn_waits_for()
    {
        var store = new MemoryTurnStore(new SharedMemory());
        await using var writer = await JournalAsync(store, TimeSpan.FromMilliseconds(250));
        await using var follower = FollowerOf(writer, store);
        writer.Append(new StatusEvent("processing", "turn-0001", "model", "fake", HasTools: true));

        writer.StoreBeginning();

        Assert.NotEqual(FollowState.End, await follower.WaitAsync());
        Assert.Contains("processing", await ReadAsync(follower), StringComparison.Ordinal);
        Assert.Equal(1, await StoredIdAsync(store));
    }

    [Fact]
    public async Task Write_behind_store_does_not_publish_what_is_not_text_until_the_append_is_confirmed()
    {
        var appending = new TaskCompletionSource();
        var store = new MemoryTurnStore(new SharedMemory()) { Appending = appending.Task };
        await using var writer = await JournalAsync(store, TimeSpan.FromMilliseconds(250));
        await using var follower = FollowerOf(writer, store);
        writer.AppendText("delta"u8, "x"u8);
        await writer.PublishAsync();
        Assert.NotEmpty(await ReadAsync(follower));
        writer.Append(new MessageResetEvent(1));

        // The timer picks the event up for an append, and while that is in progress, text is published.
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await store.AppendBegan.WaitAsync();
        writer.AppendText("delta"u8, "y"u8);
        var publishing = writer.PublishAsync().AsTask();

        Assert.Empty(await ReadAsync(follower));
        appending.SetResult();
        await publishing;
        Assert.Contains("message_reset", await ReadAsync(follower), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(AggregateException))]
    [InlineData(typeof(TaskCanceledException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    public async Task Store_that_fails_in_any_way_is_one_failure(Type type)
    {
        var store = new MemoryTurnStore(new SharedMemory());
        var storage = new TurnStorage(store, store, store, store, new RequestMemory(Options.Create(new TurnOptions())), TimeProvider.System);
        await using var writer = new TurnEventWriter((await storage.CreateAsync(Key, "{}\n\n"u8.ToArray(), CancellationToken.None))!, 0, null, _time);
        store.Outage = () => (Exception)Activator.CreateInstance(type)!;
        writer.AppendText("delta"u8, "x"u8);

        await writer.PublishAsync();

        Assert.Equal(TurnStoreFailure.Unavailable, writer.Failure?.Reason);
        Assert.True(writer.Failed.IsCancellationRequested);
        await Assert.ThrowsAsync<TurnStoreException>(async () => await storage.OpenAsync(Key, CancellationToken.None));
    }

    [Fact]
    public async Task Follower_begins_after_any_event_in_memory_or_in_the_store()
    {
        var store = new FileTurnStore(_folder.Path);
        await using var writer = await JournalAsync(store, batchInterval: null);
        var frames = new List<string>();
        for (var id = 1; id <= 3_000; id++)
        {
            var text = new string('x', id % 90);
            writer.AppendText("delta"u8, Encoding.ASCII.GetBytes(text));
            frames.Add($"id: {id}\nevent: delta\ndata: {{\"content\":\"{text}\"}}\n\n");
            await writer.PublishAsync();
        }

        for (var after = 0; after <= 3_000; after += 37)
        {
            await using var follower = FollowerOf(writer, store, after);
            Assert.Equal(string.Concat(frames.Skip(after)), await ReadAsync(follower));
        }
    }

    [Fact]
    public async Task Writer_that_is_disposed_stores_what_it_has_published()
    {
        var log = new MemoryTurnStore(new SharedMemory());
        await using (var events = await JournalAsync(log, TimeSpan.FromMilliseconds(250)))
        {
            events.AppendText("delta"u8, "x"u8);
            await events.PublishAsync();
        }

        Assert.Equal(1, await StoredIdAsync(log));
    }

    [Fact]
    public async Task Writer_whose_store_fails_reports_it_and_ends_its_followers()
    {
        var log = new MemoryTurnStore(new SharedMemory());
        var events = await JournalAsync(log, batchInterval: null);
        await using var follower = FollowerOf(events, log);
        log.Die();
        events.AppendText("delta"u8, "x"u8);

        await events.PublishAsync();

        Assert.NotNull(events.Failure);
        Assert.True(events.Failed.IsCancellationRequested);
        await events.DisposeAsync();
        Assert.Equal(FollowState.End, await follower.WaitAsync());
    }

    [Fact]
    public async Task Reader_gets_the_end_of_the_turn_and_of_the_stream_at_once()
    {
        var log = new FileTurnStore(_folder.Path);
        await using var events = await JournalAsync(log, batchInterval: null);
        await using var follower = FollowerOf(events, log);
        events.Append(new ErrorEvent("Broken.", ErrorCode.Internal, Retryable: false));
        await events.StoreAsync();
        var waiting = follower.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);

        await events.ReleaseAsync();
        Assert.False(waiting.IsCompleted);
        events.Close();

        Assert.Equal(FollowState.Data, await waiting);
        Assert.Contains("Broken.", await ReadAsync(follower), StringComparison.Ordinal);
        Assert.Equal(FollowState.End, await follower.WaitAsync());
    }

    public void Dispose() => _folder.Dispose();

    private static TurnKey Key { get; } = new("user", "turn-0001");

    private static async Task<string> ReadAsync(TurnFollower follower)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (follower.WaitAsync().AsTask() is { IsCompletedSuccessfully: true } wait && await wait == FollowState.Data)
        {
            while (await follower.ReadAsync(buffer) is var read and > 0)
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    private static async Task<long> StoredIdAsync(MemoryTurnStore log)
    {
        await using var reader = await log.OpenAsync(Key, CancellationToken.None);
        return (await reader!.ReadAsync(long.MaxValue, CancellationToken.None)).LastId;
    }

    private async Task<TurnEventWriter> JournalAsync(ITurnStore log, TimeSpan? batchInterval)
    {
        var writer = await log.CreateAsync(Key, "{}\n\n"u8.ToArray(), CancellationToken.None);
        return new TurnEventWriter(writer!, lastId: 0, batchInterval, _time);
    }

    private LiveFollower FollowerOf(TurnEventWriter events, ITurnStore log, long after = 0)
    {
        var follower = new LiveFollower(
            events.Feed, after, stored: default, token => log.OpenAsync(Key, token), TimeSpan.FromSeconds(10), _time, () => { }, CancellationToken.None);
        events.Feed.Add(follower);
        return follower;
    }
}
