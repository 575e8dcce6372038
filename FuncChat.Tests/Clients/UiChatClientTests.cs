using System.Text.Json;

namespace FuncChat.Tests.Clients;

/// <summary>`useChat` of the AI SDK, unmodified: its `Chat` with the transports of each version.</summary>
[Collection(nameof(ChatClientServer))]
public sealed class UiChatClientTests(ChatClientServer server)
{
    private const string Script = "ui-chat";
    private const string Path = "api/ui/chat";

    [Theory]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7")]
    public async Task Use_chat_shows_text_reasoning_tools_and_sources(string version)
    {
        var results = await server.ResultsAsync(Script, Path, version);

        Same("""{"status":"ready","roles":["user","assistant"],"shown":["text:Hello, world."],"usage":15,"model":"openai:scripted"}""", results, "hello");
        Same("""["text:3 messages"]""", results, "conversation");
        Same("""["reasoning:Let me think.","text:42"]""", results, "reasoning");
        Same(
            """{"shown":["text:One moment. ","dynamic-tool:output-available:\"an echo\"","text:It is an echo."],"messages":2,"hasProgress":true}""", results, "serverTool");
        Same("""["text:An image."]""", results, "image");
        var sources = results.GetProperty("sources").EnumerateArray().Select(part => part.GetString()!).ToList();
        Assert.StartsWith("dynamic-tool:output-available:{", sources[0], StringComparison.Ordinal);
        Assert.Equal("source:bern", sources[1]);
        Same("""{"shown":["text:1 messages"],"messages":2,"isNew":true}""", results, "regenerate");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7")]
    public async Task Use_chat_runs_its_own_tools_and_continues_the_same_message(string version)
    {
        var results = await server.ResultsAsync(Script, Path, version);

        Same(
            """{"shown":["text:Let me see. ","tool-get_weather:output-available:\"sunny\"","text:It is sunny."],"calls":["Bern"],"messages":2}""", results, "clientTool");
    }

    [Theory]
    [InlineData("6")]
    [InlineData("7")]
    public async Task Use_chat_asks_the_user_for_approvals_and_continues_the_same_message(string version)
    {
        var results = await server.ResultsAsync(Script, Path, version);

        var approval = results.GetProperty("approval");
        Assert.Equal("""["dynamic-tool:approval-requested:null","dynamic-tool:approval-requested:null"]""", approval.GetProperty("asked").GetRawText());
        var shown = approval.GetProperty("shown").EnumerateArray().Select(part => part.GetString()!).ToList();
        Assert.Equal(["dynamic-tool:output-available:\"sent to bo\"", "dynamic-tool:output-denied:null"], shown[..2]);
        Assert.StartsWith("text:It is sent to bo and ", shown[2], StringComparison.Ordinal);
        Assert.Equal((3, 2), (shown.Count, approval.GetProperty("messages").GetInt32()));
        Assert.DoesNotContain("eve", server.Sent);
    }

    [Theory]
    [InlineData("6")]
    [InlineData("7")]
    public async Task Use_chat_runs_its_own_tool_after_the_approval_of_another_call_of_the_same_message(string version)
    {
        var results = await server.ResultsAsync(Script, Path, version);

        var result = results.GetProperty("approvalAndClientTool");
        Assert.Equal("""["dynamic-tool:approval-requested:null"]""", result.GetProperty("asked").GetRawText());
        var shown = result.GetProperty("shown").EnumerateArray().Select(part => part.GetString()!).ToList();
        Assert.Equal(
            ["dynamic-tool:output-available:\"sent to bo\"", "tool-get_weather:output-available:\"sunny\"", "text:It is sent to bo and sunny."], shown);
        Assert.Equal(2, result.GetProperty("messages").GetInt32());
    }

    [Fact]
    public async Task Version_without_approvals_receives_them_as_data()
    {
        var results = await server.ResultsAsync(Script, Path, "5");

        Same(
            """{"asked":["dynamic-tool:input-available:null","data-approval-request","dynamic-tool:input-available:null","data-approval-request"]}""", results, "approval");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7")]
    public async Task Use_chat_shows_errors_as_sentences(string version)
    {
        var results = await server.ResultsAsync(Script, Path, version);

        Same("""{"status":"error","hasError":true}""", results, "error");
        Same("""{"status":"error","error":"temperature must be a number from 0 to 2."}""", results, "refusedBody");
        Same("""{"status":"error","error":"There is no such turn. It may have expired."}""", results, "forgedApproval");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7")]
    public async Task Another_page_resumes_the_answer_and_stops_it(string version)
    {
        var results = await server.ResultsAsync(Script, Path, version);

        Same("""{"stop":204,"ids":true,"shown":[["text:Half"],["text:Half"]],"statuses":["ready","ready"]}""", results, "resumeAndStop");
        Same("""{"status":"ready","messages":0}""", results, "nothingToResume");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7")]
    public async Task Stream_that_is_cut_after_any_record_is_resumed_and_reconnected_without_loss(string version)
    {
        var results = await server.ResultsAsync("ui-cuts", Path, version);

        foreach (var check in version == "5" ? (string[])["resumed"] : ["resumed", "reconnected"])
        {
            var result = results.GetProperty(check);
            Assert.Equal("reasoning:Where to?", result.GetProperty("expected")[0].GetString());
            Assert.Equal(5, result.GetProperty("expected").GetArrayLength());
            Assert.Equal("[]", result.GetProperty("wrong").GetRawText());
        }
    }

    private static void Same(string expected, JsonElement results, string check) => Assert.Equal(expected, results.GetProperty(check).GetRawText());
}
