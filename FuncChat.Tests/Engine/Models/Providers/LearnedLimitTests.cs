using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Anthropic;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models.OpenAi;
using FuncChat.Engine.Models.Responses;
using FuncChat.Tests.Engine.Models.OpenAi;
using FuncChat.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.Models.Providers;

/// <summary>What a refusal that has to do with one request's other fields means for later requests to the same model: nothing, where those are others.</summary>
public sealed class LearnedLimitTests : IAsyncLifetime
{
    private static readonly Dictionary<string, RawJson> HighEffort = Option("reasoning_effort", "\"high\"");

    private readonly HttpClient _http = ProviderHttp.CreateClient();

    private ScriptedModelServer _upstream = null!;

    public async Task InitializeAsync() => _upstream = await ScriptedModelServer.StartAsync();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block. To avoid this requirement, disable `thinking`.")]
    [InlineData("messages.1.content.0: Invalid `signature` in `thinking` block")]
    [InlineData("When using extended thinking, the conversation must not end with an assistant message. Disable thinking to prefill the answer.")]
    public async Task History_without_thoughts_turns_thinking_off_for_its_own_call_only(string refusal)
    {
        var model = new AnthropicModel(Call("anthropic", "/messages"));
        RefusesWhere(refusal, body => body.TryGetProperty("thinking", out _) && body.GetProperty("messages").GetArrayLength() > 1);
        var fresh = ModelHarness.Request with { Model = "claude-sonnet-4-5", Options = HighEffort };
        var continued = fresh with
        {
            Messages = [.. fresh.Messages, """{"role":"assistant","content":"Yes?"}"""u8.ToArray(), """{"role":"user","content":"So?"}"""u8.ToArray()],
        };

        await AskAsync(model, continued);
        await AskAsync(model, fresh);

        Assert.Equal([true, false, true], Sent("thinking"));
    }

    [Theory]
    [InlineData("`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.")]
    [InlineData("temperature is not supported with thinking")]
    public async Task Temperature_that_thinking_excludes_is_sent_without_thinking(string refusal)
    {
        var model = new AnthropicModel(Call("anthropic", "/messages"));
        RefusesWhere(refusal, body => body.TryGetProperty("thinking", out _) && body.TryGetProperty("temperature", out _));
        var plain = ModelHarness.Request with { Model = "claude-opus-4-5", Sampling = new SamplingOptions { Temperature = 0.2 } };

        await AskAsync(model, plain with { Options = HighEffort });
        await AskAsync(model, plain);
        await AskAsync(model, plain with { Options = HighEffort });

        Assert.Equal([true, false, true, false], Sent("temperature"));
    }

    [Fact]
    public async Task Temperature_that_an_effort_excludes_is_sent_with_another_effort()
    {
        var model = new ResponsesModel(Call("openai", "/responses"));
        RefusesWhere(
            "Unsupported parameter: 'temperature' is not supported with this model.",
            body => body.TryGetProperty("temperature", out _) && body.GetProperty("reasoning").GetProperty("effort").GetString() != "none");
        var request = ModelHarness.Request with { Model = "gpt-5.2", Sampling = new SamplingOptions { Temperature = 0.2 } };

        await AskAsync(model, request with { Options = HighEffort });
        await AskAsync(model, request with { Options = Option("reasoning_effort", "\"none\"") });
        await AskAsync(model, request with { Options = HighEffort });

        Assert.Equal([true, false, true, false], Sent("temperature"));
    }

    [Theory]
    [InlineData("temperature", "`temperature` and `top_p` cannot both be specified for this model. Please use only one.", "top_p")]
    [InlineData("reasoning_effort", "Function tools with reasoning_effort are not supported for this model in /v1/chat/completions.", "tools")]
    [InlineData("response_format", "response_format `json_schema` cannot be combined with tool calling", "tools")]
    [InlineData("parallel_tool_calls", "parallel_tool_calls is not supported with reasoning_effort", "reasoning_effort")]
    [InlineData("seed", "'seed' is not supported together with 'stop'", "stop")]
    [InlineData("verbosity", "verbosity is not supported when response_format is set", "response_format")]
    [InlineData("service_tier", "service_tier is not available with temperature", "temperature")]
    [InlineData("metadata", "The 'metadata' parameter is not allowed when 'store' is set.", "store")]
    public async Task Field_that_another_field_excludes_is_sent_without_the_other(string field, string refusal, string other)
    {
        var model = new OpenAiModel(Call("scripted", "/chat/completions"));
        RefusesWhere(refusal, body => body.TryGetProperty(field, out _) && body.TryGetProperty(other, out _));
        var everything = ModelHarness.Request with
        {
            Sampling = new SamplingOptions { Temperature = 0.2, TopP = 0.5 },
            Tools = [AIFunctionFactory.Create((string q) => q, "f", "F.")],
            ResponseSchema = new ResponseSchema("plan", JsonElement.Parse("""{"type":"object"}""")),
            Options = new[] { "reasoning_effort", "parallel_tool_calls", "seed", "stop", "verbosity", "service_tier", "metadata", "store" }
                .ToDictionary(name => name, _ => new RawJson("\"x\""u8.ToArray())),
        };
        var without = everything with
        {
            Sampling = new SamplingOptions { Temperature = other == "temperature" ? null : 0.2, TopP = other == "top_p" ? null : 0.5 },
            Tools = other == "tools" ? [] : everything.Tools,
            ResponseSchema = other == "response_format" ? null : everything.ResponseSchema,
            Options = everything.Options.Where(option => option.Key != other).ToDictionary(option => option.Key, option => option.Value),
        };

        await AskAsync(model, everything);
        await AskAsync(model, without);
        await AskAsync(model, everything);

        Assert.Equal([true, false, true, false], Sent(field));
    }

    [Fact]
    public async Task Schema_that_is_refused_leaves_the_next_one_in()
    {
        var model = new OpenAiModel(Call("scripted", "/chat/completions"));
        RefusesWhere(
            "Invalid schema for response_format 'a': 'additionalProperties' is required to be supplied and to be false.",
            body => body.TryGetProperty("response_format", out var format) && !format.GetRawText().Contains("additionalProperties", StringComparison.Ordinal));

        await AskAsync(model, ModelHarness.Request with { ResponseSchema = new ResponseSchema("a", JsonElement.Parse("""{"type":"object"}""")) });
        await AskAsync(model, ModelHarness.Request with { ResponseSchema = new ResponseSchema("b", JsonElement.Parse("""{"type":"object","additionalProperties":false}""")) });

        Assert.Equal([true, false, true], Sent("response_format"));
    }

    [Theory]
    [InlineData("Unknown parameter: 'stream_options'.", "stream_options")]
    [InlineData("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens")]
    public async Task Field_that_has_nothing_to_do_with_others_stays_out_of_every_request(string refusal, string field)
    {
        var model = new OpenAiModel(Call("scripted", "/chat/completions"));
        RefusesWhere(refusal, body => body.TryGetProperty(field, out _));
        var request = ModelHarness.Request with { Sampling = new SamplingOptions { MaxTokens = 9 } };

        await AskAsync(model, request);
        await AskAsync(model, request with { Sampling = new SamplingOptions { MaxTokens = 9, Temperature = 0.2 } });

        Assert.Equal([true, false, false], Sent(field));
    }

    [Theory]
    [InlineData("my-assistant", "'seed' is not supported by my-assistant")]
    [InlineData("acme/History-7B", "The parameter seed is not available for history-7b.")]
    [InlineData("prefill_mini", "prefill_mini does not support seed")]
    public async Task Field_that_a_model_refuses_stays_out_whatever_the_model_is_called(string name, string refusal)
    {
        var model = new OpenAiModel(Call("scripted", "/chat/completions"));
        RefusesWhere(refusal, body => body.TryGetProperty("seed", out _));
        var request = ModelHarness.Request with { Model = name, Options = Option("seed", "7") };

        await AskAsync(model, request);
        await AskAsync(model, request);

        Assert.Equal([true, false, false], Sent("seed"));
    }

    [Theory]
    [InlineData("2", "messages[2]: unexpected field seed", new[] { true, false, true, false })]
    [InlineData("2.5", "seed is not supported since 12.5", new[] { true, false, false })]
    public async Task Number_in_a_refusal_is_none_of_the_name_of_a_model_that_has_digits(string name, string refusal, bool[] sent)
    {
        var model = new OpenAiModel(Call("scripted", "/chat/completions"));
        RefusesWhere(refusal, body => body.TryGetProperty("seed", out _));
        var request = ModelHarness.Request with { Model = name, Options = Option("seed", "7") };

        await AskAsync(model, request);
        await AskAsync(model, request);

        Assert.Equal(sent, Sent("seed"));
    }

    [Fact]
    public async Task Thoughts_with_an_invalid_signature_are_left_out_of_their_own_call_only()
    {
        var model = new OpenAiModel(Call("scripted", "/chat/completions"));
        RefusesWhere("messages.1.content.0: Invalid `signature` in `thinking` block", body => body.GetRawText().Contains("\"forged\"", StringComparison.Ordinal));

        await AskAsync(model, WithThoughts("forged"));
        await AskAsync(model, WithThoughts("genuine"));

        Assert.Equal(
            ["forged", null, "genuine"],
            _upstream.Requests.Select(request => request.Body.GetProperty("messages")[1].TryGetProperty("reasoning_content", out var text) ? text.GetString() : null));
    }

    [Fact]
    public void Values_that_a_caller_chooses_do_not_keep_a_model_from_learning()
    {
        var limits = new LearnedLimits();
        var refused = ModelLimits.None with { RefusedHere = ["seed"] };
        foreach (var number in Enumerable.Range(0, 2000))
            limits.Remember(ModelHarness.Request with { Options = Option("service_tier", $"\"{number}\"") }, refused);
        var last = ModelHarness.Request with { Options = Option("service_tier", "\"1999\"") };

        limits.Remember(last, refused with { RefusedHere = ["seed", "stop"] });
        limits.Remember(ModelHarness.Request with { Model = "other" }, refused);

        Assert.False(limits.Of(last).Allows("stop"));
        Assert.False(limits.Of(ModelHarness.Request with { Model = "other" }).Allows("seed"));
        Assert.True(limits.Of(ModelHarness.Request with { Options = Option("service_tier", "\"0\"") }).Allows("seed"));
    }

    [Fact]
    public void Names_that_a_caller_chooses_do_not_keep_a_model_from_learning()
    {
        var limits = new LearnedLimits();
        foreach (var number in Enumerable.Range(0, 2000))
            limits.Remember(ModelHarness.Request with { Model = $"m{number}" }, ModelLimits.None with { Refused = ["stream_options"] });

        Assert.False(limits.Of(ModelHarness.Request with { Model = "m1999" }).Allows("stream_options"));
    }

    [Fact]
    public async Task Server_that_refuses_many_fields_one_by_one_answers_in_the_end()
    {
        var model = new OpenAiModel(Call("scripted", "/chat/completions"));
        string[] fields = ["seed", "verbosity", "service_tier", "metadata", "store", "reasoning_effort"];
        _upstream.Otherwise(request => fields.FirstOrDefault(field => request.Body.TryGetProperty(field, out _)) is { } refused
            ? new ScriptedAnswer().Respond(400, JsonSerializer.Serialize(new { error = new { message = $"Unknown parameter: '{refused}'." } }))
            : new ScriptedAnswer().Text("a").Ends());
        var request = ModelHarness.Request with { Options = fields.ToDictionary(name => name, _ => new RawJson("\"x\""u8.ToArray())) };

        await AskAsync(model, request);
        await AskAsync(model, request);

        Assert.Equal(fields.Length + 2, _upstream.Requests.Count);
    }

    [Theory]
    [InlineData("Unknown parameter: 'metadata'. The conversation was not stored.")]
    [InlineData("body.metadata: Extra inputs are not permitted, input: the history of my assistant")]
    [InlineData("Unsupported parameter: 'metadata' is not supported with assistant-7b.")]
    [InlineData("Unknown parameter: 'metadata'. If you think that this is an error, contact us.")]
    [InlineData("metadata is not permitted when this model is used.")]
    [InlineData("'metadata' is deprecated since version 2024-10-01 and not accepted.")]
    [InlineData("metadata is not supported since v2.")]
    [InlineData("metadata is not accepted since March 2025.")]
    [InlineData("The parameter metadata is not supported, please contact us if you need it.")]
    [InlineData("metadata is not supported: if needed, omit it.")]
    [InlineData("metadata is not supported for the o1 prompt API.")]
    [InlineData("metadata is not supported for the Messages API.")]
    [InlineData("metadata is not supported with prompt caching.")]
    public async Task Unknown_field_is_learned_whatever_else_its_refusal_mentions(string refusal)
    {
        var model = new OpenAiModel(Call("scripted", "/chat/completions"));
        RefusesWhere(refusal, body => body.TryGetProperty("metadata", out _));
        var request = ModelHarness.Request with { Options = Option("metadata", "{\"a\":\"b\"}") };

        await AskAsync(model, request);
        await AskAsync(model, request);

        Assert.Equal([true, false, false], Sent("metadata"));
    }

    [Theory]
    [InlineData("reasoning_effort is not permitted when the conversation ends with an assistant message.")]
    [InlineData("'reasoning_effort' is not supported if the last turn is the model's.")]
    [InlineData("When the prompt has images, the parameter reasoning_effort is not allowed.")]
    [InlineData("reasoning_effort is not permitted when temperature is set and the last message is a tool's.")]
    [InlineData("reasoning_effort is not supported for conversations with images.")]
    [InlineData("reasoning_effort is not supported for this prompt.")]
    [InlineData("reasoning_effort is not supported with a final `assistant` message.")]
    [InlineData("reasoning_effort is not supported with image input.")]
    [InlineData("reasoning_effort is not supported if you send images.")]
    [InlineData("reasoning_effort is not supported since 2 images are attached.")]
    [InlineData("reasoning_effort is not supported since version 2 if the conversation has ended.")]
    [InlineData("If you need it, contact us, reasoning_effort is not supported once it was omitted.")]
    public async Task Field_that_is_refused_for_the_conversation_is_sent_with_another_one(string refusal)
    {
        var model = new OpenAiModel(Call("scripted", "/chat/completions"));
        RefusesWhere(refusal, body => body.TryGetProperty("reasoning_effort", out _) && body.GetProperty("messages").GetArrayLength() > 1);
        var request = ModelHarness.Request with { Options = HighEffort };

        await AskAsync(model, request with { Messages = [.. request.Messages, """{"role":"assistant","content":"Yes?"}"""u8.ToArray()] });
        await AskAsync(model, request);

        Assert.Equal([true, false, true], Sent("reasoning_effort"));
    }

    private static ModelRequest WithThoughts(string text) => ModelHarness.Request with
    {
        Messages =
        [
            .. ModelHarness.Request.Messages,
            JsonSerializer.SerializeToUtf8Bytes(new
            {
                role = "assistant", content = "Yes?", provider_data = new { provider = "scripted", model = "m", message = new { reasoning_content = text } },
            }),
            """{"role":"user","content":"So?"}"""u8.ToArray(),
        ],
    };

    private static Dictionary<string, RawJson> Option(string name, string json) => ProviderModelBench.Options((name, json));

    private ProviderCall Call(string provider, string path) =>
        new(_http, ProviderEndpoint.For(provider, _upstream.BaseUrl, "key", path) with { MaxRetries = 0 }, TimeProvider.System, NullLogger.Instance);

    private void RefusesWhere(string refusal, Predicate<JsonElement> where) => _upstream.Otherwise(request => where(request.Body)
        ? new ScriptedAnswer().Respond(400, JsonSerializer.Serialize(new { error = new { message = refusal, type = "invalid_request_error" } }))
        : request.Target.EndsWith("/messages", StringComparison.Ordinal)
            ? new ScriptedAnswer().Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""").Event("""{"type":"message_stop"}""")
        : request.Target.EndsWith("/responses", StringComparison.Ordinal)
            ? new ScriptedAnswer().Event("""{"type":"response.completed","response":{}}""")
        : new ScriptedAnswer().Text("a").Ends());

    private IEnumerable<bool> Sent(string field) => _upstream.Requests.Select(request => request.Body.TryGetProperty(field, out _));

    private static async Task AskAsync(IModel model, ModelRequest request)
    {
        await foreach (var _ in model.StreamAsync(request, CancellationToken.None))
        {
            // Only what was sent matters.
        }
    }
}
