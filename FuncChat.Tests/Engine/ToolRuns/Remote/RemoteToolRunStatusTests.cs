using System.Text.Json;
using FuncChat.Engine.ToolRuns.Remote;

namespace FuncChat.Tests.Engine.ToolRuns.Remote;

public sealed class RemoteToolRunStatusTests
{
    [Fact]
    public void Status_comes_back_as_it_was_when_it_fits()
    {
        var status = new RemoteToolRunStatus("3 of 6 pages read", 3, 6, [RemoteRuns.Event(1), RemoteRuns.Event(2)]);

        var read = RemoteToolRunStatus.FromJson(status.ToJson().GetRawText());

        Assert.NotNull(read);
        Assert.Equal(status with { ModelEvents = [] }, read with { ModelEvents = [] });
        Assert.Equal(status.ModelEvents, read.ModelEvents);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('漢')] // six characters where it is escaped
    [InlineData('"')]
    public void Status_stays_within_16_KB_when_there_is_much_to_tell(char letter)
    {
        var events = Enumerable.Range(1, 500).Select(number => RemoteRuns.Event(number) with { Phase = new string(letter, 20) }).ToList();

        var json = JsonSerializer.Serialize(new RemoteToolRunStatus(new string(letter, 50_000), 1, 2, events).ToJson());

        Assert.InRange(json.Length, RemoteToolRunStatus.MaxLength / 2, RemoteToolRunStatus.MaxLength);
    }

    [Fact]
    public void Status_keeps_the_first_model_events_when_not_all_fit()
    {
        var events = Enumerable.Range(1, 500).Select(RemoteRuns.Event).ToList();

        var read = RemoteToolRunStatus.FromJson(new RemoteToolRunStatus(null, null, null, events).ToJson().GetRawText())!;

        Assert.InRange(read.ModelEvents.Count, 20, 499);
        Assert.Equal(events.Take(read.ModelEvents.Count), read.ModelEvents);
    }

    [Fact]
    public void Status_cuts_no_character_in_two_when_the_message_is_long()
    {
        var message = new string('x', 299) + "😀😀";

        var read = RemoteToolRunStatus.FromJson(new RemoteToolRunStatus(message, null, null, []).ToJson().GetRawText())!;

        Assert.Equal(new string('x', 299) + "…", read.Message);
    }
}
