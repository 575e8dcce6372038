using System.Text;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Engine.Turns;

/// <summary>Stored turns in which a disk has changed bytes.</summary>
public sealed class DamagedTurnTests : IDisposable
{
    private const string TurnId = "turn-0001";
    private static readonly string[] Tools = [GatedTools.Echo, GatedTools.Steps];

    private readonly TurnBench _bench = new();

    [Fact]
    public async Task Turn_is_read_or_reported_as_damaged_whichever_byte_is_another()
    {
        _bench.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}"""), ("b", GatedTools.Steps, "{}")).Says("Done.");
        _bench.Tools.Go.Set();
        await _bench.RunAsync(Tools);
        await _bench.QuietAsync();
        var path = Assert.Single(Directory.EnumerateFiles(_bench.DataPath, "*.log", SearchOption.AllDirectories));
        var bytes = await File.ReadAllBytesAsync(path);
        var damaged = 0;

        foreach (var replacement in "x\"0"u8.ToArray())
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                var changed = bytes.ToArray();
                changed[at] = replacement;
                if (!await IsReadAsync(changed))
                    damaged++;
            }
        }

        Assert.InRange(damaged, bytes.Length, 3 * bytes.Length);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("9223372036854775807")]
    [InlineData("9007199254740993")]
    public async Task Turn_is_damaged_if_its_last_event_has_an_id_that_no_event_can_have(string id)
    {
        _bench.Model.Says("Done.");
        await _bench.RunAsync([]);
        await _bench.QuietAsync();
        var path = Assert.Single(Directory.EnumerateFiles(_bench.DataPath, "*.log", SearchOption.AllDirectories));
        var text = await File.ReadAllTextAsync(path);

        var last = text.LastIndexOf("\nid: ", StringComparison.Ordinal) + "\nid: ".Length;

        Assert.False(await IsReadAsync(Encoding.UTF8.GetBytes(text[..last] + id + text[text.IndexOf('\n', last)..])));
    }

    [Fact]
    public async Task Turn_is_damaged_if_the_id_of_an_event_is_not_above_the_one_before_it_or_below_the_next()
    {
        _bench.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}""")).Says("Done.");
        await _bench.RunAsync(Tools);
        await _bench.QuietAsync();
        var path = Assert.Single(Directory.EnumerateFiles(_bench.DataPath, "*.log", SearchOption.AllDirectories));
        var frames = (await File.ReadAllTextAsync(path)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        for (var index = 1; index < frames.Length; index++)
        {
            int[] ids = index < frames.Length - 1 ? [1, index - 1, index + 1, index + 1000] : [1, index - 1];
            foreach (var id in ids.Where(id => id > 0 && id != index))
                Assert.False(await IsReadAsync(LogOf(frames.Select((frame, at) => at == index ? $"id: {id}{frame[frame.IndexOf('\n', StringComparison.Ordinal)..]}" : frame))), $"{index} as {id}");
        }

        Assert.True(await IsReadAsync(LogOf(frames)));
    }

    [Fact]
    public async Task Text_of_an_interrupted_turn_that_a_disk_has_changed_is_an_error_for_the_client_that_continues_it()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using (var reader = await _bench.StartAsync())
        {
            await feed.Called.WaitAsync();
            feed.Give(FakeModel.Text("Half"));
            await reader.UntilAsync("Half");
        }

        var leaving = _bench.Runtime.DrainAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(15));
        await leaving;
        var path = Assert.Single(Directory.EnumerateFiles(_bench.DataPath, "*.log", SearchOption.AllDirectories));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes.AsSpan(bytes.AsSpan().IndexOf("Half"u8), 4).Clear();
        await File.WriteAllBytesAsync(path, bytes);
        using var other = _bench.Another();
        other.Model.Says("Done.");

        var follower = await other.FollowAsync();

        Assert.Equal(TurnStoreFailure.Damaged, (await Assert.ThrowsAsync<TurnStoreException>(follower.ToEndAsync)).Reason);
    }

    [Fact]
    public async Task Turn_is_damaged_if_the_ids_of_its_events_decrease_between_two_pages()
    {
        var text = new string('x', 70_000);
        await using var log = new DamagedLog(Encoding.UTF8.GetBytes(
            $$"""{}{{"\n\n"}}id: 8{{"\n"}}event: delta{{"\n"}}data: {"content":"{{text}}"}{{"\n\n"}}id: 2{{"\n"}}event: delta{{"\n"}}data: {"content":"{{text}}"}{{"\n\n"}}"""));
        Assert.True(await log.TryFindHeaderAsync(CancellationToken.None));
        Assert.Equal(8, (await log.ReadAsync(0, CancellationToken.None)).LastId);

        var error = await Assert.ThrowsAsync<TurnStoreException>(async () => await log.ReadAsync(8, CancellationToken.None));

        Assert.Equal(TurnStoreFailure.Damaged, error.Reason);
    }

    [Fact]
    public void Failure_of_the_server_is_not_reported_as_damage()
    {
        Assert.Throws<ObjectDisposedException>(() => StoredFrames.Decode<string>(() => throw new ObjectDisposedException("store")));
        Assert.Throws<OperationCanceledException>(() => StoredFrames.Decode<string>(() => throw new OperationCanceledException()));
        Assert.Throws<TurnStoreException>(() => StoredFrames.Decode<string>(() => throw new InvalidOperationException("Not a string.")));
    }

    public void Dispose() => _bench.Dispose();

    private static byte[] LogOf(IEnumerable<string> frames) => Encoding.UTF8.GetBytes(string.Concat(frames.Select(frame => $"{frame}\n\n")));

    // Each way in which the server reads a turn.
    private async Task<bool> IsReadAsync(byte[] bytes)
    {
        await using var log = new DamagedLog(bytes);
        if (!await log.TryFindHeaderAsync(CancellationToken.None))
            return false;
        var inbox = _bench.Services.GetRequiredService<TurnStorage>().OpenInbox(TurnBench.Key(TurnId));
        var turn = new ReplayedTurn(TurnBench.Key(TurnId), log, inbox, _bench.Kinds, _bench.Services, long.MaxValue);
        var isReplayed = await IsWholeAsync(() => turn.ReadAsync(CancellationToken.None));
        var isTranscript = await IsWholeAsync(() => TurnTranscript.ReadAsync(log, CancellationToken.None));
        return isReplayed && isTranscript;
    }

    private static async Task<bool> IsWholeAsync(Func<Task> read)
    {
        try
        {
            await read();
            return true;
        }
        catch (TurnStoreException e)
        {
            Assert.Equal(TurnStoreFailure.Damaged, e.Reason);
            return false;
        }
    }

    private sealed class DamagedLog(byte[] bytes) : LogReader
    {
        protected override long KnownLength => bytes.Length;

        public override Task WaitAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        protected override ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var count = (int)Math.Clamp(bytes.Length - offset, 0, buffer.Length);
            bytes.AsMemory((int)offset, count).CopyTo(buffer);
            return new(count);
        }
    }
}
