using System.Text;
using BenchmarkDotNet.Attributes;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Options;

namespace FuncChat.Benchmarks;

/// <summary>A piece of text appended to a turn's journal, written to its file, and shown. In the second one, 50 pieces are written at a time.</summary>
[MemoryDiagnoser]
public class JournalBenchmarks
{
    private const int Burst = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("funcchat-").FullName;
    private TurnEventWriter _journal = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        var store = new FileTurnStore(_folder);
        var log = await new TurnStorage(store, store, store, store, new RequestMemory(Options.Create(new TurnOptions())), TimeProvider.System).CreateAsync(
            new TurnKey("bench", "benchmark"), Encoding.UTF8.GetBytes("{}\n\n"), CancellationToken.None);
        _journal = new TurnEventWriter(log!, lastId: 0, batchInterval: null, TimeProvider.System);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _journal.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public ValueTask AppendAndStore()
    {
        _journal.AppendText("delta"u8, " word of text"u8);
        return _journal.PublishAsync();
    }

    [Benchmark(OperationsPerInvoke = Burst)]
    public ValueTask AppendBurstAndStore()
    {
        for (var piece = 0; piece < Burst; piece++)
            _journal.AppendText("delta"u8, " word of text"u8);
        return _journal.PublishAsync();
    }
}
