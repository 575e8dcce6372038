using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.ChatClients;
using FuncChat.Engine.Models.Http;
using FuncChat.Tests.Engine.Models.OpenAi;
using FuncChat.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Engine.Models;

public sealed class ChatClientModelTests
{
    [Fact]
    public async Task Model_streams_what_the_client_gives()
    {
        var client = ScriptedChatClient.Of(
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Hm")]),
            new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("é€😀 "), new TextContent(""), new TextContent("\"q\" \\ \n\u0001 \ud83d")]),
            new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("a", "f", new Dictionary<string, object?>(StringComparer.Ordinal) { ["q"] = "é", ["n"] = 1 })]),
            new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("", "g")]) { FinishReason = ChatFinishReason.ToolCalls },
            new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 3, OutputTokenCount = 4, CachedInputTokenCount = 2 })]));

        var answer = await AskAsync(client);

        Assert.Equal("Hm", answer.Reasoning);
        Assert.Equal("é€😀 \"q\" \\ \n\u0001 \uFFFD", answer.Text);
        Assert.Equal([("a", "f", """{"q":"é","n":1}"""), (null, "g", "{}")], answer.ToolCalls.Values);
        Assert.Equal(new ModelUsage(3, 4) { CachedInputTokens = 2 }, answer.Usage);
        Assert.Equal("tool_calls", answer.FinishReason);
    }

    [Fact]
    public async Task Model_passes_on_the_sources_of_the_client()
    {
        var cited = new TextContent("So.") { Annotations = [new CitationAnnotation { Url = new Uri("https://one.test/"), Title = "One" }, new CitationAnnotation { FileId = "f" }] };

        Assert.Equal([new ModelSource("https://one.test/", "One")], (await AskAsync(ScriptedChatClient.Of(cited))).Sources);
    }

    [Fact]
    public async Task Model_gives_a_finish_reason_when_the_client_gives_none()
    {
        Assert.Equal("stop", (await AskAsync(ScriptedChatClient.Of(new TextContent("a")))).FinishReason);
        Assert.Equal("tool_calls", (await AskAsync(ScriptedChatClient.Of(new FunctionCallContent("a", "f")))).FinishReason);
    }

    [Fact]
    public async Task Model_hands_messages_tools_and_sampling_to_the_client()
    {
        var client = ScriptedChatClient.Of(new TextContent("a"));
        var runs = 0;
        var tool = AIFunctionFactory.Create((string query) => runs++, "search_web", "Searches.");

        await AskAsync(client, new ModelRequest
        {
            Model = "m",
            Messages =
            [
                Message("""{"role":"developer","content":"Be brief."}"""),
                Message("""{"role":"user","name":"Ann","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}"""),
                Message("""{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"q\":[1]}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{broken"}}]}"""),
                Message("""{"role":"tool","tool_call_id":"a","content":"found"}"""),
                Message("""{"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"no"},{"type":"text","text":"thing"}]}"""),
            ],
            Tools = [tool],
            Sampling = new SamplingOptions { Temperature = 0.5, MaxTokens = 9, TopP = 1 },
        });

        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Tool], client.Messages.Select(message => message.Role));
        Assert.Equal("Be brief.", client.Messages[0].Text);
        Assert.Equal(("Ann", "See"), (client.Messages[1].AuthorName, client.Messages[1].Text));
        Assert.Equal("image/png", Assert.IsType<DataContent>(client.Messages[1].Contents[1]).MediaType);
        Assert.Equal("https://x/y.png", Assert.IsType<UriContent>(client.Messages[1].Contents[2]).Uri.AbsoluteUri);
        var call = Assert.IsType<FunctionCallContent>(client.Messages[2].Contents[0]);
        Assert.Equal(("a", "f", "[1]"), (call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments!["q"])));
        Assert.Null(Assert.IsType<FunctionCallContent>(client.Messages[2].Contents[1]).Arguments);
        Assert.Equal("found", Assert.IsType<FunctionResultContent>(client.Messages[3].Contents[0]).Result);
        Assert.Equal("no\nthing", Assert.IsType<FunctionResultContent>(client.Messages[4].Contents[0]).Result);
        Assert.Equal(("m", 0.5f, 9, 1f), (client.Options!.ModelId, client.Options.Temperature, client.Options.MaxOutputTokens, client.Options.TopP));
        Assert.Null(client.Options.FrequencyPenalty);
        var offered = Assert.Single(client.Options.Tools!);
        Assert.Equal("search_web", offered.Name);
        // The client must not be able to run the tool.
        Assert.IsNotAssignableFrom<AIFunction>(offered);
    }

    [Fact]
    public async Task Model_offers_no_tools_when_they_are_off()
    {
        var client = ScriptedChatClient.Of(new TextContent("a"));
        await AskAsync(client);
        Assert.Null(client.Options!.Tools);
    }

    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"video","video":{}}]}""", "video")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":"nonsense"}}]}""", "malformed")]
    [InlineData("""{"role":"user","content":[{"type":"image_url"}]}""", "malformed")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"*","format":"wav"}}]}""", "malformed")]
    [InlineData("""{"content":"no role"}""", "malformed")]
    [InlineData("[]", "malformed")]
    [InlineData("x", "malformed")]
    public async Task Model_refuses_a_message_that_it_cannot_hand_on(string message, string word)
    {
        var error = await FailAsync(ScriptedChatClient.Of(new TextContent("a")), ModelHarness.Request with { Messages = [Message(message)] });

        Assert.Equal(ErrorCode.InvalidRequest, error.Code);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<Exception, ErrorCode, bool> Failures => new()
    {
        { new HttpRequestException("secret", null, HttpStatusCode.Unauthorized), ErrorCode.ConfigurationError, false },
        { new HttpRequestException("secret", null, HttpStatusCode.TooManyRequests), ErrorCode.RateLimited, true },
        { new HttpRequestException(HttpRequestError.ConnectionError, "secret"), ErrorCode.UpstreamError, true },
        { new IOException("secret"), ErrorCode.UpstreamError, true },
        { new TimeoutException("secret"), ErrorCode.UpstreamTimeout, true },
        { new OperationCanceledException("secret"), ErrorCode.UpstreamTimeout, true },
        { new InvalidOperationException("secret"), ErrorCode.UpstreamError, true },
        { new OwnException(400, "bad secret"), ErrorCode.InvalidRequest, false },
        { new OwnException(503, "down secret"), ErrorCode.UpstreamError, true },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task Model_maps_the_clients_exceptions_without_its_secrets(Exception failure, ErrorCode code, bool retryable)
    {
        var error = await FailAsync(ScriptedChatClient.Failing(failure));

        Assert.Equal((code, retryable), (error.Code, error.Retryable));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_fails_when_the_client_fails_before_its_first_update()
    {
        var client = new ScriptedChatClient(_ => throw new InvalidOperationException("secret"));
        Assert.Equal(ErrorCode.UpstreamError, (await FailAsync(client)).Code);
    }

    [Fact]
    public async Task Model_fails_when_the_client_reports_an_error_or_gives_nothing()
    {
        Assert.Equal(ErrorCode.RateLimited, (await FailAsync(ScriptedChatClient.Of(new ErrorContent("x") { ErrorCode = "rate_limit_exceeded" }))).Code);
        Assert.Equal(ErrorCode.UpstreamError, (await FailAsync(ScriptedChatClient.Of(new ErrorContent("x")))).Code);
        var nothing = await FailAsync(ScriptedChatClient.Of(Array.Empty<ChatResponseUpdate>()));
        Assert.Equal((ErrorCode.UpstreamError, true), (nothing.Code, nothing.Retryable));
    }

    [Fact]
    public async Task Model_fails_when_the_finish_reason_means_a_failure() =>
        Assert.Equal(ErrorCode.UpstreamError, (await FailAsync(ScriptedChatClient.Of(new ChatResponseUpdate(ChatRole.Assistant, "a") { FinishReason = new("model_error") }))).Code);

    [Fact]
    public async Task Model_gives_no_usage_that_is_impossible()
    {
        var details = new UsageDetails { InputTokenCount = -5, OutputTokenCount = long.MaxValue, CachedInputTokenCount = -1, ReasoningTokenCount = 3 };

        var answer = await AskAsync(ScriptedChatClient.Of(new TextContent("a"), new UsageContent(details)));

        Assert.Equal(new ModelUsage(0, 1_000_000_000_000) { CachedInputTokens = 0, ReasoningTokens = 3 }, answer.Usage);
    }

    [Fact]
    public async Task Tool_with_alternatives_at_the_top_of_its_schema_is_an_object()
    {
        var client = ScriptedChatClient.Of(new TextContent("a"));

        await AskAsync(client, ModelHarness.Request with { Tools = [ModelHarness.ToolWithAlternatives] });

        Assert.Equal(
            """{"type":"object","properties":{"content":{"type":"string"},"url":{"type":"string"}}}""",
            Assert.IsType<AIFunctionDeclaration>(Assert.Single(client.Options!.Tools!), exactMatch: false).JsonSchema.GetRawText());
    }

    [Fact]
    public async Task Model_offers_the_allowed_tools_alone()
    {
        var client = ScriptedChatClient.Of(new TextContent("a"));
        var choice = """{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"g"}}]}}"""u8.ToArray();

        await AskAsync(client, ModelHarness.Request with
        {
            Tools = [AIFunctionFactory.Create(() => 1, "f"), AIFunctionFactory.Create(() => 1, "g")],
            Options = new Dictionary<string, RawJson> { ["tool_choice"] = new(choice) },
        });

        Assert.Equal("g", Assert.Single(client.Options!.Tools!).Name);
        Assert.Equal(ChatToolMode.RequireAny, client.Options.ToolMode);
    }

    [Fact]
    public async Task Model_tries_again_when_the_client_fails_before_its_first_update()
    {
        var clock = new WatchedClock();
        var calls = 0;
        var client = new ScriptedChatClient(_ => ++calls < 3 ? UnavailableAsync() : new[] { new ChatResponseUpdate(ChatRole.Assistant, "Hello") }.ToAsyncEnumerable());

        var call = AskAsync(new ChatClientModel(client, "p", clock) { Retries = Retries(2) });
        await clock.PassWaitAsync(TimeSpan.FromSeconds(10));
        await clock.PassWaitAsync(TimeSpan.FromSeconds(10));

        var answer = await call;
        Assert.Equal(("Hello", 2), (answer.Text, answer.Retries.Count));
    }

    [Fact]
    public async Task Model_gives_up_when_it_has_tried_often_enough()
    {
        var calls = 0;
        var client = new ScriptedChatClient(_ =>
        {
            calls++;
            return UnavailableAsync();
        });

        var failure = await Assert.ThrowsAsync<ModelException>(() => AskAsync(new ChatClientModel(client, "p", TimeProvider.System) { Retries = Retries(0) }));

        Assert.Equal((ErrorCode.UpstreamError, 1), (failure.Error.Code, calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failure_of_a_call_is_reported_when_its_release_fails_too(bool afterUpdate)
    {
        var failing = new ScriptedChatClient(_ => new FailingRelease(afterUpdate ? 1 : 0, new HttpRequestException("busy", null, HttpStatusCode.TooManyRequests)));

        var error = await FailAsync(failing);

        Assert.Equal((ErrorCode.RateLimited, true), (error.Code, error.Retryable));
    }

    [Fact]
    public async Task Answer_is_complete_when_the_release_of_its_call_fails() =>
        Assert.Equal("aaa", (await AskAsync(new ScriptedChatClient(_ => new FailingRelease(3, null)))).Text);

    [Fact]
    public async Task Model_does_not_try_again_after_a_part_of_the_answer()
    {
        var client = ScriptedChatClient.Failing(new HttpRequestException("busy", null, HttpStatusCode.ServiceUnavailable));
        await using var chunks = new ChatClientModel(client, "p", TimeProvider.System) { Retries = Retries(2) }
            .StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());

        await Assert.ThrowsAsync<ModelException>(() => chunks.MoveNextAsync().AsTask());
    }

    [Theory]
    [InlineData("<thi", "<thi", "")]
    [InlineData("<think>Hm</th", "", "Hm</th")]
    public async Task Text_that_may_begin_a_tag_is_kept_when_the_answer_breaks_off(string sent, string text, string reasoning)
    {
        foreach (var client in (ScriptedChatClient[])[new(_ => BreakOffAsync(sent)), ScriptedChatClient.Of(new TextContent(sent), new ErrorContent("busy"))])
        {
            var answer = new Answer();
            await Assert.ThrowsAsync<ModelException>(async () =>
            {
                await foreach (var chunk in new ChatClientModel(client, "p", TimeProvider.System).StreamAsync(ModelHarness.Request, CancellationToken.None))
                    answer.Add(chunk);
            });

            Assert.Equal((text, reasoning), (answer.Text, answer.Reasoning));
        }
    }

    [Fact]
    public async Task Model_times_out_when_the_client_falls_silent()
    {
        var clock = new FakeTimeProvider();
        await using var chunks = new ChatClientModel(ScriptedChatClient.Silent(), "p", clock)
            .StreamAsync(ModelHarness.Request, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());

        var next = chunks.MoveNextAsync();
        clock.Advance(TimeSpan.FromSeconds(60));

        var failure = await Assert.ThrowsAsync<ModelException>(() => next.AsTask());
        Assert.Equal(ErrorCode.UpstreamTimeout, failure.Error.Code);
    }

    [Fact]
    public async Task Model_gives_the_client_up_when_its_token_is_cancelled()
    {
        using var leaving = new CancellationTokenSource();
        await using var chunks = new ChatClientModel(ScriptedChatClient.Silent(), "p", TimeProvider.System)
            .StreamAsync(ModelHarness.Request, leaving.Token).GetAsyncEnumerator();
        Assert.True(await chunks.MoveNextAsync());

        var next = chunks.MoveNextAsync();
        await leaving.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask());
        Assert.Equal(leaving.Token, cancelled.CancellationToken);
    }

    private static ReadOnlyMemory<byte> Message(string json) => Encoding.UTF8.GetBytes(json);

    private static Task<Answer> AskAsync(IChatClient client, ModelRequest? request = null) =>
        AskAsync(new ChatClientModel(client, "p", TimeProvider.System) { ApiKey = "secret", StatusOf = failure => (failure as OwnException)?.Status }, request);

    private static async Task<Answer> AskAsync(ChatClientModel model, ModelRequest? request = null)
    {
        var answer = new Answer();
        await foreach (var chunk in model.StreamAsync(request ?? ModelHarness.Request, CancellationToken.None))
            answer.Add(chunk);
        return answer;
    }

    private static RetryPolicy Retries(int most) => new("p", most, NullLogger.Instance);

    private static async IAsyncEnumerable<ChatResponseUpdate> UnavailableAsync()
    {
        await Task.FromException(new HttpRequestException("busy", null, HttpStatusCode.ServiceUnavailable));
        yield break;
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> BreakOffAsync(string text)
    {
        yield return new ChatResponseUpdate(ChatRole.Assistant, text);
        await Task.FromException(new IOException("cut"));
    }

    private static async Task<AppError> FailAsync(IChatClient client, ModelRequest? request = null) =>
        (await Assert.ThrowsAsync<ModelException>(() => AskAsync(client, request))).Error;

    /// <summary>Some updates, then a failure or the end. Its release always fails.</summary>
    private sealed class FailingRelease(int updates, Exception? failure) : IAsyncEnumerable<ChatResponseUpdate>, IAsyncEnumerator<ChatResponseUpdate>
    {
        private int _left = updates;

        public ChatResponseUpdate Current { get; } = new(ChatRole.Assistant, "a");

        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public async ValueTask<bool> MoveNextAsync()
        {
            await Task.Yield();
            return _left-- > 0 || (failure is null ? false : throw failure);
        }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException("The connection is gone.");
        }
    }

    /// <summary>An exception of a client's own kind.</summary>
    private sealed class OwnException(int status, string message) : Exception(message)
    {
        public int Status { get; } = status;
    }
}
