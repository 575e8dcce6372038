using System.Text.Json;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

public sealed class ProgressJsonTests
{
    [Fact]
    public void Progress_is_read_as_it_was_written_when_it_fits()
    {
        var snapshot = RemoteRuns.Executing("3 of 6 pages read", RemoteRuns.Event(1), RemoteRuns.Event(2)) with { ModelEventsSkipped = 4 };

        var read = ProgressJson.Read(ProgressJson.Write(snapshot).GetRawText());

        Assert.NotNull(read);
        Assert.Equal(snapshot with { ModelEvents = [] }, read with { ModelEvents = [] });
        Assert.Equal(snapshot.ModelEvents, read.ModelEvents);
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

    [Theory]
    [InlineData('x')]
    [InlineData('漢')] // six characters when it is escaped
    [InlineData('"')]
    public void Progress_stays_within_16_KB_when_it_is_long(char letter)
    {
        var events = Enumerable.Range(1, 500).Select(number => RemoteRuns.Event(number) with { Phase = new string(letter, 20) }).ToList();

        var json = JsonSerializer.Serialize(ProgressJson.Write(RemoteRuns.Executing(new string(letter, 50_000), events)));

        Assert.InRange(json.Length, ProgressJson.MaxLength / 2, ProgressJson.MaxLength);
    }

    [Fact]
    public void Progress_keeps_the_first_model_events_when_not_all_fit()
    {
        var events = Enumerable.Range(1, 500).Select(RemoteRuns.Event).ToList();

        var read = ProgressJson.Read(ProgressJson.Write(RemoteRuns.Executing(null, events)).GetRawText())!;

        Assert.InRange(read.ModelEvents.Count, 20, 499);
        Assert.Equal(events.Take(read.ModelEvents.Count), read.ModelEvents);
    }

    [Fact]
    public void Progress_splits_no_surrogate_pair_when_the_message_is_long()
    {
        var message = new string('x', 299) + "😀😀";

        var read = ProgressJson.Read(ProgressJson.Write(RemoteRuns.Executing(message)).GetRawText())!;

        Assert.Equal(new string('x', 299) + "…", read.Message);
    }
}
