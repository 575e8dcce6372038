using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tests.Web.Responses;

/// <summary>Reasoning that the model's provider wants back, over HTTP.</summary>
public sealed class ResponseReasoningTests : IAsyncLifetime
{
    private const string Included = ""","include":["reasoning.encrypted_content"]""";
    private const string Weather =
        ""","tools":[{"type":"function","name":"get_weather","description":"Weather","strict":true,"parameters":{"type":"object","properties":{"city":{"type":"string"}}}}]""";

    private ResponsesServer _server = null!;

    public async Task InitializeAsync() => _server = await ResponsesServer.StartAsync(("FuncChat:Providers:openai:Type", "responses"));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reasoning_whose_encrypted_content_is_included_goes_back_to_its_provider(bool isShown)
    {
        CallWithReasoning(isShown);
        var first = await _server.CreateAsync(ResponsesServer.Body($"{Weather}{Included},\"store\":false"));

        await ContinueAsync(OutputOf(first), ",\"store\":false");

        string[] types = isShown ? ["reasoning", "message", "function_call"] : ["message", "reasoning", "function_call"];
        Assert.Equal(types, OutputOf(first).Select(TypeOf));
        AssertReasoningWasSent();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Reasoning_of_a_stored_response_goes_back_by_its_id(bool isShown, bool byReference)
    {
        CallWithReasoning(isShown);
        var first = await _server.CreateAsync(ResponsesServer.Body(Weather));

        await ContinueAsync(OutputOf(first).Select(item => byReference ? new JsonObject { ["type"] = "item_reference", ["id"] = item["id"]!.ToString() } : item));

        Assert.DoesNotContain("encrypted_content", first.GetRawText(), StringComparison.Ordinal);
        AssertReasoningWasSent();
    }

    [Fact]
    public async Task Streamed_reasoning_has_its_encrypted_content_and_the_ids_of_the_stored_response()
    {
        CallWithReasoning(isShown: true);

        var streamed = (await _server.StreamAsync(ResponsesServer.Body($"{Weather}{Included},\"stream\":true"))).Accumulate();
        var stored = await _server.GetAsync(streamed.Final.GetProperty("id").GetString()!);

        Assert.True(JsonNode.DeepEquals(new JsonArray([.. streamed.Items.Select(item => item.DeepClone())]), JsonNode.Parse(streamed.Final.GetProperty("output").GetRawText())));
        Assert.Equal(streamed.Final.GetProperty("output").GetRawText(), stored.GetProperty("output").GetRawText());
        Assert.Contains("secret", streamed.Items[0]["encrypted_content"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("Hm.", streamed.Items[0]["summary"]![0]!["text"]!.ToString());
    }

    [Theory]
    [InlineData("gAAAAABforeign")]
    [InlineData("")]
    [InlineData("""{"provider":"other","model":"scripted","message":{"items":[{"type":"reasoning","encrypted_content":"x","summary":[]},{"type":"function_call"}]}}""")]
    public async Task Encrypted_content_of_another_server_or_provider_is_left_out(string content)
    {
        SayDone();

        await ContinueAsync([Reasoning(content), Call()]);

        Assert.Equal(["message", "function_call", "function_call_output"], SentItems().Select(TypeOf));
    }

    public static TheoryData<string> Damaged => new()
    {
        "{",
        "{} x",
        """{"a":1,"a":2}""",
        """{"a":"\ud83d"}""",
        """{"\ud83d":1,"b":2}""",
        "{\"a\":" + new string('[', 61) + new string(']', 61) + "}",
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public async Task Damaged_encrypted_content_is_refused_by_name(string content)
    {
        using var refused = await _server.PostAsync(BodyWith([Reasoning(content), Call()], ""));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var error = JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal(("invalid_encrypted_content", "input[1].encrypted_content"), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
    }

    private static JsonObject Reasoning(string content) => new() { ["type"] = "reasoning", ["summary"] = new JsonArray(), ["encrypted_content"] = content };

    private static JsonObject Call() => new() { ["type"] = "function_call", ["call_id"] = "call_a", ["name"] = "get_weather", ["arguments"] = "{}" };

    private static string BodyWith(IEnumerable<JsonNode> items, string more) => ResponsesServer.Body(more).Replace(
        "\"Hello\"",
        new JsonArray(
        [
            new JsonObject { ["role"] = "user", ["content"] = "Hello" }, .. items.Select(item => item.DeepClone()),
            new JsonObject { ["type"] = "function_call_output", ["call_id"] = "call_a", ["output"] = "sunny" },
        ]).ToJsonString(),
        StringComparison.Ordinal);

    private static List<JsonNode> OutputOf(JsonElement response) => [.. JsonNode.Parse(response.GetProperty("output").GetRawText())!.AsArray().Select(item => item!)];

    private static string TypeOf(JsonNode item) => item["type"]!.ToString();

    private async Task ContinueAsync(IEnumerable<JsonNode> items, string more = "")
    {
        SayDone();
        Assert.Equal("completed", (await _server.CreateAsync(BodyWith(items, Weather + more))).GetProperty("status").GetString());
    }

    private void AssertReasoningWasSent()
    {
        var sent = SentItems();
        Assert.Equal(["message", "reasoning", "message", "function_call", "function_call_output"], sent.Select(TypeOf));
        Assert.Equal("secret", sent[1]["encrypted_content"]!.ToString());
    }

    private List<JsonNode> SentItems() => [.. JsonNode.Parse(_server.Upstream.Requests[^1].Body.GetProperty("input").GetRawText())!.AsArray().Select(item => item!)];

    private void CallWithReasoning(bool isShown) => _server.Upstream.Answers(answer =>
    {
        var summary = isShown ? """{"type":"summary_text","text":"Hm."}""" : "";
        if (isShown)
            answer.Event("""{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"Hm."}""");
        answer
            .Event($$$"""{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_1","encrypted_content":"secret","summary":[{{{summary}}}]} }""")
            .Event("""{"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"Let me look."}""")
            .Event("""{"type":"response.output_item.done","output_index":1,"item":{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Let me look."}]}}""")
            .Event("""{"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","call_id":"call_a","name":"get_weather","arguments":"{}"}}""")
            .Event("""{"type":"response.completed","response":{"status":"completed","model":"scripted","usage":{"input_tokens":3,"output_tokens":4}}}""");
    });

    private void SayDone() => _server.Upstream.Answers(answer => answer
        .Event("""{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Done."}""")
        .Event("""{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"msg_2","role":"assistant","content":[{"type":"output_text","text":"Done."}]}}""")
        .Event("""{"type":"response.completed","response":{"status":"completed","model":"scripted","usage":{"input_tokens":3,"output_tokens":4}}}"""));
}
