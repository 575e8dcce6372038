using System.Buffers;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Engine.Threads;

public sealed class TurnRemovalTests
{
    private static readonly TurnKey Key = new("ada", "turn-0001");
    private static readonly RawJson Schema = new("{}"u8.ToArray());

    [Fact]
    public async Task Removal_of_a_turn_removes_every_run_that_its_calls_can_have_and_no_others()
    {
        var runs = new RemovedRuns();
        await using var engine = TestEngine.Create(services => services.AddStore(new MemoryTurnStore(new SharedMemory())).AddSingleton<IToolRunStore>(runs));
        await StoreAsync(
            engine.GetRequiredService<TurnStorage>(),
            new ToolCallStartEvent("call_1", "a", "{}"), new ToolCallStartEvent("call_2", "a", "{}"), new ToolCallStartEvent("call_3", "a", "{}"),
            new InputRequestEvent("req_1", "call_2", "Which one?", Schema, DateTimeOffset.MaxValue),
            new BudgetRequestEvent("req_2", "user_tokens_per_day", 1, 1, DateTimeOffset.MaxValue) { CallId = "call_2" },
            new BudgetRequestEvent("req_3", "user_tokens_per_day", 1, 1, DateTimeOffset.MaxValue),
            new InputRequestEvent("req_4", "call_3", "Which one?", Schema, DateTimeOffset.MaxValue),
            new CompleteEvent("success", [], 1, new ModelUsage(1, 1)));

        var error = await engine.GetRequiredService<TurnRemoval>().RemoveAsync(engine.GetRequiredService<TurnService>(), Key, CancellationToken.None);

        Assert.Null(error);
        (string Call, int Attempt)[] expected = [("call_1", 0), ("call_2", 0), ("call_2", 1), ("call_2", 2), ("call_3", 0), ("call_3", 1)];
        Assert.Equal(expected.Select(run => ToolRunSpec.IdOf(Key, run.Call, run.Attempt)), runs.Ids);
    }

    private static async Task StoreAsync(TurnStorage storage, params TurnEvent[] events)
    {
        var frames = new ArrayBufferWriter<byte>();
        foreach (var (index, each) in events.Index())
            EventFrames.Write(frames, index + 1, each);
        await using var writer = await storage.CreateAsync(Key, Encoding.UTF8.GetBytes("{}\n\n"), CancellationToken.None);
        await writer!.AppendAsync(new EventBatch([frames.WrittenMemory], 0, events.Length), CancellationToken.None);
    }

    private sealed class RemovedRuns : IToolRunStore
    {
        public List<string> Ids { get; } = [];

        public Task<IReadOnlyList<ToolRunEntry>> ReadAsync(string runId, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ToolRunEntry>>([]);

        public Task AppendAsync(string runId, ToolRunEntry entry, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RemoveAsync(string runId, CancellationToken cancellationToken)
        {
            Ids.Add(runId);
            return Task.CompletedTask;
        }

        public Task RemoveOlderThanAsync(TimeSpan age, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
