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

    [Fact]
    public void Failure_of_the_server_is_not_reported_as_damage()
    {
        Assert.Throws<ObjectDisposedException>(() => StoredFrames.Decode<string>(() => throw new ObjectDisposedException("store")));
        Assert.Throws<OperationCanceledException>(() => StoredFrames.Decode<string>(() => throw new OperationCanceledException()));
        Assert.Throws<TurnStoreException>(() => StoredFrames.Decode<string>(() => throw new InvalidOperationException("Not a string.")));
    }

    public void Dispose() => _bench.Dispose();

    // Each way in which the server reads a turn.
    private async Task<bool> IsReadAsync(byte[] bytes)
    {
        await using var log = new DamagedLog(bytes);
        if (!await log.TryReadHeaderAsync(CancellationToken.None))
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
