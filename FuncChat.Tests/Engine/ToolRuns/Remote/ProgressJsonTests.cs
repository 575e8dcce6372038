using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Engine.Usage;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

public sealed class ProgressJsonTests
{
    [Fact]
    public void Progress_is_read_as_it_was_written()
    {
        var snapshot = RemoteRuns.Executing("3 of 6 pages read", RemoteRuns.Event(1), RemoteRuns.Event(2)) with { ModelEventsSkipped = 4 };

        var read = ProgressJson.Read(ProgressJson.Write(snapshot));

        Assert.NotNull(read);
        Assert.Equal(snapshot with { ModelEvents = [] }, read with { ModelEvents = [] });
        Assert.Equal(snapshot.ModelEvents, read.ModelEvents);
    }

    [Fact]
    public void Run_that_waits_for_a_budget_is_read_as_it_was_written()
    {
        var need = new BudgetNeed("user_cost_per_month", 4.98m, 0.03m, 5m, 1m, "EUR", new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
        var snapshot = new ToolRunSnapshot(ToolRunStatus.Ended) { Outcome = new ToolRunOutcome("", Failed: false) { Budget = need } };

        Assert.Equal(need, ProgressJson.Read(ProgressJson.Write(snapshot))!.Outcome!.Budget);
    }

    [Fact]
    public void Progress_of_the_previous_version_is_read()
    {
        var read = ProgressJson.Read(
            """{"message":"3 of 6 pages read","completed":3,"total":6,"model_events":[{"phase":"plan","iteration":1,"provider":"demo","model":"scripted"}]}""");

        Assert.NotNull(read);
        Assert.Equal(("3 of 6 pages read", 3, 6), (read.Message, read.Completed, read.Total));
        Assert.Equal([new ToolModelEvent("plan", 1, "demo", "scripted")], read.ModelEvents);
    }

    [Fact]
    public void Progress_splits_no_surrogate_pair_when_the_message_is_long()
    {
        var message = new string('x', 299) + "😀😀";

        var read = ProgressJson.Read(ProgressJson.Write(RemoteRuns.Executing(message)))!;

        Assert.Equal(new string('x', 299) + "…", read.Message);
    }
}
