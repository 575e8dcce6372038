using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web;

/// <summary>`POST /api/turns/{turnId}/signals`, over HTTP.</summary>
public sealed class SignalsOverHttpTests : IAsyncLifetime
{
    private const string Path = "api/turns/turn-0001/signals";
    private const string Body = """{"messages":[{"role":"user","content":"Hello"}],"tools":["send_mail"],"turn_id":"turn-0001"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private readonly ManualSignal _go = new();
    private LocalServer _server = null!;
    private int _sent;

    private HttpClient Http => _server.Http;

    public async Task InitializeAsync() => _server = await StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Approval_is_acknowledged_at_once_and_the_turn_continues()
    {
        await ParkAsync();

        using var response = await PostAsync("""{"type":"approve","request_id":"req_1"}""");

        // The call still runs: it waits for this.
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        _go.Set();
        Assert.Equal("""{"turn_id":"turn-0001","request_id":"req_1","type":"approve"}""", (await response.Content.ReadAsStringAsync()).Trim());
        await using var followed = await TurnStream.FollowAsync(Http, "turn-0001", 0);
        Assert.Equal("complete", (await followed.ToEndAsync())[^1].Name);
        Assert.Equal(1, _sent);
    }

    [Fact]
    public async Task Edited_arguments_keep_the_separators_of_lines_in_their_texts()
    {
        var parked = await ParkAsync();
        _go.Set();
        const string Text = "a\u2028b\u2029c\u0085d";

        using var response = await PostAsync("{\"type\":\"approve\",\"request_id\":\"req_1\",\"arguments\":{\r\n\"to\":\"" + Text + "\"}}", $"{Path}?after={parked[^1].Id}", "text/event-stream");

        var rest = SseEvent.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("{  \"to\":\"" + Text + "\"}", rest[0].Text("arguments"));
        Assert.StartsWith($"sent to {Text}", rest.Single(each => each.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approval_with_an_event_stream_is_answered_with_the_rest_of_the_turn()
    {
        var parked = await ParkAsync();
        _go.Set();

        using var response = await PostAsync("""{"type":"approve","request_id":"req_1"}""", $"{Path}?after={parked[^1].Id}", "text/event-stream");

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var rest = SseEvent.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(("request_answered", "complete"), (rest[0].Name, rest[^1].Name));
        Assert.Equal(parked[^1].Id + 1, rest[0].Id);
    }

    [Fact]
    public async Task Follower_that_has_all_events_of_a_parked_turn_receives_204_until_the_turn_is_answered()
    {
        var last = (await ParkAsync())[^1].Id;
        _go.Set();

        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync($"api/turns/turn-0001?after={last}"));
        Assert.Equal(HttpStatusCode.NoContent, await StatusAsync("api/turns/turn-0001?after=99"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"api/turns/turn-0001?after={last - 1}"));
        using (var same = await PostAsync(Body, $"api/chat?after={last}"))
            Assert.Equal(HttpStatusCode.NoContent, same.StatusCode);

        Assert.Equal((HttpStatusCode.OK, ""), await ProblemAsync("""{"type":"approve","request_id":"req_1"}"""));
        Assert.Contains("Done.", await Http.GetStringAsync($"api/turns/turn-0001?after={last}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_that_do_not_count_are_refused()
    {
        await ParkAsync();
        using (var denied = await PostAsync("""{"type":"deny","request_id":"req_1","reason":"No."}"""))
            await denied.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.Conflict, "CONFLICT"), await ProblemAsync("""{"type":"approve","request_id":"req_1"}"""));
        Assert.Equal((HttpStatusCode.OK, ""), await ProblemAsync("""{"type":"deny","request_id":"req_1","reason":"No."}"""));
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), await ProblemAsync("""{"type":"deny","request_id":"req_1"}""", "api/turns/turn-0002/signals"));
        Assert.Equal(0, _sent);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"type":"agree","request_id":"req_1"}""")]
    [InlineData("""{"type":"approve"}""")]
    [InlineData("""{"type":"stop","request_id":"req_1"}""")]
    [InlineData("""{"type":"approve","request_id":"req_1","arguments":[]}""")]
    [InlineData("""{"type":"approve","request_id":"req_1","arguments":{"to":1}}""")]
    [InlineData("""{"type":"approve","request_id":"req_1","reason":"x"}""")]
    [InlineData("""{"type":"deny","request_id":"req_1","content":{}}""")]
    [InlineData("""{"type":"answer","request_id":"req_1","content":{}}""")]
    [InlineData("""{"type":"approve","request_id":"req_1","other":1}""")]
    public async Task Body_that_is_not_valid_is_refused(string body)
    {
        await ParkAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_REQUEST"), await ProblemAsync(body));
    }

    [Fact]
    public async Task Stop_ends_a_parked_turn()
    {
        await ParkAsync();

        Assert.Equal((HttpStatusCode.OK, ""), await ProblemAsync("""{"type":"stop"}"""));

        await using var followed = await TurnStream.FollowAsync(Http, "turn-0001", 0);
        Assert.Equal("CANCELLED", (await followed.ToEndAsync())[^1].Text("code"));
    }

    [Fact]
    public async Task Turn_that_waits_is_an_error_in_formats_that_cannot_ask()
    {
        await ParkAsync();

        using var completion = await Http.GetAsync("api/turns/turn-0001?format=completion");
        Assert.Equal((HttpStatusCode.Conflict, "CONFLICT"), (completion.StatusCode, (await Problem.OfAsync(completion)).Code));
        var chunks = await Http.GetStringAsync("api/turns/turn-0001?format=openai-chat");
        Assert.Contains("waits for a person's answer", chunks, StringComparison.Ordinal);
        _go.Set();
        using (var approved = await PostAsync("""{"type":"approve","request_id":"req_1"}"""))
            await approved.Content.ReadAsStringAsync();
        using var whole = await Http.GetAsync("api/turns/turn-0001?format=completion");
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
    }

    [Fact]
    public async Task Tool_approved_for_the_chat_runs_without_a_request()
    {
        _go.Set();
        _model.Calls(("a", "send_mail", """{"to":"bo"}""")).Says("Sent.");
        await using var stream = await TurnStream.PostAsync(Http, Body.Replace("\"turn_id\"", "\"approved_tools\":[\"send_*\"],\"turn_id\"", StringComparison.Ordinal));

        Assert.DoesNotContain(await stream.ToEndAsync(), each => each.Name == "approval_request");
        Assert.Equal(1, _sent);
    }

    [Fact]
    public async Task Members_of_the_approver_role_approve_the_calls_of_others_and_other_users_do_not()
    {
        _go.Set();
        await using var server = await StartAsync(
            ("FuncChat:Approvals:Approvers", "key:boss"), ("FuncChat:Auth:ApiKeys:user:Hash", HashOf("fchat_user")),
            ("FuncChat:Auth:ApiKeys:boss:Hash", HashOf("fchat_boss")), ("FuncChat:Auth:ApiKeys:other:Hash", HashOf("fchat_other")));
        _model.Calls(("a", "send_mail", """{"to":"bo"}""")).Says("Sent.");
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "fchat_user");
        await using var stream = await TurnStream.PostAsync(server.Http, Body.Replace("\"turn_id\"", "\"approved_tools\":[\"*\"],\"turn_id\"", StringComparison.Ordinal));
        var owner = (await stream.ToEndAsync()).Single(each => each.Name == "approval_request").Text("owner")!;
        const string Approve = """{"type":"approve","request_id":"req_1"}""";
        var asApprover = $"{Path}?owner={Uri.EscapeDataString(owner)}";

        Assert.Equal((HttpStatusCode.Forbidden, "FORBIDDEN"), await ProblemAsync(Approve, Path, server.Http));
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "fchat_other");
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), await ProblemAsync(Approve, asApprover, server.Http));
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "fchat_boss");
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), await ProblemAsync("""{"type":"stop"}""", asApprover, server.Http));
        Assert.Equal((HttpStatusCode.OK, ""), await ProblemAsync(Approve, asApprover, server.Http));

        Assert.Equal(1, _sent);
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "fchat_user");
        await using var followed = await TurnStream.FollowAsync(server.Http, "turn-0001", 0);
        Assert.Equal("key boss", (await followed.ToEndAsync()).Single(each => each.Name == "request_answered").Text("by"));
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return response.StatusCode;
    }

    private static string HashOf(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private Task<LocalServer> StartAsync(params (string Name, string Value)[] settings) => LocalServer.StartWithAsync(
        _folder.Path, builder => builder.Services.AddSingleton(Tool.FromMethod(SendAsync, "send_mail", "Sends mail.")), _model.Catalog, null, settings);

    private async Task<string> SendAsync(string to, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _sent);
        await _go.WaitAsync(cancellationToken);
        return $"sent to {to}";
    }

    private async Task<IReadOnlyList<SseEvent>> ParkAsync()
    {
        _model.Calls(("a", "send_mail", """{"to":"bo"}""")).Says("Done.");
        await using var stream = await TurnStream.PostAsync(Http, Body);
        var events = await stream.ToEndAsync();
        Assert.Equal("parked", events[^1].Name);
        return events;
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string path = Path, string? accept = null, HttpClient? http = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        return await (http ?? Http).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<(HttpStatusCode Status, string Code)> ProblemAsync(string body, string path = Path, HttpClient? http = null)
    {
        using var response = await PostAsync(body, path, http: http);
        if (response.StatusCode != HttpStatusCode.OK)
            return (response.StatusCode, (await Problem.OfAsync(response)).Code);
        await response.Content.ReadAsStringAsync();
        return (response.StatusCode, "");
    }
}
