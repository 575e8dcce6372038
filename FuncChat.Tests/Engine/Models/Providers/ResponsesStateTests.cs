using System.Text.Json;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models.Responses;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.Models.Providers;

/// <summary>The Responses API, which wants each reasoning item back before what it led to.</summary>
public sealed class ResponsesStateTests : IDisposable
{
    private readonly HttpClient _http = ProviderHttp.CreateClient();

    [Fact]
    public async Task Reasoning_items_go_back_unchanged_and_in_their_places()
    {
        var (requests, _) = await new StatefulProvider(
            "openai",
            address => new ResponsesModel(new ProviderCall(
                _http, ProviderEndpoint.For("openai", $"{address}v1", "key", "/responses") with { MaxRetries = 0 }, TimeProvider.System, NullLogger.Instance)),
            FindError,
            body => Items(body, "function_call_output").Count(),
            Answer).RunAsync();

        var last = requests[^1].Body.GetProperty("input").EnumerateArray().Select(item => item.GetProperty("type").GetString()).ToList();
        Assert.Equal(
            [
                "message", "reasoning", "message", "function_call", "function_call_output", "reasoning", "function_call", "function_call_output", "reasoning",
                "message", "reasoning", "message", "message",
            ],
            last);
        var messages = Items(requests[^1].Body, "message").ToList();
        Assert.Equal(
            [null, "commentary", "commentary", "final_answer", null],
            messages.Select(message => message.TryGetProperty("phase", out var phase) ? phase.GetString() : null));
        Assert.Equal(["Do", "ne."], messages.Skip(2).Take(2).Select(message => message.GetProperty("content")[0].GetProperty("text").GetString()));
        Assert.False(requests[0].Body.GetProperty("store").GetBoolean());
        Assert.Equal("/v1/responses", requests[0].Target);
    }

    public void Dispose() => _http.Dispose();

    // Each call, and each answer after thoughts, must follow its own reasoning, which nothing has changed.
    private static string? FindError(JsonElement body)
    {
        var input = body.GetProperty("input").EnumerateArray().ToList();
        for (var place = 0; place < input.Count; place++)
        {
            var type = input[place].GetProperty("type").GetString();
            if (type == "reasoning" && input[place].GetProperty("encrypted_content").GetString() != $"secret {input[place].GetProperty("id").GetString()}")
                return "The encrypted content could not be verified.";
            if (type == "reasoning" && (place + 1 == input.Count || input[place + 1].GetProperty("type").GetString() is not ("message" or "function_call")))
                return "A reasoning item was provided without its required following item.";
            if (type == "function_call" && input[place - 1].GetProperty("type").GetString() is not ("reasoning" or "message"))
                return "A function_call was provided without its required reasoning item.";
        }

        return null;
    }

    private static ScriptedAnswer Answer(int round)
    {
        var answer = new ScriptedAnswer().Reasons($"rs_{round}", "I think.");
        if (round == 2)
        {
            answer.Event("""{"type":"response.output_text.delta","delta":"Do"}""").Message("Do", "commentary").Reasons("rs_3", "Nearly.")
                .Event("""{"type":"response.output_text.delta","delta":"ne."}""").Message("ne.", "final_answer");
        }
        else if (round == 0)
        {
            answer.Event("""{"type":"response.output_text.delta","delta":"Let me see."}""").Message("Let me see.", "commentary")
                .Event($$$"""{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","call_id":"call_0","name":"{{{GatedTools.Quick}}}","arguments":""}}""")
                .Event("""{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{}"}""")
                .Event($$$"""{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"call_0","name":"{{{GatedTools.Quick}}}","arguments":"{}"}}""");
        }
        else
        {
            // Complete at once, as some servers send it.
            answer.Event($$$"""{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"call_1","name":"{{{GatedTools.Echo}}}","arguments":"{\"text\":\"x\"}"}}""");
        }

        return answer.Event("""{"type":"response.completed","response":{"status":"completed","model":"m","usage":{"input_tokens":3,"output_tokens":4,"input_tokens_details":{"cached_tokens":2},"output_tokens_details":{"reasoning_tokens":1}}}}""");
    }

    private static IEnumerable<JsonElement> Items(JsonElement body, string type) =>
        body.GetProperty("input").EnumerateArray().Where(item => item.GetProperty("type").GetString() == type);
}

internal static class ResponsesScript
{
    public static ScriptedAnswer Reasons(this ScriptedAnswer answer, string id, string summary) => answer
        .Event($$"""{"type":"response.reasoning_summary_text.delta","delta":"{{summary}}"}""")
        .Event($$$"""{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"{{{id}}}","encrypted_content":"secret {{{id}}}","summary":[{"type":"summary_text","text":"{{{summary}}}"}]}}""");

    public static ScriptedAnswer Message(this ScriptedAnswer answer, string text, string phase) => answer.Event(
        $$$"""{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"msg","role":"assistant","phase":"{{{phase}}}","content":[{"type":"output_text","text":"{{{text}}}"}]}}""");
}
