using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using Microsoft.Extensions.AI;

namespace FuncChat.Tests.Engine.Models.OpenAi;

public sealed class RefusedFieldTests
{
    private static readonly ModelRequest Everything = new()
    {
        Model = "m",
        Messages =
        [
            """{"role":"developer","content":"Be brief."}"""u8.ToArray(),
            """{"role":"user","name":"ada","content":"hi"}"""u8.ToArray(),
            """{"role":"assistant","content":"Yes?","provider_data":{"provider":"scripted","model":"m","message":{"reasoning_content":"Hm"}}}"""u8.ToArray(),
            """{"role":"user","content":"hi"}"""u8.ToArray(),
        ],
        Tools = [AIFunctionFactory.Create((string query) => query, "search_web", "Searches.")],
        ForbidsToolCalls = true,
        Sampling = new SamplingOptions { Temperature = 0.5, MaxTokens = 9, TopP = 1, FrequencyPenalty = 0.1, PresencePenalty = -1 },
        ResponseSchema = new ResponseSchema("plan", JsonElement.Parse("""{"type":"object"}""")),
        Options = new Dictionary<string, RawJson> { ["reasoning_effort"] = Json("\"low\""), ["seed"] = Json("7"), ["stop"] = Json("[\"x\"]") },
    };

    [Theory]
    [InlineData(400, """{"error":{"message":"Unknown parameter: 'stream_options'.","param":"stream_options"}}""", "stream_options")]
    [InlineData(422, """{"message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options","include_usage"],"msg":"no such input"}]}}""", "stream_options")]
    [InlineData(400, """{"error":{"message":"Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported."}}""", "temperature")]
    [InlineData(400, """{"error":{"message":"top_p is not allowed"}}""", "top_p")]
    [InlineData(400, """{"error":{"message":"Invalid parameter: frequency_penalty"}}""", "frequency_penalty")]
    [InlineData(422, """{"detail":[{"loc":["body","presence_penalty"],"msg":"extra fields not permitted"}]}""", "presence_penalty")]
    [InlineData(400, """{"error":{"message":"tool_choice: none is not supported"}}""", "tool_choice")]
    [InlineData(400, """{"error":{"message":"This model does not support response format `json_schema`."}}""", "response_format")]
    [InlineData(400, """{"error":{"message":"Unrecognized request argument supplied: reasoning_effort"}}""", "reasoning_effort")]
    [InlineData(400, """{"error":{"message":"seed: Extra inputs are not permitted"}}""", "seed")]
    [InlineData(404, """{"error":{"message":"No endpoints found that support the provided 'tool_choice' value. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing","code":404}}""", "tool_choice")]
    [InlineData(404, """{"error":{"message":"seed is not supported by any provider of this model"}}""", "seed")]
    public async Task Call_is_repeated_once_without_the_field_that_is_refused_and_the_next_call_does_not_send_it(int status, string refusal, string field)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(status, refusal).Says("a").Says("b");

        await harness.AskAsync(Everything);
        await harness.AskAsync(Everything);

        Assert.True(harness.Upstream.Requests[0].Body.TryGetProperty(field, out _), field);
        Assert.All(harness.Upstream.Requests.Skip(1), request => Assert.False(request.Body.TryGetProperty(field, out _), field));
        Assert.Equal(3, harness.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("""{"error":{"message":"The model `seed` does not exist"}}""")]
    [InlineData("""{"error":{"message":"Not found: /v1/stop"}}""")]
    [InlineData("""{"error":{"message":"No endpoints found that support tool use"}}""")]
    public async Task Status_404_that_names_a_field_by_chance_is_not_repeated(string refusal)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(404, refusal).Says("not asked for");

        await Assert.ThrowsAsync<ModelException>(() => harness.AskAsync(Everything));

        Assert.Single(harness.Upstream.Requests);
    }

    [Theory]
    [InlineData("""{"error":{"message":"tools.0.function.strict: Extra inputs are not permitted"}}""", true)]
    [InlineData("""{"detail":[{"type":"extra_forbidden","loc":["body","tools",0,"function","strict"],"msg":"Extra inputs are not permitted","ctx":{"schema":"Tool"}}]}""", true)]
    [InlineData("""{"error":{"message":"Invalid JSON payload: unknown name \"strict\" at 'tools[0].function' does not match the schema."}}""", true)]
    [InlineData("""{"error":{"message":"The request does not match its schema: Unrecognized request argument supplied: strict"}}""", true)]
    [InlineData("""{"error":{"message":"Schema error: Additional properties are not allowed ('strict' was unexpected)"}}""", true)]
    [InlineData("""{"error":{"message":"Invalid schema for function 'a' with strict: 'default' is not permitted."}}""", false)]
    [InlineData("""{"error":{"message":"Invalid schema for function 'a': unknown keyword 'default' in strict mode."}}""", false)]
    public async Task Strict_is_left_out_when_the_provider_does_not_know_it_and_kept_when_the_schema_is_wrong(string refusal, bool isLeftOut)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, refusal).Says("a");
        var asking = harness.AskAsync(new ModelRequest { Model = "m", Messages = Everything.Messages, Tools = [ModelHarness.Tool("a", strict: true)] });

        if (!isLeftOut)
        {
            await Assert.ThrowsAsync<ModelException>(() => asking);
            return;
        }

        await asking;
        Assert.Equal([true, false], harness.Upstream.Requests.Select(request => request.Body.GetProperty("tools")[0].GetProperty("function").TryGetProperty("strict", out _)));
    }

    [Fact]
    public async Task Strict_is_sent_only_if_it_is_true()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says("a");

        await harness.AskAsync(new ModelRequest { Model = "m", Messages = Everything.Messages, Tools = [ModelHarness.Tool("a", strict: false), ModelHarness.Tool("b", strict: true)] });

        Assert.Equal([false, true], harness.Upstream.Requests[0].Body.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").TryGetProperty("strict", out _)));
    }

    [Theory]
    [InlineData("""{"error":{"message":"Invalid value: 'low'. Supported values are: 'none' and 'high'.","type":"invalid_request_error","param":"reasoning_effort","code":"invalid_value"}}""")]
    [InlineData("""{"error":{"message":"Unsupported value: 'reasoning_effort' does not support 'low' with this model. Supported values are: 'medium' and 'high'.","code":"unsupported_value"}}""")]
    [InlineData("""{"detail":[{"type":"literal_error","loc":["body","reasoning_effort"],"msg":"Input should be 'none' or 'high'"}]}""")]
    [InlineData("""{"error":{"message":"`reasoning_effort` must be one of `none` or `default`"}}""")]
    [InlineData("""{"error":{"message":"Invalid type for 'reasoning_effort': expected an object, but got a string instead.","code":"invalid_type"}}""")]
    public async Task Field_whose_value_is_refused_is_left_out_of_this_call_only(string refusal)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, refusal).Says("a").Says("b");

        await harness.AskAsync(Everything);
        await harness.AskAsync(Everything);

        Assert.False(harness.Upstream.Requests[1].Body.TryGetProperty("reasoning_effort", out _));
        Assert.True(harness.Upstream.Requests[2].Body.TryGetProperty("reasoning_effort", out _));
    }

    [Fact]
    public async Task Call_is_repeated_without_the_field_that_is_refused_in_the_stream()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Event("""{"error":{"message":"Unknown parameter: 'seed'.","type":"invalid_request_error"}}""")).Says("a");

        Assert.Equal("a", (await harness.AskAsync(Everything)).Text);

        Assert.False(harness.Upstream.Requests[1].Body.TryGetProperty("seed", out _));
    }

    [Theory]
    [InlineData("""{"error":"Unknown parameter: 'seed'."}""")]
    [InlineData("""{"error":{"message":"seed: Extra inputs are not permitted"}}""")]
    [InlineData("""{"error":{"message":"The parameter 'seed' is not supported by this model."}}""")]
    public async Task Field_is_left_out_when_an_error_in_the_stream_without_a_status_denies_it(string refusal)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Event(refusal)).Says("a");

        Assert.Equal("a", (await harness.AskAsync(Everything)).Text);

        Assert.False(harness.Upstream.Requests[1].Body.TryGetProperty("seed", out _));
    }

    [Theory]
    [InlineData("""{"error":{"message":"The reasoning engine is overloaded. Try again later."}}""")]
    [InlineData("""{"error":{"message":"An unexpected error occurred during reasoning."}}""")]
    [InlineData("""{"error":{"message":"Provider error: reasoning failed, the request needs to be retried."}}""")]
    [InlineData("""{"error":{"message":"The reasoning backend must be restarted.","type":"server_error"}}""")]
    [InlineData("""{"error":{"message":"Unknown error while thinking","type":"overloaded_error"}}""")]
    [InlineData("""{"error":{"message":"Reasoning is not supported at this rate.","code":"rate_limit_exceeded"}}""")]
    [InlineData("""{"error":"seed pool exhausted"}""")]
    public async Task Failure_in_the_stream_that_mentions_a_field_is_no_refusal_of_it(string failure)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Event(failure)).Says("a");

        await Assert.ThrowsAsync<ModelException>(() => harness.AskAsync(Everything));
        await harness.AskAsync(Everything);

        Assert.Equal(harness.Upstream.Requests[0].BodyText, harness.Upstream.Requests[1].BodyText);
        Assert.Equal(2, harness.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Tools_are_left_out_with_the_choice_of_none()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, """{"error":{"message":"tool_choice is not supported"}}""").Says("a");

        await harness.AskAsync(Everything);

        Assert.True(harness.Upstream.Requests[0].Body.TryGetProperty("tools", out _));
        Assert.False(harness.Upstream.Requests[1].Body.TryGetProperty("tools", out _));
    }

    [Theory]
    [InlineData("""{"error":{"message":"max_tokens is no parameter of this model: send max_completion_tokens.","param":"max_tokens","code":"unsupported_parameter"}}""")]
    [InlineData("""{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."}}""")]
    public async Task Limit_is_sent_under_its_other_name_when_one_is_refused(string refusal)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, refusal).Says("a");

        await harness.AskAsync(Everything);

        Assert.Equal(9, harness.Upstream.Requests[0].Body.GetProperty("max_tokens").GetInt32());
        Assert.Equal(9, harness.Upstream.Requests[1].Body.GetProperty("max_completion_tokens").GetInt32());
        Assert.False(harness.Upstream.Requests[1].Body.TryGetProperty("max_tokens", out _));
    }

    [Fact]
    public async Task Fields_that_are_refused_one_after_the_other_are_all_left_out()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, """{"error":{"message":"temperature is not supported"}}""").Fails(422, """{"detail":"stream_options: unknown"}""").Says("a");

        Assert.Equal("a", (await harness.AskAsync(Everything)).Text);
    }

    [Fact]
    public async Task Developer_message_is_sent_as_system_when_the_role_is_refused()
    {
        await using var harness = await ModelHarness.StartAsync(configure: endpoint => endpoint with { Provider = "gateway", Url = new Uri(endpoint.Url, "/openai/chat/completions") });
        harness.Upstream.Says("a");

        await harness.AskAsync(Everything);

        Assert.Equal("system", harness.Upstream.Requests[0].Body.GetProperty("messages")[0].GetProperty("role").GetString());
    }

    [Fact]
    public async Task Reasoning_stays_out_when_it_is_refused()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, """{"error":{"message":"messages.2: the property reasoning_content is not supported"}}""").Says("a");

        await harness.AskAsync(Everything);

        Assert.Contains("\"reasoning_content\":\"Hm\"", harness.Upstream.Requests[0].BodyText, StringComparison.Ordinal);
        Assert.DoesNotContain("reasoning_content", harness.Upstream.Requests[1].BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reasoning_of_other_models_is_sent_empty_when_the_provider_asks_for_it()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, """{"error":{"message":"The reasoning_content in the thinking mode must be passed back to the API."}}""").Says("a");

        await harness.AskAsync(ModelHarness.Request with
        {
            Messages =
            [
                """{"role":"user","content":"hi"}"""u8.ToArray(),
                """{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}"""u8.ToArray(),
                """{"role":"tool","tool_call_id":"a","content":"1"}"""u8.ToArray(),
            ],
        });

        Assert.Contains("\"reasoning_content\":\"\"", harness.Upstream.Requests[1].BodyText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"temperature must be between 0 and 0.3"}}""")]
    [InlineData(400, """{"error":{"message":"max_tokens is too large: 9. This model supports at most 5 completion tokens."}}""")]
    [InlineData(400, """{"error":{"message":"stop is not supported"}}""")]
    [InlineData(400, """{"error":{"message":"The prompt is about temperatures."}}""")]
    [InlineData(401, """{"error":{"message":"temperature is not supported"}}""")]
    public async Task Call_is_not_repeated_when_the_refusal_has_another_reason(int status, string refusal)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(status, refusal).Says("not asked for");

        await Assert.ThrowsAsync<ModelException>(() => harness.AskAsync(Everything));

        Assert.Single(harness.Upstream.Requests);
    }

    [Fact]
    public async Task Nothing_is_remembered_of_a_field_without_which_the_call_fails_too()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(400, """{"error":{"message":"temperature is not supported"}}""").Fails(400, """{"error":{"message":"Still no."}}""").Says("a");

        await Assert.ThrowsAsync<ModelException>(() => harness.AskAsync(Everything));
        await harness.AskAsync(Everything);

        Assert.True(harness.Upstream.Requests[2].Body.TryGetProperty("temperature", out _));
    }

    private static RawJson Json(string json) => new(System.Text.Encoding.UTF8.GetBytes(json));
}
