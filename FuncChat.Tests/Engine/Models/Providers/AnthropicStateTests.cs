using System.Text.Json;
using FuncChat.Engine.Models.Anthropic;
using FuncChat.Engine.Models.Http;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.Models.Providers;

/// <summary>The Messages API, which wants signed thoughts back unchanged and first.</summary>
public sealed class AnthropicStateTests : IDisposable
{
    private const string Input = """{\"text\":\"x\"}""";

    private readonly HttpClient _http = ProviderHttp.CreateClient();

    [Fact]
    public async Task Thoughts_go_back_unchanged_and_before_the_call_that_they_led_to()
    {
        var (requests, _) = await new StatefulProvider(
            "anthropic",
            address => new AnthropicModel(new ProviderCall(
                _http, AnthropicProviderType.Adjust(ProviderEndpoint.For("anthropic", $"{address}v1", "key", "/messages") with { MaxRetries = 0 }),
                TimeProvider.System, NullLogger.Instance)),
            FindError,
            body => Blocks(body, "user").Count(block => Text(block, "type") == "tool_result"),
            Answer).RunAsync();

        Assert.Equal(
            ["text", "thinking", "redacted_thinking", "tool_use", "tool_result", "thinking", "redacted_thinking", "tool_use", "tool_result", "thinking", "redacted_thinking", "text", "text"],
            requests[^1].Body.GetProperty("messages").EnumerateArray().SelectMany(message => message.GetProperty("content").EnumerateArray()).Select(block => Text(block, "type")));
        Assert.Equal(
            ["user", "assistant", "user", "assistant", "user", "assistant", "user"],
            requests[^1].Body.GetProperty("messages").EnumerateArray().Select(message => Text(message, "role")));
        Assert.Equal(("/v1/messages", "key", "2023-06-01"), (requests[0].Target, requests[0].Headers["x-api-key"], requests[0].Headers["anthropic-version"]));
        Assert.False(requests[0].Headers.ContainsKey("Authorization"));
    }

    public void Dispose() => _http.Dispose();

    private static string? FindError(JsonElement body)
    {
        var assistant = body.GetProperty("messages").EnumerateArray().Where(message => Text(message, "role") == "assistant").ToList();
        for (var round = 0; round < assistant.Count; round++)
        {
            var blocks = assistant[round].GetProperty("content").EnumerateArray().ToList();
            if (blocks[0].GetRawText() != $$"""{"type":"thinking","thinking":"Thought {{round}}: \"é\".","signature":"sig{{round}}+/="}""")
                return "messages: thinking blocks can't be modified";
            if (blocks[1].GetRawText() != """{"type":"redacted_thinking","data":"r"}""")
                return "messages: a redacted thinking block is missing";
        }

        return null;
    }

    private static ScriptedAnswer Answer(int round)
    {
        var answer = new ScriptedAnswer()
            .Event("""{"type":"message_start","message":{"model":"m","usage":{"input_tokens":3,"cache_read_input_tokens":100,"cache_creation_input_tokens":20,"output_tokens":1}}}""")
            .Event("""{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""")
            .Event("""{"type":"ping"}""")
            .Event("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Thought "}}""")
            .Event($$$"""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"{{{round}}}: \"é"}}""")
            .Event("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"\"."}}""")
            .Event($$$"""{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig{{{round}}}+/="}}""")
            .Event("""{"type":"content_block_stop","index":0}""")
            .Event("""{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"r"}}""")
            .Event("""{"type":"content_block_stop","index":1}""");
        if (round == 2)
        {
            answer.Event("""{"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}""")
                .Event("""{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Do"}}""")
                .Event("""{"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"ne."}}""");
        }
        else
        {
            answer.Event($$$"""{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_{{{round}}}","name":"{{{(round == 0 ? GatedTools.Quick : GatedTools.Echo)}}}","input":{} } }""")
                .Event($$$"""{"type":"content_block_delta","index":2,"delta":{"partial_json":"{{{(round == 0 ? "" : Input)}}}","type":"input_json_delta"} }""");
        }

        return answer.Event("""{"type":"content_block_stop","index":2}""")
            .Event($$$"""{"type":"message_delta","delta":{"stop_reason":"{{{(round == 2 ? "end_turn" : "tool_use")}}}"},"usage":{"output_tokens":9} }""")
            .Event("""{"type":"message_stop"}""");
    }

    private static IEnumerable<JsonElement> Blocks(JsonElement body, string role) => body.GetProperty("messages").EnumerateArray()
        .Where(message => Text(message, "role") == role).SelectMany(message => message.GetProperty("content").EnumerateArray());

    private static string? Text(JsonElement element, string field) => element.TryGetProperty(field, out var value) ? value.GetString() : null;
}
