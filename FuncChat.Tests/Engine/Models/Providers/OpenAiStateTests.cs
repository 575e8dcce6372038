using System.Text.Json;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models.OpenAi;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.Models.Providers;

/// <summary>Providers of chat completions that want their state back.</summary>
public sealed class OpenAiStateTests : IDisposable
{
    private readonly HttpClient _http = ProviderHttp.CreateClient();

    [Theory]
    [InlineData("deepseek")]
    [InlineData("anything")]
    public async Task Reasoning_content_goes_back_with_each_message_of_a_tool_turn(string provider)
    {
        var (_, messages) = await Provider(
            provider,
            message => Text(message, "reasoning_content") == $"Thought {Rounds(message)}." ? null : "reasoning_content must be passed back",
            round => new() { ["reasoning_content"] = $"Thought {round}." }).RunAsync();

        Assert.Contains("\"provider_data\":{\"provider\":", System.Text.Encoding.UTF8.GetString(messages[0].Utf8.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reasoning_goes_back_in_the_field_that_it_arrived_in() => await Provider(
        "groq",
        message => Text(message, "reasoning") == $"Thought {Rounds(message)}." && !message.TryGetProperty("reasoning_content", out _) ? null : "no reasoning",
        round => new() { ["reasoning"] = $"Thought {round}." }).RunAsync();

    [Fact]
    public async Task Details_of_reasoning_go_back_with_their_pieces_joined() => await Provider(
        "openrouter",
        message => message.TryGetProperty("reasoning_details", out var details)
            && details.GetRawText() == $$"""[{"type":"reasoning.text","text":"Thought {{Rounds(message)}}.","index":0,"signature":"s{{Rounds(message)}}"},{"type":"reasoning.encrypted","data":"e"}]"""
                ? null
                : "reasoning_details were changed",
        round => new() { ["reasoning_details"] = new[] { new { type = "reasoning.text", text = "Thought ", index = 0 } } },
        round => new()
        {
            ["reasoning_details"] = new object[]
            {
                new { type = "reasoning.text", text = $"{round}.", index = 0, signature = $"s{round}" }, new { type = "reasoning.encrypted", data = "e" },
            },
        }).RunAsync();

    [Fact]
    public async Task Parts_of_thinking_go_back_as_parts_of_the_content() => await Provider(
        "mistral",
        message => message.GetProperty("content").ValueKind == JsonValueKind.Array
            && message.GetProperty("content")[0].GetRawText()
                == $$"""{"type":"thinking","thinking":[{"type":"text","text":"Thought {{Rounds(message)}}."}]}"""
                ? null
                : "the thinking part is missing",
        round => new() { ["content"] = new object[] { new { type = "thinking", thinking = new[] { new { type = "text", text = $"Thought {round}." } } } } }).RunAsync();

    [Fact]
    public async Task Signature_of_a_tool_call_goes_back_on_the_same_call() => await Provider(
        "gemini",
        message => MissingSignature(message) ? "A function call in the history has no thought_signature." : null,
        round => new(),
        call: round => new { extra_content = new { google = new { thought_signature = $"sig{round}" } } }).RunAsync();

    [Fact]
    public async Task Signature_of_a_message_goes_back_on_the_message() => await Provider(
        "gemini",
        message => message.TryGetProperty("extra_content", out var extra) && extra.GetRawText() == """{"google":{"thought_signature":"x"}}""" ? null : "no thought_signature",
        round => new() { ["extra_content"] = new { google = new { thought_signature = "x" } } }).RunAsync();

    [Fact]
    public async Task Id_of_a_tool_call_that_holds_a_signature_goes_back_whole()
    {
        var (requests, _) = await Provider("litellm", message => null, round => new(), id: round => $"call_{round}__thought__{new string('a', 60)}+/==").RunAsync();

        var ids = requests[^1].Body.GetProperty("messages").EnumerateArray()
            .SelectMany(message => message.TryGetProperty("tool_calls", out var calls) ? calls.EnumerateArray().Select(call => call.GetProperty("id").GetString()) : []);
        Assert.Equal([0, 1], ids.Select((id, round) => id == $"call_{round}__thought__{new string('a', 60)}+/==" ? round : -1));
        Assert.Equal(
            ids, requests[^1].Body.GetProperty("messages").EnumerateArray().Where(message => Text(message, "role") == "tool").Select(message => Text(message, "tool_call_id")));
    }

    public void Dispose() => _http.Dispose();

    private StatefulProvider Provider(
        string name, Func<JsonElement, string?> findError, Func<int, Dictionary<string, object>> state, Func<int, Dictionary<string, object>>? more = null,
        Func<int, object>? call = null, Func<int, string>? id = null) => new(
        name,
        address => new OpenAiModel(new ProviderCall(
            _http, ProviderEndpoint.For(name, $"{address}v1", "key", "/chat/completions") with { MaxRetries = 0 }, TimeProvider.System, NullLogger.Instance)),
        body => body.GetProperty("messages").EnumerateArray().Where(message => Text(message, "role") == "assistant").Select(findError).FirstOrDefault(found => found is not null),
        body => body.GetProperty("messages").EnumerateArray().Count(message => Text(message, "role") == "tool"),
        round =>
        {
            var answer = new ScriptedAnswer().Delta(state(round));
            if (more is not null)
                answer.Delta(more(round));
            return round < 2 ? answer.Delta(new { tool_calls = new[] { Call(round, id, call) } }).Ends("tool_calls") : answer.Text("Done.").Ends();
        });

    // The round is in the arguments or, in the answer, is the last one.
    private static int Rounds(JsonElement message) =>
        !message.TryGetProperty("tool_calls", out var calls) ? 2
        : calls[0].GetProperty("function").GetProperty("name").ValueEquals(GatedTools.Quick) ? 0
        : 1;

    private static bool MissingSignature(JsonElement message) =>
        message.TryGetProperty("tool_calls", out var calls)
        && calls.EnumerateArray().Any(call =>
            !call.TryGetProperty("extra_content", out var extra) || extra.GetRawText() != $$$"""{"google":{"thought_signature":"sig{{{Rounds(message)}}}"}}""");

    private static object Call(int round, Func<int, string>? id, Func<int, object>? extra)
    {
        var call = new Dictionary<string, object>
        {
            ["index"] = 0,
            ["id"] = id?.Invoke(round) ?? $"call_{round}",
            ["function"] = new { name = round == 0 ? GatedTools.Quick : GatedTools.Echo, arguments = round == 0 ? "{}" : """{"text":"x"}""" },
        };
        if (extra is not null)
        {
            foreach (var property in JsonSerializer.SerializeToElement(extra(round)).EnumerateObject())
                call[property.Name] = property.Value;
        }

        return call;
    }

    private static string? Text(JsonElement message, string field) => message.TryGetProperty(field, out var value) ? value.GetString() : null;
}
