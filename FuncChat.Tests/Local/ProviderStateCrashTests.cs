using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>
/// The real process, ended with SIGKILL between two rounds of tool calls, over providers that answer 400 unless the state of each of their messages comes
/// back.
/// </summary>
public sealed class ProviderStateCrashTests : IAsyncLifetime
{
    private const string TurnId = "turn-state";
    private const string Question = "Add.";
    private const string NextQuestion = "And now?";

    private readonly TemporaryFolder _folder = new();
    private ScriptedModelServer _upstream = null!;

    public async Task InitializeAsync() => _upstream = await ScriptedModelServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("responses")]
    [InlineData("anthropic")]
    public async Task State_goes_back_when_the_process_was_killed_between_two_rounds(string type)
    {
        var stalled = new ManualSignal();
        var isFirst = true;
        _upstream.Otherwise(request =>
        {
            var rounds = ResultsIn(type, request.Body);
            var expected = request.BodyText.Contains(NextQuestion, StringComparison.Ordinal) ? 3 : rounds;
            if (!StatesIn(type, request.Body).SequenceEqual(Enumerable.Range(0, expected).Select(StateOf)))
                return new ScriptedAnswer().Respond(400, """{"error":{"message":"The state of a message is missing.","type":"invalid_request_error"}}""");
            if (rounds != 1 || !isFirst)
                return Answer(type, rounds);
            isFirst = false;
            return new ScriptedAnswer().Tell(stalled).Stall();
        });

        var seen = new List<SseEvent>();
        await using (var first = await StartAsync(type))
        {
            await using var stream = await TurnStream.PostAsync(first.Http, Body(TurnId, [User(Question)]));
            while (!seen.Exists(e => e.Name == "tool_call_result"))
                seen.Add((await stream.NextAsync())!);
            await stalled.WaitAsync();
            await first.KillAsync();
        }

        await using var second = await StartAsync(type);
        await using var followed = await TurnStream.FollowAsync(second.Http, TurnId, seen[^1].Id);
        var rest = await followed.ToEndAsync();
        Assert.True(rest[^1].Name == "complete", rest[^1].Raw);
        Assert.Equal("Done.", SseEvent.LastAnswer(rest));
        var added = JsonNode.Parse(rest[^1].Data.GetProperty("messages").GetRawText())!.AsArray().Select(message => message!.DeepClone());
        await using var next = await TurnStream.PostAsync(second.Http, Body("turn-next", [User(Question), .. added, User(NextQuestion)]));
        var last = (await next.ToEndAsync())[^1];
        Assert.True(last.Name == "complete", last.Raw);
    }

    private Task<LocalProcess> StartAsync(string type) => LocalProcess.StartAsync(
        _folder.Path,
        ("FuncChat__Providers__x__Type", type), ("FuncChat__Providers__x__Url", _upstream.BaseUrl), ("FuncChat__Providers__x__ApiKey", "key"),
        ("FuncChat__Providers__x__Models", "m"), ("FuncChat__Providers__x__MaxRetries", "0"), ("FuncChat__ServePage", "false"));

    private static JsonObject User(string text) => new() { ["role"] = "user", ["content"] = text };

    private static string Body(string turnId, JsonNode[] messages) => new JsonObject
    {
        ["turn_id"] = turnId,
        ["model"] = "x:m",
        ["tools"] = new JsonArray("execute_javascript"),
        ["messages"] = new JsonArray(messages),
    }.ToJsonString();

    private static string StateOf(int round) => $"state {round}+/=";

    private static int ResultsIn(string type, JsonElement body) => type switch
    {
        "openai" => Array(body, "messages").Count(message => Text(message, "role") == "tool"),
        "responses" => Array(body, "input").Count(item => Text(item, "type") == "function_call_output"),
        _ => Blocks(body).Count(block => Text(block, "type") == "tool_result"),
    };

    private static IEnumerable<string?> StatesIn(string type, JsonElement body) => type switch
    {
        "openai" => Array(body, "messages").Where(message => Text(message, "role") == "assistant").Select(message => Text(message, "reasoning_content")),
        "responses" => Array(body, "input").Where(item => Text(item, "type") == "reasoning").Select(item => Text(item, "encrypted_content")),
        _ => Blocks(body).Where(block => Text(block, "type") == "thinking").Select(block => Text(block, "signature")),
    };

    private static IEnumerable<JsonElement> Blocks(JsonElement body) => Array(body, "messages")
        .Select(message => message.GetProperty("content")).Where(content => content.ValueKind == JsonValueKind.Array).SelectMany(content => content.EnumerateArray());

    private static IEnumerable<JsonElement> Array(JsonElement body, string field) => body.GetProperty(field).EnumerateArray();

    private static string? Text(JsonElement element, string field) => element.TryGetProperty(field, out var value) ? value.GetString() : null;

    private static ScriptedAnswer Answer(string type, int round) => type switch
    {
        "openai" => OpenAi(round),
        "responses" => Responses(round),
        _ => Anthropic(round),
    };

    private static ScriptedAnswer OpenAi(int round)
    {
        var answer = new ScriptedAnswer().Reasoning(StateOf(round));
        return round < 2 ? answer.ToolCall($"call_{round}", "execute_javascript", $$"""{"code":"{{round}}"}""").Ends("tool_calls") : answer.Text("Done.").Ends();
    }

    private static ScriptedAnswer Responses(int round)
    {
        var answer = new ScriptedAnswer()
            .Event($$$"""{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_{{{round}}}","encrypted_content":"{{{StateOf(round)}}}","summary":[]} }""");
        if (round < 2)
            answer.Event($$$"""{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"call_{{{round}}}","name":"execute_javascript","arguments":"{\"code\":\"{{{round}}}\"}"} }""");
        else
            answer.Event("""{"type":"response.output_text.delta","delta":"Done."}""")
                .Event("""{"type":"response.output_item.done","output_index":1,"item":{"type":"message","id":"msg","role":"assistant","content":[{"type":"output_text","text":"Done."}]}}""");
        return answer.Event("""{"type":"response.completed","response":{"status":"completed","model":"m","usage":{"input_tokens":3,"output_tokens":4}}}""");
    }

    private static ScriptedAnswer Anthropic(int round)
    {
        var answer = new ScriptedAnswer()
            .Event("""{"type":"message_start","message":{"model":"m","usage":{"input_tokens":3,"output_tokens":1}}}""")
            .Event("""{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""")
            .Event("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}""")
            .Event($$$"""{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"{{{StateOf(round)}}}"} }""")
            .Event("""{"type":"content_block_stop","index":0}""");
        if (round < 2)
        {
            answer.Event($$$"""{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_{{{round}}}","name":"execute_javascript","input":{} } }""")
                .Event($$$"""{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"code\":\"{{{round}}}\"}"} }""");
        }
        else
        {
            answer.Event("""{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""")
                .Event("""{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Done."}}""");
        }

        return answer.Event("""{"type":"content_block_stop","index":1}""")
            .Event($$$"""{"type":"message_delta","delta":{"stop_reason":"{{{(round < 2 ? "tool_use" : "end_turn")}}}"},"usage":{"output_tokens":9} }""")
            .Event("""{"type":"message_stop"}""");
    }
}
