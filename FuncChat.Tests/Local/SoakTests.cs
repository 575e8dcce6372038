using System.Diagnostics;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace FuncChat.Tests.Local;

/// <summary>Many slow turns at once whose connections break at random, over real sockets. No other test runs meanwhile: the heap is that of the process.</summary>
[Trait("Category", "Soak")]
[Collection(Alone)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const string Alone = "Soak";
    private const int Turns = 500;
    private const int Waves = 3;
    private const int Pieces = 20;
    private const int OtherEvents = 5;
    private const int Seed = 20260101;
    private const long MostGrowth = 32 * 1024 * 1024;

    [Fact]
    public async Task Turns_lose_nothing_and_memory_stays_flat_while_connections_break()
    {
        using var folder = new TemporaryFolder();
        var model = new PacedModel(Turns, Pieces);
        await using var server = await LocalServer.StartAsync(
            folder.Path, model.Catalog, settings: [("FuncChat:Turns:MaxPerUser", "1000"), ("FuncChat:Turns:DetachedGrace", "01:00:00")]);
        var (events, disconnects) = (0L, 0L);
        var started = Stopwatch.GetTimestamp();
        var heap = new List<long>();
        for (var wave = 0; wave < Waves; wave++)
        {
            var number = wave;
            var readers = Enumerable.Range(0, Turns).Select(turn => Task.Run(() =>
                ReadAsync(server.Http, $"soak-{number:00}-{turn:0000}", model.Text, new Random(Seed + (number * Turns) + turn))));
            foreach (var (read, broken) in await Task.WhenAll(readers))
            {
                events += read;
                disconnects += broken;
            }

            await Task.WhenAll(server.Services.GetRequiredService<TurnRuntime>().Live.All.Select(turn => turn.Value.Completion));
            heap.Add(GC.GetTotalMemory(forceFullCollection: true));
        }

        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine(
            $"{Turns * Waves} turns, {Turns} at once, {events} events, {disconnects} disconnects, {took.TotalSeconds:0.0} s; heap after each wave: "
            + string.Join(", ", heap.Select(bytes => $"{bytes / 1048576.0:0.0} MB")));
        // Pieces that are there together share an event; each reader compares the whole text.
        Assert.InRange(events, (long)Turns * Waves * (1 + OtherEvents), (long)Turns * Waves * (Pieces + OtherEvents));
        Assert.True(disconnects > Turns, $"{disconnects}");
        Assert.True(heap[^1] - heap[0] < MostGrowth, string.Join(", ", heap));
    }

    /// <summary>Reads a turn to its end, over as many connections as it takes.</summary>
    private static async Task<(int Events, int Disconnects)> ReadAsync(HttpClient http, string turnId, string expected, Random random)
    {
        var (last, disconnects, text) = (0L, 0, "");
        var stream = await TurnStream.PostAsync(http, $$"""{"messages":[{"role":"user","content":"Hello"}],"turn_id":"{{turnId}}"}""");
        while (true)
        {
            var next = await stream.NextAsync();
            if (next is not null)
            {
                Assert.Equal(last + 1, next.Id);
                last = next.Id;
                if (next.Name == "delta")
                    text += next.Text("content");
                if (next.Name is "complete" or "error")
                {
                    Assert.Equal(("complete", expected), (next.Name, text));
                    await stream.DisposeAsync();
                    return ((int)last, disconnects);
                }
            }

            if (next is not null && random.Next(12) > 0)
                continue;
            disconnects++;
            await stream.DisposeAsync();
            stream = await TurnStream.FollowAsync(http, turnId, last);
        }
    }

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class Definition;
}
