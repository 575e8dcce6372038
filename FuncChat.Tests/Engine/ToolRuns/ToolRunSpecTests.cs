using System.Text.Json;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tools;

namespace FuncChat.Tests.Engine.ToolRuns;

public sealed class ToolRunSpecTests
{
    private static readonly ToolRunSpec Spec = new("run1", "call_1", new ToolRef("research"), "{}", "demo:scripted");

    [Fact]
    public void Another_process_knows_the_user_and_not_the_token()
    {
        var json = JsonSerializer.Serialize(Spec with { User = new ToolUser("ada", "the-token") }, JsonSerializerOptions.Web);

        Assert.DoesNotContain("the-token", json, StringComparison.Ordinal);
        Assert.Equal(new ToolUser("ada"), JsonSerializer.Deserialize<ToolRunSpec>(json, JsonSerializerOptions.Web)!.User);
    }

    [Fact]
    public void Run_that_an_earlier_version_started_has_no_user()
    {
        const string json = """{"runId":"run1","callId":"call_1","tool":"research","arguments":"{}","model":"demo:scripted"}""";

        Assert.Null(JsonSerializer.Deserialize<ToolRunSpec>(json, JsonSerializerOptions.Web)!.User);
    }

    [Fact]
    public void Copy_keeps_the_user()
    {
        var spec = Spec with { User = new ToolUser("ada", "the-token") };

        Assert.Equal(new ToolUser("ada", "the-token"), (spec with { ModelEventsSeen = 1 }).User);
    }
}
