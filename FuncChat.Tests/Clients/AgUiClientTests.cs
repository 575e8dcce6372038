using System.Text.Json;

namespace FuncChat.Tests.Clients;

/// <summary>`HttpAgent` of @ag-ui/client, unmodified.</summary>
[Collection(nameof(ChatClientServer))]
public sealed class AgUiClientTests(ChatClientServer server)
{
    private const string Results = """{"results":[{"n":1,"title":"bern","url":"https://bern.test/"}]}""";

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task Agent_shows_text_reasoning_tools_and_sources(string version)
    {
        var results = await ResultsAsync(version);

        Same("""{"shown":["assistant:Hello, world."],"outcome":"success","tokens":15}""", results, "hello");
        Same("""["assistant:Hello, world.","user:count (ag-ui)","assistant:3 messages"]""", results, "conversation");
        Same("""["reasoning:Let me think.","assistant:42"]""", results, "reasoning");
        Same("""["assistant:2 messages"]""", results, "context");
        Same("""["assistant:An image."]""", results, "image");
        Assert.Equal(
            ["reasoning:Where to?", "assistant:I look it up. ", """call:find:{"name":"bern"}""", $"tool:{Results}", "sources:bern", $"assistant:It is {Results}."],
            results.GetProperty("serverTool").GetProperty("shown").EnumerateArray().Select(each => each.GetString()));
        Assert.True(results.GetProperty("serverTool").GetProperty("hasProgress").GetBoolean());
    }

    [Theory]
    [InlineData("0", "null")]
    [InlineData("1", "[\"call_1\"]")]
    public async Task Agent_runs_its_own_tools(string version, string pending)
    {
        Same(
            $$"""{"pending":{{pending}},"shown":["assistant:Let me see. ","call:get_weather:{\"city\":\"Bern\"}","tool:sunny","assistant:It is sunny."]}""",
            await ResultsAsync(version), "clientTool");
    }

    [Theory]
    [InlineData("0", "null")]
    [InlineData("1", "\"cancelled\"")]
    public async Task Run_that_is_stopped_finishes(string version, string outcome) =>
        Same($$"""{"shown":["assistant:Half"],"outcome":{{outcome}}}""", await ResultsAsync(version), "stopped");

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public async Task Approvals_are_interrupts_that_the_next_run_answers(string version)
    {
        var results = await ResultsAsync(version);

        var interrupts = results.GetProperty("interrupts");
        Assert.Equal("""["tool_call:call_1","tool_call:call_2"]""", interrupts.GetProperty("asked").GetRawText());
        Assert.True(interrupts.GetProperty("inSync").GetBoolean());
        Assert.Equal(0, interrupts.GetProperty("open").GetInt32());
        var shown = interrupts.GetProperty("shown").EnumerateArray().Select(each => each.GetString()!).ToList();
        Assert.Equal(["""call:send_mail:{"to":"bo"}""", """call:send_mail:{"to":"eve"}""", "tool:sent to bo"], shown.Where(each => !each.Contains("denied", StringComparison.Ordinal)).Take(3));
        Assert.StartsWith("assistant:It is sent to bo and ", shown[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("eve", server.Sent);
        Same("true", results, "unanswered");
    }

    [Fact]
    public async Task Error_has_the_code_of_the_server() => Same("\"INVALID_REQUEST\"", await ResultsAsync("1"), "error");

    [Fact]
    public async Task Run_that_is_cut_after_any_record_continues_without_loss()
    {
        var cuts = (await ResultsAsync("1")).GetProperty("cuts");

        Assert.Equal(6, cuts.GetProperty("expected").GetArrayLength());
        Assert.Equal("[]", cuts.GetProperty("wrong").GetRawText());
    }

    [Fact]
    public async Task Run_continues_once_a_server_that_restarts_accepts_connections()
    {
        var results = await ResultsAsync("1");

        Same(results.GetProperty("cuts").GetProperty("expected").GetRawText(), results, "restart");
    }

    private static void Same(string expected, JsonElement results, string check) => Assert.Equal(expected, results.GetProperty(check).GetRawText());

    private Task<JsonElement> ResultsAsync(string version) => server.ResultsAsync("ag-ui", "api/agui", version);
}
