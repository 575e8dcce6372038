using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs.Specialized;
using FuncChat.Tests.Mcp;
using FuncChat.Tests.Mcp.SignIn;
using FuncChat.Tests.Support;
using Microsoft.IdentityModel.Tokens;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tests.Azure;

/// <summary>Two servers that share nothing but the store.</summary>
[Collection(AzuriteTests.Name)]
public sealed class TwoInstancesTests(AzuriteServer azurite) : IAsyncLifetime
{
    private const string TurnId = "turn-0001";
    private const string Body = $$"""{"messages":[{"role":"user","content":"Hello"}],"model":"openai:scripted","turn_id":"{{TurnId}}"}""";

    private readonly string _container = AzuriteServer.NewContainer();
    private readonly TemporaryFolder _folders = new();
    private ScriptedModelServer _upstream = null!;

    public async Task InitializeAsync() => _upstream = await ScriptedModelServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folders.Dispose();
    }

    [Fact]
    public async Task Turn_continues_on_the_second_instance_when_the_first_is_killed()
    {
        _upstream.Answers(answer => answer.Text("Half an ").Stall()).Says("A whole ", "answer.");
        await using var first = await StartAsync("first");
        await using var second = await StartAsync("second");
        await using var started = await TurnStream.PostAsync(first.Http, Body);
        await using var followed = await TurnStream.FollowAsync(second.Http, TurnId, after: 0);
        Assert.Equal("Half an ", (await NextAsync(followed, "delta")).Text("content"));

        await first.KillAsync();
        await EndLeaseAsync();

        await NextAsync(followed, "message_reset");
        var rest = await followed.ToEndAsync();
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal("A whole answer.", string.Concat(rest.Where(each => each.Name == "delta").Select(each => each.Text("content"))));
    }

    [Fact]
    public async Task Turn_of_the_first_instance_is_stopped_through_the_second()
    {
        _upstream.Answers(answer => answer.Text("Half an ").Stall());
        await using var first = await StartAsync("first");
        await using var second = await StartAsync("second");
        await using var started = await TurnStream.PostAsync(first.Http, Body);
        await NextAsync(started, "delta");

        using var stopped = await second.Http.DeleteAsync(new Uri($"api/chat/{TurnId}", UriKind.Relative));

        Assert.True(stopped.IsSuccessStatusCode);
        Assert.Equal("CANCELLED", (await NextAsync(started, "error")).Text("code"));
    }

    [Fact]
    public async Task Instance_says_that_the_store_is_well()
    {
        await using var instance = await StartAsync("first");

        var health = await instance.Http.GetStringAsync(new Uri("api/health", UriKind.Relative));

        Assert.Contains("\"storage\":\"ok\"", health, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turn_that_waits_for_an_approval_outlives_the_instance_that_parked_it()
    {
        _upstream.Answers(answer => answer.ToolCall("a", "execute_javascript", """{"code":"6*7"}""").Ends("tool_calls")).Says("It is 42.");
        await using var first = await StartAsync("first", ("FuncChat__Approvals__Always", "execute_javascript"));
        await using var started = await TurnStream.PostAsync(first.Http, Body.Replace("\"turn_id\"", "\"tools\":[\"execute_javascript\"],\"turn_id\"", StringComparison.Ordinal));
        var parked = await started.ToEndAsync();
        Assert.Equal("parked", parked[^1].Name);

        // Nothing runs and no lease is held: there is no lease to end.
        await first.KillAsync();
        await using var second = await StartAsync("second", ("FuncChat__Approvals__Always", "execute_javascript"));
        using var approved = await second.Http.PostAsync(
            $"api/turns/{TurnId}/signals", new StringContent("""{"type":"approve","request_id":"req_1"}""", System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(System.Net.HttpStatusCode.OK, approved.StatusCode);
        await using var followed = await TurnStream.FollowAsync(second.Http, TurnId, parked[^1].Id);
        var rest = await followed.ToEndAsync();
        Assert.Equal(("request_answered", "complete"), (rest[0].Name, rest[^1].Name));
        Assert.Contains("42", rest.Single(each => each.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Question_of_a_server_is_answered_on_another_instance_after_the_first_is_killed()
    {
        var states = new ConcurrentQueue<string?>();
        await using var mcp = await ScriptedMcpServer.StartAsync();
        mcp.On("book", (context, _) =>
        {
            states.Enqueue(context.Params!.RequestState);
            return context.Params.InputResponses is { } answers
                ? new(ScriptedMcpServer.Text(answers["room"].RawValue.GetRawText()))
                : throw new InputRequiredException(
                    new Dictionary<string, InputRequest> { ["room"] = InputRequest.ForElicitation(new ElicitRequestParams { Message = "A room?", RequestedSchema = new() }) }, "state");
        }, annotations: new ToolAnnotations { ReadOnlyHint = true });
        _upstream.Answers(answer => answer.ToolCall("a", "mail__book", "{}").Ends("tool_calls")).Says("Booked.");
        await using var first = await StartAsync("first", ("FuncChat__Mcp__Servers__mail__Url", mcp.Url.AbsoluteUri));
        await using var started = await TurnStream.PostAsync(first.Http, Body.Replace("\"turn_id\"", "\"tools\":[\"mail__book\"],\"turn_id\"", StringComparison.Ordinal));
        var parked = await started.ToEndAsync();
        Assert.Equal(("input_request", "parked"), (parked[^2].Name, parked[^1].Name));

        await first.KillAsync();
        await using var second = await StartAsync("second", ("FuncChat__Mcp__Servers__mail__Url", mcp.Url.AbsoluteUri));
        using var answered = await PostAsync(second, $"api/turns/{TurnId}/signals", """{"type":"answer","request_id":"req_1","content":{}}""");

        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        await using var followed = await TurnStream.FollowAsync(second.Http, TurnId, parked[^1].Id);
        var rest = await followed.ToEndAsync();
        Assert.Equal(("request_answered", "complete"), (rest[0].Name, rest[^1].Name));
        Assert.Equal("""{"action":"accept","content":{}}""", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal([null, "state"], states);
    }

    [Fact]
    public async Task Question_is_answered_once_when_two_instances_receive_an_answer()
    {
        await using var mcp = await ScriptedMcpServer.StartAsync();
        mcp.On("book", (context, _) => context.Params!.InputResponses is { } answers
            ? new(ScriptedMcpServer.Text(answers["room"].RawValue.GetRawText()))
            : throw new InputRequiredException(
                new Dictionary<string, InputRequest>
                {
                    ["room"] = InputRequest.ForElicitation(new ElicitRequestParams
                    {
                        Message = "A room?",
                        RequestedSchema = new() { Properties = { ["room"] = new ElicitRequestParams.StringSchema() } },
                    }),
                },
                "state"), annotations: new ToolAnnotations { ReadOnlyHint = true });
        _upstream.Answers(answer => answer.ToolCall("a", "mail__book", "{}").Ends("tool_calls")).Says("Booked.");
        await using var first = await StartAsync("first", ("FuncChat__Mcp__Servers__mail__Url", mcp.Url.AbsoluteUri));
        await using var second = await StartAsync("second", ("FuncChat__Mcp__Servers__mail__Url", mcp.Url.AbsoluteUri));
        await using var started = await TurnStream.PostAsync(first.Http, Body.Replace("\"turn_id\"", "\"tools\":[\"mail__book\"],\"turn_id\"", StringComparison.Ordinal));
        var parked = await started.ToEndAsync();

        var answers = await Task.WhenAll(
            PostAsync(first, $"api/turns/{TurnId}/signals", """{"type":"answer","request_id":"req_1","content":{"room":"one"}}"""),
            PostAsync(second, $"api/turns/{TurnId}/signals", """{"type":"answer","request_id":"req_1","content":{"room":"two"}}"""));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
        var counted = answers[0].StatusCode == HttpStatusCode.OK ? "one" : "two";
        await using var followed = await TurnStream.FollowAsync(second.Http, TurnId, parked[^1].Id);
        var rest = await followed.ToEndAsync();
        Assert.Single(rest, each => each.Name == "request_answered");
        Assert.Contains(counted, rest.Single(each => each.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
        Assert.Equal(["book", "book"], mcp.Called);
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Sign_in_to_a_server_that_one_instance_started_is_completed_by_another()
    {
        await using var mcp = (await ScriptedMcpServer.StartAsync()).Says("read", "mail", new() { ReadOnlyHint = true });
        await using var authorization = await FakeAuthorization.StartAsync(mcp);
        (string, string)[] settings =
        [
            ("FuncChat__Mcp__Servers__mail__Url", mcp.Url.AbsoluteUri), ("FuncChat__Mcp__Servers__mail__Auth", "sign-in"), ("FuncChat__TurnLog__SecretsContainer", AzuriteServer.NewContainer()),
        ];
        await using var first = await StartAsync("first", settings);
        using var started = await PostAsync(first, "api/mcp/servers/mail/sign-in", null);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var authorized = await browser.GetAsync((await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString());
        using var returned = await browser.GetAsync(authorized.Headers.Location);

        await first.KillAsync();
        await using var second = await StartAsync("second", settings);
        using var completed = await PostAsync(second, "api/mcp/oauth/callback", Base64UrlEncoder.Decode(returned.Headers.Location!.Fragment["#/mcp-sign-in/".Length..]));

        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        Assert.Contains("mail__read", await second.Http.GetStringAsync(new Uri("api/tools", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folders.Path, "mcp-*", SearchOption.AllDirectories));
    }

    private static Task<HttpResponseMessage> PostAsync(LocalProcess instance, string path, string? body) =>
        instance.Http.PostAsync(new Uri(path, UriKind.Relative), body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<SseEvent> NextAsync(TurnStream stream, string name)
    {
        while (await stream.NextAsync() is { } next)
        {
            if (next.Name == name)
                return next;
        }

        throw new InvalidOperationException($"The stream ended without an event '{name}'.");
    }

    private Task<LocalProcess> StartAsync(string name, params (string Name, string Value)[] settings) => LocalProcess.StartAsync(
        Directory.CreateDirectory(Path.Combine(_folders.Path, name)).FullName,
        [
            ("FuncChat__TurnLog__ConnectionString", azurite.ConnectionString),
            ("FuncChat__TurnLog__Container", _container),
            ("OPENAI_API_KEY", "key"),
            ("OPENAI_API_URL", _upstream.BaseUrl),
            ("OPENAI_MODELS", "scripted"),
            .. settings,
        ]);

    // The killed writer's lease would expire within seconds.
    private async Task EndLeaseAsync()
    {
        var container = azurite.Container(_container);
        var blob = await container.GetBlobsAsync().SingleAsync(blob => blob.Name.EndsWith(".log", StringComparison.Ordinal));
        await container.GetAppendBlobClient(blob.Name).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);
    }
}
