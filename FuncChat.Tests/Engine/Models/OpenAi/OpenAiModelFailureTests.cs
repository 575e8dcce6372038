using System.Net;
using System.Net.Sockets;
using System.Text;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.OpenAi;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>Upstream failures, and the errors that the user sees.</summary>
public sealed class OpenAiModelFailureTests
{
    [Theory]
    [InlineData(400, ErrorCode.InvalidRequest, false)]
    [InlineData(401, ErrorCode.ConfigurationError, false)]
    [InlineData(402, ErrorCode.ConfigurationError, false)]
    [InlineData(403, ErrorCode.ConfigurationError, false)]
    [InlineData(404, ErrorCode.ConfigurationError, false)]
    [InlineData(408, ErrorCode.UpstreamTimeout, true)]
    [InlineData(409, ErrorCode.UpstreamError, true)]
    [InlineData(413, ErrorCode.InvalidRequest, false)]
    [InlineData(422, ErrorCode.InvalidRequest, false)]
    [InlineData(425, ErrorCode.UpstreamError, true)]
    [InlineData(429, ErrorCode.RateLimited, true)]
    [InlineData(500, ErrorCode.UpstreamError, true)]
    [InlineData(503, ErrorCode.UpstreamError, true)]
    [InlineData(504, ErrorCode.UpstreamTimeout, true)]
    [InlineData(204, ErrorCode.UpstreamError, true)]
    public async Task Model_maps_a_status_whatever_the_body_is(int status, ErrorCode code, bool retryable)
    {
        await using var harness = await ModelHarness.StartAsync();
        string[] bodies = status == 204 ? [""] : ["", "{\"error\":{\"message\":\"why\"}}", "<html>nginx</html>", "{\"error\":", "\0\u0001\uFFFF", new string('[', 100_000)];
        foreach (var body in bodies)
        {
            harness.Upstream.Fails(status, body);
            var error = await harness.FailAsync();
            Assert.Equal((code, retryable), (error.Code, error.Retryable));
            Assert.Contains("scripted", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("html", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"error":{"message":"The model `m` does not exist","code":"model_not_found"}}""", 404, ErrorCode.InvalidRequest, "does not exist")]
    [InlineData("""{"error":{"message":"filtered","code":"content_filter","status":400}}""", 400, ErrorCode.ContentFiltered, "filtered")]
    [InlineData("""{"error":"plain words"}""", 400, ErrorCode.InvalidRequest, "plain words")]
    [InlineData("""{"detail":[{"msg":"in a list"}]}""", 422, ErrorCode.InvalidRequest, "in a list")]
    [InlineData("""[{"error":{"code":400,"message":"in an array","status":"INVALID_ARGUMENT"}}]""", 400, ErrorCode.InvalidRequest, "in an array")]
    [InlineData("""{"error":{"error":{"message":"nested"}}}""", 500, ErrorCode.UpstreamError, "nested")]
    [InlineData("""{"error":{"message":"no money","code":"insufficient_quota"}}""", 429, ErrorCode.RateLimited, "quota")]
    [InlineData("""{"error":{"message":"bad call","code":"tool_use_failed"}}""", 400, ErrorCode.UpstreamError, "malformed tool call")]
    [InlineData("""{"errors":[{"message":"AiError 5006"}],"success":false}""", 400, ErrorCode.InvalidRequest, "AiError 5006")]
    [InlineData("""{"fault":{"faultstring":"Wrong path","detail":{"errorcode":"x"}}}""", 400, ErrorCode.InvalidRequest, "Wrong path")]
    [InlineData("""{"message":"Bad input","error":"Bad Request","statusCode":400}""", 400, ErrorCode.InvalidRequest, "Bad input")]
    [InlineData("""{"message":["n must be positive"],"error":"Bad Request"}""", 400, ErrorCode.InvalidRequest, "n must be positive")]
    [InlineData("""{"message":"","error":"Bad Request"}""", 400, ErrorCode.InvalidRequest, "Bad Request")]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}""", 400, ErrorCode.ConfigurationError, "no credit left")]
    [InlineData("""{"error":{"message":"Project `p` does not have access to model `m`","code":"model_not_found"}}""", 403, ErrorCode.InvalidRequest, "does not have access to model")]
    [InlineData("""{"error":{"code":"unsupported_country_region_territory","message":"Country, region, or territory not supported"}}""", 403, ErrorCode.ConfigurationError, "Provider scripted refused access: Country")]
    [InlineData("""{"error":{"code":"AllocationQuota.FreeTierOnly","message":"Free quota exhausted"}}""", 403, ErrorCode.ConfigurationError, "refused access: Free quota exhausted")]
    [InlineData("""{"error":{"code":403,"message":"Your input was flagged by moderation","metadata":{"reasons":["violence"]}}}""", 403, ErrorCode.ContentFiltered, "flagged by moderation")]
    [InlineData("""{"error":{"code":"moderation_blocked","message":"Not shown"}}""", 403, ErrorCode.ContentFiltered, "Not shown")]
    [InlineData("no such route here", 400, ErrorCode.InvalidRequest, "no such route here")]
    [InlineData("", 413, ErrorCode.InvalidRequest, "The request is too large for provider scripted.")]
    [InlineData("<h1>Payload Too Large</h1>", 413, ErrorCode.InvalidRequest, "The request is too large for provider scripted.")]
    [InlineData("""{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"detail\":\"n is too small\"}"}}}""", 400, ErrorCode.InvalidRequest, "Provider returned error: n is too small")]
    [InlineData("""{"error":{"message":"{\"error\":{\"message\":\"within\"}}"}}""", 400, ErrorCode.InvalidRequest, "request: within")]
    [InlineData("""{"__type":"ValidationException","Message":"Bad model id"}""", 400, ErrorCode.InvalidRequest, "Bad model id")]
    [InlineData("""{"title":"Validation failed","status":400,"errors":{"n":["must be 1"]}}""", 400, ErrorCode.InvalidRequest, "n: must be 1")]
    [InlineData("""[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]""", 400, ErrorCode.ConfigurationError, "The key for provider scripted was refused.")]
    [InlineData("""{"error":{"message":"messages.0.content: \"how do I fix invalid api key errors?\" is not allowed"}}""", 400, ErrorCode.InvalidRequest, "Provider scripted refused the request: messages.0.content")]
    [InlineData("""{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***."}""", 400, ErrorCode.ConfigurationError, "The key for provider scripted was refused.")]
    [InlineData("<html><title>Just a moment...</title></html>", 403, ErrorCode.ConfigurationError, "The key for provider scripted was refused. Check its API key setting.")]
    public async Task Model_tells_the_providers_reason_when_it_gives_one(string body, int status, ErrorCode code, string words)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(status, body);

        var error = await harness.FailAsync();

        Assert.Equal(code, error.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"error":{"message":"No endpoints found that support tool use. To learn more, visit: https://openrouter.ai/docs","code":404}}""", ErrorCode.InvalidRequest, null, "Provider scripted refused the request: No endpoints found that support tool use")]
    [InlineData("""{"error":{"message":"No endpoints found matching your data policy (Free model publication).","code":404}}""", ErrorCode.InvalidRequest, null, "refused the request: No endpoints found matching your data policy")]
    [InlineData("""{"error":{"message":"No allowed providers are available for the selected model.","code":404}}""", ErrorCode.InvalidRequest, null, "refused the request: No allowed providers")]
    [InlineData("""{"error":{"message":"No endpoints found for a/b:free.","code":404}}""", ErrorCode.InvalidRequest, "model_not_found", "does not know this model: No endpoints found for a/b:free")]
    [InlineData("""{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}""", ErrorCode.InvalidRequest, "model_not_found", "does not know this model: The API deployment")]
    [InlineData("""{"error":{"message":"model \"m\" not found, try pulling it first"}}""", ErrorCode.InvalidRequest, "model_not_found", "does not know this model: model")]
    [InlineData("""{"type":"error","error":{"type":"not_found_error","message":"model: m"}}""", ErrorCode.InvalidRequest, "model_not_found", "does not know this model: model: m")]
    [InlineData("""{"error":{"message":"Where is p?"}}""", ErrorCode.ConfigurationError, null, "Provider scripted did not find what the call asks for: Where is p? Check its URL setting.")]
    [InlineData("""{"error":{"message":"The project p was archived"}}""", ErrorCode.ConfigurationError, null, "Provider scripted did not find what the call asks for: The project p was archived. Check its URL setting.")]
    [InlineData("""{"detail":"Not Found"}""", ErrorCode.ConfigurationError, null, "has no chat completions at its URL. Check its URL setting.")]
    [InlineData("""{"error":{"code":"404","message":"Resource not found"}}""", ErrorCode.ConfigurationError, null, "Check its URL setting.")]
    [InlineData("404 page not found", ErrorCode.ConfigurationError, null, "Check its URL setting.")]
    [InlineData("""{"error":{"message":"Invalid URL (POST /v1/x/chat/completions)"}}""", ErrorCode.ConfigurationError, null, "Check its URL setting.")]
    public async Task Status_404_is_about_the_model_the_request_or_the_address_by_its_words(string body, ErrorCode code, string? reason, string words)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(404, body);

        var error = await harness.FailAsync();

        Assert.Equal((code, false, reason), (error.Code, error.Retryable, error.Reason));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"code":10003,"message":"invalid api key","success":false}""", ErrorCode.UpstreamError, "Provider scripted failed: invalid api key")]
    [InlineData("""{"id":"x","choices":null,"base_resp":{"status_code":1004,"status_msg":"login fail"}}""", ErrorCode.ConfigurationError, "The key for provider scripted was refused. Check its API key setting.")]
    [InlineData("data: {\"choices\":null,\"base_resp\":{\"status_code\":1004,\"status_msg\":\"login fail\"}}\n\n", ErrorCode.ConfigurationError, "The key for provider scripted was refused. Check its API key setting.")]
    [InlineData("data: {\"code\":401,\"msg\":\"token expired\"}\n\ndata: [DONE]\n\n", ErrorCode.ConfigurationError, "The key for provider scripted was refused. Check its API key setting.")]
    [InlineData("""[{"error":{"code":400,"message":"No such field","status":"INVALID_ARGUMENT"}}]""", ErrorCode.InvalidRequest, "Provider scripted refused the request: No such field")]
    [InlineData("""{"id":"x","choices":null,"base_resp":{"status_code":0,"status_msg":"success"}}""", ErrorCode.UpstreamError, "Provider scripted ended the connection before its answer was complete.")]
    [InlineData("""[{"candidates":[]}]""", ErrorCode.UpstreamError, "Provider scripted sent something that is not an answer of its API. Check its URL setting.")]
    public async Task Error_of_another_shape_in_place_of_an_answer_has_the_providers_words(string body, ErrorCode code, string message)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(200, body);

        var error = await harness.FailAsync();

        Assert.Equal((code, message), (error.Code, error.Message));
    }

    [Fact]
    public async Task Answer_that_says_that_it_is_no_error_is_complete()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(200, """{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"Hi"}}],"base_resp":{"status_code":0,"status_msg":""}}""");

        Assert.Equal("Hi", (await harness.AskAsync()).Text);
    }

    [Theory]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208310 tokens > 200000 maximum"}}""")]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 198000 + 8000 > 200000, decrease input length or `max_tokens` and try again"}}""")]
    [InlineData(400, """{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the messages, 1000 in the completion).","type":"BadRequestError","param":null,"code":400}""")]
    [InlineData(400, """{"error":{"message":"The decoder prompt (length 5000) is longer than the maximum model length of 4096.","type":"BadRequestError","code":400}}""")]
    [InlineData(400, """{"error":{"code":400,"message":"request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":4390,"n_ctx":4096}}""")]
    [InlineData(500, """{"error":{"code":500,"message":"Context size has been exceeded.","type":"server_error"}}""")]
    [InlineData(400, """{"error":{"message":"prompt too long; exceeded max context length by 4096 tokens","type":"invalid_request_error"}}""")]
    [InlineData(400, """{"error":"the input length exceeds the context length"}""")]
    [InlineData(400, """{"object":"error","message":"Prompt contains 300000 tokens, too large for model with 131072 maximum context length","type":"invalid_request_error","code":"3051"}""")]
    [InlineData(400, """[{"error":{"code":400,"message":"The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).","status":"INVALID_ARGUMENT"}}]""")]
    [InlineData(413, """{"error":{"message":"Please reduce the length of the messages or completion.","type":"invalid_request_error","param":"messages"}}""")]
    [InlineData(400, """{"error":{"message":"This model's maximum prompt length is 131072 but the request contains 537812 tokens."}}""")]
    [InlineData(400, """{"error":{"message":"Your input exceeds the context window of this model. Please adjust your input and try again."}}""")]
    [InlineData(400, """{"error":{"message":"The number of tokens to keep from the initial prompt is greater than the context length."}}""")]
    [InlineData(400, """{"error":{"message":"Your request exceeded model token limit: 262144 (requested: 300000)"}}""")]
    [InlineData(400, """{"message":"Input is too long for requested model."}""")]
    [InlineData(400, """{"error":{"message":"Range of input length should be [1, 30720]"}}""")]
    [InlineData(422, """{"error":{"message":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097.","type":"invalid_request_error"}}""")]
    [InlineData(400, """{"error":"Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough."}""")]
    [InlineData(413, """{"error":{"code":"tokens_limit_reached","message":"Request body too large for gpt-4o model. Max size: 8000 tokens."}}""")]
    [InlineData(400, """{"error":{"code":"1261","message":"Prompt exceeds max length"}}""")]
    [InlineData(400, """{"message":"too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000. Try using a shorter prompt"}""")]
    [InlineData(422, """{"error":"Input validation error: `inputs` must have less than 4096 tokens. Given: 5000","error_type":"validation"}""")]
    [InlineData(400, """{"error":{"message":"The input token length 5000 exceeds the maximum sequence length 4096"}}""")]
    [InlineData(400, """{"error":{"message":"Context window is full"}}""")]
    [InlineData(200, "data: {\"error\":{\"message\":\"The input (9000 tokens) is longer than the model's context length (8192 tokens).\"}}\n\n")]
    public async Task Conversation_that_is_too_long_for_the_model_has_one_reason_whatever_the_words_of_the_provider(int status, string body)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(status, body);

        var error = await harness.FailAsync();

        Assert.Equal((ErrorCode.InvalidRequest, false, "context_length_exceeded"), (error.Code, error.Retryable, error.Reason));
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"Unknown parameter: 'context_length'."}}""")]
    [InlineData(400, """{"error":{"message":"max_tokens is too large: 9. This model supports at most 5 completion tokens."}}""")]
    [InlineData(413, """{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum allowed number of bytes."}}""")]
    [InlineData(429, """{"error":{"message":"Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 6789. Please reduce the length of the messages.","code":"rate_limit_exceeded"}}""")]
    [InlineData(500, """{"error":{"message":"The context of the request was canceled."}}""")]
    [InlineData(400, """{"message":"Too many tokens, please wait before trying again."}""")]
    [InlineData(400, """{"error":{"message":"too many tokens: 9000 input tokens per minute are allowed"}}""")]
    [InlineData(413, """{"error":{"message":"Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 6789. Please reduce the length of the messages.","code":"rate_limit_exceeded"}}""")]
    [InlineData(400, """{"error":{"message":"Password must have less than 64 characters"}}""")]
    public async Task Other_refusals_of_something_too_long_are_no_matter_of_the_context(int status, string body)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(status, body);

        Assert.Null((await harness.FailAsync()).Reason);
    }

    [Fact]
    public async Task Model_never_repeats_the_key_nor_more_than_a_few_words_of_the_provider()
    {
        await using var harness = await ModelHarness.StartAsync();
        var words = $"Bad\\u0000\\u001b[31m key {ModelHarness.Key} and gsk_abcdefghijklmnop and Bearer abc.def {new string('x', 20)} " + string.Concat(Enumerable.Repeat("word ", 200));
        foreach (var status in (int[])[400, 401, 404, 500])
        {
            harness.Upstream.Fails(status, $$$"""{"error":{"message":"model {{{words}}}"}}""");
            var message = (await harness.FailAsync()).Message;
            Assert.DoesNotContain(ModelHarness.Key, message, StringComparison.Ordinal);
            Assert.DoesNotContain("gsk_", message, StringComparison.Ordinal);
            Assert.DoesNotContain("abc.def", message, StringComparison.Ordinal);
            Assert.DoesNotContain(message, char.IsControl);
            Assert.InRange(message.Length, 10, 400);
        }
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"why\",\"type\":\"server_error\"}}\n\n", ErrorCode.UpstreamError)]
    [InlineData("data: {\"error\":\"why\"}\n\n", ErrorCode.UpstreamError)]
    [InlineData("data: {\"error\":{\"error\":{\"message\":\"why\"}}}\n\n", ErrorCode.UpstreamError)]
    [InlineData("data: {\"id\":\"1\",\"choices\":[],\"x_groq\":{\"error\":\"why\"}}\n\n", ErrorCode.UpstreamError)]
    [InlineData("event: error\ndata: {\"error\":{\"message\":\"why\",\"status_code\":503}}\n\n", ErrorCode.UpstreamError)]
    [InlineData("event: error\ndata: {\"message\":\"why\"}\n\n", ErrorCode.UpstreamError)]
    [InlineData("event: error\ndata: why\n\n", ErrorCode.UpstreamError)]
    [InlineData("data: {\"error\":{\"code\":502,\"message\":\"why\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n", ErrorCode.UpstreamError)]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{},\"error\":{\"message\":\"why\"}}]}\n\n", ErrorCode.UpstreamError)]
    [InlineData("data: {\"error\":{\"message\":\"why\",\"code\":\"rate_limit_exceeded\"}}\n\n", ErrorCode.RateLimited)]
    [InlineData("data: {\"error\":{\"message\":\"why\",\"code\":429}}\n\n", ErrorCode.RateLimited)]
    [InlineData("data: {\"error\":{\"message\":\"why\",\"code\":\"content_filter\"}}\n\n", ErrorCode.ContentFiltered)]
    [InlineData("data: {\"error\":{\"message\":\"why\",\"type\":\"invalid_request_error\"}}\n\n", ErrorCode.InvalidRequest)]
    [InlineData("data: <html>\n\n", ErrorCode.UpstreamError)]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"cut\n\n", ErrorCode.UpstreamError)]
    [InlineData("data: \u0000\u0001\n\n", ErrorCode.UpstreamError)]
    public async Task Model_fails_when_an_error_comes_in_mid_stream_but_not_after_the_finish_reason(string bytes, ErrorCode code)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Finish().Raw(bytes).Ends()).Answers(answer => answer.Text("a").Raw(bytes).Ends());
        var complete = await harness.AskAsync();
        Assert.Equal(("a", "stop"), (complete.Text, complete.FinishReason));
        var pieces = 0;

        var failure = await Assert.ThrowsAsync<ModelException>(async () =>
        {
            await foreach (var chunk in harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None))
            {
                Assert.Equal(ModelChunkKind.Text, chunk.Kind);
                pieces++;
            }
        });

        Assert.Equal(code, failure.Error.Code);
        Assert.Equal(1, pieces);
    }

    [Theory]
    [InlineData("""{"role":"assistant","content":""}""", "unknown")]
    [InlineData("""{"role":"assistant","content":""}""", "stop")]
    [InlineData("""{"reasoning_content":"Hm."}""", "stop")]
    public async Task Finish_that_comes_before_the_answer_is_not_its_end(string delta, string reason)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer
            .Raw($$"""data: {"choices":[{"index":0,"delta":{{delta}},"finish_reason":"{{reason}}"}]}""" + "\n\n").Raw("data: {\"error\":{\"message\":\"why\"}}\n\n").Ends());

        Assert.Equal(ErrorCode.UpstreamError, (await harness.FailAsync()).Code);
    }

    [Theory]
    [InlineData("data: null\n\n")]
    [InlineData("data: ping\n\n")]
    [InlineData("data:\n\n")]
    [InlineData("data: \n\n")]
    [InlineData("event: ping\ndata: null\n\n")]
    [InlineData("data: {\"choices\":[],\"error\":{}}\n\n")]
    [InlineData("data: {\"choices\":[],\"error\":\"\"}\n\n")]
    [InlineData("data: {\"choices\":[],\"error\":{\"code\":0,\"message\":\"\"}}\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{},\"error\":{}}],\"x_groq\":{\"error\":{}}}\n\n")]
    [InlineData("data: {\"choices\":[],\"base_resp\":{\"status_code\":0,\"status_msg\":\"\"}}\n\n")]
    public async Task Sign_of_life_between_chunks_is_no_error(string bytes)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Raw(bytes).Text("a").Raw(bytes).Text("b").Finish().Raw(bytes).Usage(10, 5));

        var answer = await harness.AskAsync();

        Assert.Equal(("ab", "stop", 10L), (answer.Text, answer.FinishReason, answer.Usage?.InputTokens));
    }

    [Theory]
    [InlineData(1004, "login fail", ErrorCode.ConfigurationError, "The key for provider scripted was refused. Check its API key setting.")]
    [InlineData(1008, "insufficient balance", ErrorCode.ConfigurationError, "The account at provider scripted has no credit left.")]
    [InlineData(1002, "rate limit", ErrorCode.RateLimited, "Provider scripted is getting too many requests. Try again later.")]
    [InlineData(2049, "invalid api key", ErrorCode.ConfigurationError, "The key for provider scripted was refused. Check its API key setting.")]
    [InlineData(1026, "input new_sensitive", ErrorCode.ContentFiltered, "The content filter of provider scripted refused the request: input new_sensitive")]
    [InlineData(1027, "output new_sensitive", ErrorCode.ContentFiltered, "The content filter of provider scripted refused the request: output new_sensitive")]
    [InlineData(1000, "unknown error", ErrorCode.UpstreamError, "Provider scripted stopped in the middle of its answer: unknown error")]
    public async Task Status_of_MiniMax_is_an_error_with_its_words_also_after_text(int status, string words, ErrorCode code, string message)
    {
        await using var harness = await ModelHarness.StartAsync();
        var error = $$"""{"choices":null,"base_resp":{"status_code":{{status}},"status_msg":"{{words}}"} }""";
        harness.Upstream.Answers(answer => answer.Text("a").Event(error)).Fails(200, error);

        var afterText = await harness.FailAsync();
        var whole = await harness.FailAsync();

        Assert.Equal((code, message), (afterText.Code, afterText.Message));
        Assert.Equal(code, whole.Code);
    }

    [Fact]
    public async Task Body_that_is_no_stream_is_complete_when_the_connection_breaks_after_its_JSON()
    {
        await using var harness = await ModelHarness.StartAsync();
        const string Body = """{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}""";
        harness.Upstream
            .Answers(answer => answer.Head(200, ("Content-Type", "application/json"), ("Content-Length", "1000")).Raw(Body))
            .Answers(answer => answer.Head(200, ("Content-Type", "application/json"), ("Content-Length", "1000")).Raw(Body[..^1]));

        var answer = await harness.AskAsync();

        Assert.Equal(("a", "stop"), (answer.Text, answer.FinishReason));
        Assert.Equal("Provider scripted ended the connection before its answer was complete.", (await harness.FailAsync()).Message);
    }

    [Theory]
    [InlineData("data: bye\n\n")]
    [InlineData("event: close\ndata: bye\n\n")]
    [InlineData("data: \"bye\"\n\n")]
    public async Task Usage_that_follows_something_else_than_a_chunk_after_the_finish_is_read(string bytes)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Finish().Raw(bytes).Usage(10, 5));

        var answer = await harness.AskAsync();

        Assert.Equal(("a", "stop", 10L), (answer.Text, answer.FinishReason, answer.Usage?.InputTokens));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("tool_calls")]
    public async Task Answer_is_complete_when_the_connection_breaks_after_the_finish(string reason)
    {
        await using var harness = await ModelHarness.StartAsync();
        var hasFinish = new ManualSignal();
        harness.Upstream.Answers(answer => answer.Text("a").ToolCall("t", "f", "{}").Finish(reason).Usage(10, 5).WaitFor(hasFinish).Abort());
        var answer = new Answer();

        await foreach (var chunk in harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None))
        {
            answer.Add(chunk);
            if (chunk.Kind is ModelChunkKind.Usage)
                hasFinish.Set();
        }

        Assert.Equal(("a", "tool_calls", 10L, "{}"), (answer.Text, answer.FinishReason, answer.Usage?.InputTokens, answer.ToolCalls[0].Arguments));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("null", null)]
    [InlineData("stop", null)]
    [InlineData("stop", "stop")]
    public async Task Answer_is_not_complete_when_the_connection_breaks_without_a_finish_or_in_content_that_follows_one(string? first, string? second)
    {
        await using var harness = await ModelHarness.StartAsync();
        var hasText = new ManualSignal();
        harness.Upstream.Answers(answer => answer.Delta(new { content = "a" }, first).Delta(new { content = "b" }, second).WaitFor(hasText).Abort());
        var text = "";

        var failure = await Assert.ThrowsAsync<ModelException>(async () =>
        {
            await foreach (var chunk in harness.Model.StreamAsync(ModelHarness.Request, CancellationToken.None))
            {
                text += Encoding.UTF8.GetString(chunk.EscapedText.Span);
                if (text == "ab")
                    hasText.Set();
            }
        });

        Assert.Equal((ErrorCode.UpstreamError, true, "ab"), (failure.Error.Code, failure.Error.Retryable, text));
    }

    [Theory]
    [InlineData("a <", "a <")]
    [InlineData("<thi", "<thi")]
    [InlineData("<think>b</think>a <|im_e", "a <|im_e")]
    [InlineData("a<|im_end|>", "a")]
    public async Task Text_that_may_begin_a_token_is_part_of_an_answer_that_breaks_off_fails_or_is_stopped(string sent, string text)
    {
        await using var harness = await ModelHarness.StartAsync();
        var broken = new ManualSignal();
        using var stop = new CancellationTokenSource();
        harness.Upstream.Answers(answer => answer.Text(sent).Usage(10, 5).WaitFor(broken).Abort())
            .Answers(answer => answer.Text(sent).Event("""{"error":{"message":"x"}}"""))
            .Answers(answer => answer.Text(sent).Usage(10, 5).Stall());

        Assert.Equal(text, await ReadAsync<ModelException>(broken.Set, CancellationToken.None));
        Assert.Equal(text, await ReadAsync<ModelException>(() => { }, CancellationToken.None));
        Assert.Equal(text, await ReadAsync<OperationCanceledException>(stop.Cancel, stop.Token));

        async Task<string> ReadAsync<T>(Action withUsage, CancellationToken cancellationToken)
            where T : Exception
        {
            var answer = new Answer();
            await Assert.ThrowsAnyAsync<T>(async () =>
            {
                await foreach (var chunk in harness.Model.StreamAsync(ModelHarness.Request, cancellationToken))
                {
                    answer.Add(chunk);
                    if (chunk.Kind is ModelChunkKind.Usage)
                        withUsage();
                }
            });
            return answer.Text;
        }
    }

    [Fact]
    public async Task Text_after_an_early_finish_is_read()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Text("a").Finish().Text("b", "c").Ends());

        Assert.Equal("abc", (await harness.AskAsync()).Text);
    }

    [Theory]
    [InlineData("""{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}""")]
    [InlineData("""{"audio":{"id":"a","data":"AAAA"}}""")]
    [InlineData("""{"content":[{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}]}""")]
    public async Task Answer_of_nothing_but_parts_that_are_not_read_is_an_error(string delta)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream
            .Answers(answer => answer.Event($$"""{"choices":[{"index":0,"delta":{{delta}}}]}""").Ends())
            .Answers(answer => answer.Event($$"""{"choices":[{"index":0,"delta":{{delta}}}]}""").Text("a").Ends());

        var error = await harness.FailAsync();

        Assert.Equal((ErrorCode.UpstreamError, false), (error.Code, error.Retryable));
        Assert.Contains("can't show", error.Message, StringComparison.Ordinal);
        Assert.Equal("a", (await harness.AskAsync()).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data: [DONE]\n\n")]
    [InlineData(": nothing\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"half\"}}]}\n\n")]
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n")]
    [InlineData("not an event stream at all")]
    public async Task Model_fails_for_now_when_the_stream_ends_before_the_answer_is_whole(string stream)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Answers(answer => answer.Raw(stream));

        var error = await harness.FailAsync();

        Assert.Equal((ErrorCode.UpstreamError, true), (error.Code, error.Retryable));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/event-stream")]
    public async Task Model_fails_when_a_web_page_comes_with_status_200(string contentType)
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(200, "\n<!doctype html><html>sign in</html>", ("Content-Type", contentType));

        var error = await harness.FailAsync();

        Assert.Equal((ErrorCode.UpstreamError, false), (error.Code, error.Retryable));
        Assert.Contains("web page", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_does_not_follow_a_redirect()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Fails(307, "", ("Location", $"{harness.Upstream.Address}elsewhere"));

        Assert.Equal(ErrorCode.ConfigurationError, (await harness.FailAsync()).Code);
        Assert.Single(harness.Upstream.Requests);
    }

    [Fact]
    public async Task Model_refuses_an_event_without_end()
    {
        await using var harness = await ModelHarness.StartAsync();
        var megabyte = Encoding.ASCII.GetBytes(new string('x', 1024 * 1024));
        harness.Upstream.Answers(answer => answer.Raw("data: ").Raw(megabyte).Raw(megabyte).Raw(megabyte).Raw(megabyte).Raw(megabyte).Stall());

        var error = await harness.FailAsync();

        Assert.Equal((ErrorCode.UpstreamError, false), (error.Code, error.Retryable));
        Assert.Equal("Provider scripted sent more than this server reads. More than 4 MB came without an end.", error.Message);
    }

    [Fact]
    public async Task Model_fails_with_a_retryable_error_when_the_connection_is_refused()
    {
        // Bound, so that no other process gets the port, but not listening.
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)reserved.LocalEndPoint!).Port;

        var error = await FailAtAsync($"http://127.0.0.1:{port}/v1");

        Assert.Equal((ErrorCode.UpstreamError, true), (error.Code, error.Retryable));
        Assert.Equal("Provider p cannot be reached.", error.Message);
    }

    [Fact]
    public async Task Model_says_so_when_the_host_does_not_exist()
    {
        var error = await FailAtAsync("http://no-such-host.invalid/v1");

        Assert.Equal(ErrorCode.UpstreamError, error.Code);
        Assert.Contains("was not found. Check its URL setting and the network.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_says_so_when_no_secure_connection_can_be_made()
    {
        await using var plain = await ScriptedModelServer.StartAsync();

        var error = await FailAtAsync(plain.BaseUrl.Replace("http:", "https:", StringComparison.Ordinal));

        Assert.Equal((ErrorCode.UpstreamError, false), (error.Code, error.Retryable));
        Assert.Contains("secure", error.Message, StringComparison.Ordinal);
    }

    private static async Task<AppError> FailAtAsync(string url)
    {
        using var http = ProviderHttp.CreateClient();
        var model = new OpenAiModel(new ProviderCall(
            http, ProviderEndpoint.For("p", url, null, "/chat/completions") with { MaxRetries = 0 }, TimeProvider.System, NullLogger.Instance));
        var failure = await Assert.ThrowsAsync<ModelException>(async () =>
        {
            await foreach (var _ in model.StreamAsync(ModelHarness.Request, CancellationToken.None))
                Assert.Fail("Nothing can come.");
        });
        return failure.Error;
    }
}
