using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Web.Http;
using FuncChat.Web.Mcp;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tests.Mcp;

/// <summary>`POST /api/mcp`, with the clients of two SDKs and by hand.</summary>
public sealed class McpEndpointTests : IAsyncLifetime
{
    private const string Key = "fck_0123456789abcdef0123456789abcdef";
    private const string KeyHash = "FuncChat:Auth:ApiKeys:script:Hash";
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private readonly GatedTools _tools = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(_folder.Path, _model.Catalog, _tools);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Memory_of_a_request_is_released_when_its_client_hangs_up_within_the_body()
    {
        // As Kestrel ends the body.
        var body = new Pipe();
        await body.Writer.CompleteAsync(new BadHttpRequestException("Unexpected end of request content."));
        var http = new DefaultHttpContext { RequestServices = _server.Services };
        http.Features.Set(Caller.Anonymous);
        (http.Request.Method, http.Request.ContentType, http.Request.ContentLength, http.Request.Body) = (HttpMethods.Post, "application/json", 1000, body.Reader.AsStream());

        Assert.IsType<ProblemResult>(await _server.Services.GetRequiredService<McpApi>().HandleAsync(http));

        using var all = _server.Services.GetRequiredService<RequestMemory>().Hold(Caller.Anonymous.User, int.MaxValue).Value;
        Assert.NotNull(all);
    }

    [Fact]
    public async Task Official_client_lists_and_calls_the_tools()
    {
        await NodeTool.ScriptAsync(EverythingServer.Folder, Path.Combine("@modelcontextprotocol", "sdk", "package.json"));

        var (exitCode, output) = await NodeTool.RunAsync(EverythingServer.Folder, "node", "client.mjs", Address(), "", GatedTools.Echo, """{"text":"Grüße"}""");

        Assert.Equal(0, exitCode);
        var answer = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal("FuncChat", answer.GetProperty("server").GetProperty("name").GetString());
        Assert.Contains(answer.GetProperty("tools").EnumerateArray(), tool =>
            tool.GetProperty("name").GetString() == "search_web" && tool.GetProperty("annotations").GetProperty("readOnlyHint").GetBoolean());
        Assert.Equal("Grüße", answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Call_reports_progress_and_ends_with_the_result()
    {
        await using var client = await ConnectAsync();
        var progress = new McpRun();
        var call = client.CallToolAsync(GatedTools.Long, null, new Reports(progress)).AsTask();
        await _tools.Started.WaitAsync();
        _tools.Run!.Report("2 of 3", 2, 3);
        Assert.Equal(("2 of 3", 2, 3), await progress.NextReportAsync());
        _tools.Go.Set();

        Assert.Equal("done", Assert.IsType<TextContentBlock>(Assert.Single((await call).Content)).Text);
    }

    [Theory]
    [InlineData(GatedTools.Fails, "{}", "is gone")]
    [InlineData(GatedTools.Echo, "{}", "do not match")]
    public async Task Call_that_fails_is_a_result_that_says_why(string tool, string arguments, string message)
    {
        await using var client = await ConnectAsync();

        var result = await client.CallToolAsync(tool, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments));

        Assert.True(result.IsError);
        Assert.Contains(message, Assert.IsType<TextContentBlock>(result.Content[0]).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GatedTools.Echo, """{"text":"x"}""", false, "x")]
    [InlineData(GatedTools.AsksInSteps, "{}", true, "FuncChat__DefaultModel")]
    public async Task Without_a_default_model_only_a_tool_that_asks_one_fails(string tool, string arguments, bool failed, string text)
    {
        using var folder = new TemporaryFolder();
        var models = new ModelCatalog([new ModelProvider(new ProviderModels("fake", [], TakesAny: true), _model, name => name)]);
        await using var server = await LocalServer.StartAsync(folder.Path, models, _tools);

        using var response = await PostAsync(server, $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}} } }""");

        var answer = await response.Content.ReadAsStringAsync();
        Assert.Equal(failed, answer.Contains("\"isError\":true", StringComparison.Ordinal));
        Assert.Contains(text, answer, StringComparison.Ordinal);
        Assert.Empty(_model.Requests);
    }

    [Fact]
    public async Task Tool_that_does_not_exist_is_a_protocol_error()
    {
        await using var client = await ConnectAsync();

        await Assert.ThrowsAnyAsync<McpException>(() => client.CallToolAsync("unknown").AsTask());
    }

    [Theory]
    [InlineData("tools/call", null)]
    [InlineData("tools/call", "null")]
    [InlineData("tools/call", "5")]
    [InlineData("tools/call", "{}")]
    [InlineData("tools/call", """{"name":5}""")]
    [InlineData("tools/call", """{"name":"Echo","arguments":5}""")]
    [InlineData("tools/call", """{"name":"Echo","arguments":[]}""")]
    [InlineData("tools/call", """{"name":"Echo","_meta":5}""")]
    [InlineData("tools/list", "5")]
    [InlineData("initialize", """{"protocolVersion":5}""")]
    public async Task Params_of_the_wrong_form_are_refused_as_invalid(string method, string? parameters)
    {
        using var response = await PostAsync(_server, $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}"{{(parameters is null ? "" : $",\"params\":{parameters}")}}}""");

        Assert.Contains("\"code\":-32602", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-06-18", "2025-06-18")]
    [InlineData("2027-01-01", "2025-11-25")]
    [InlineData("2026-07-28", "2025-11-25")]
    [InlineData("2024-10-07", "2025-11-25")]
    public async Task Initialize_with_a_version_that_the_server_lacks_offers_another(string asked, string offered)
    {
        using var response = await PostAsync(
            _server, $$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"{{{asked}}}","clientInfo":{"name":"x","version":"1"},"capabilities":{} } }""");

        Assert.Contains($"\"protocolVersion\":\"{offered}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tools/list", """{"cursor":5}""", "params.cursor must be a string: the nextCursor of an earlier page.")]
    [InlineData("tools/list", """{"cursor":{}}""", "params.cursor must be a string: the nextCursor of an earlier page.")]
    [InlineData("tools/list", """{"cursor":"garbage"}""", "params.cursor is no nextCursor of an earlier page. Leave it out: one page has all tools.")]
    [InlineData("logging/setLevel", """{"level":"made_up"}""", "params.level must be one of: debug, info, notice, warning, error, critical, alert, emergency.")]
    [InlineData("logging/setLevel", """{"level":5}""", "params.level must be one of: debug, info, notice, warning, error, critical, alert, emergency.")]
    [InlineData("logging/setLevel", "{}", "params.level must be one of: debug, info, notice, warning, error, critical, alert, emergency.")]
    public async Task Param_of_the_wrong_form_is_refused_with_what_is_accepted(string method, string parameters, string message)
    {
        using var response = await PostAsync(_server, $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""");

        var answer = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"code\":-32602", answer, StringComparison.Ordinal);
        Assert.Contains(message, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"Echo","name":"Fails"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"Echo","arguments":{"text":"a","text":"b"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"Echo","arguments":{"text":"a"},"_meta":{"x":{"y":1,"\u0079":2}}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call"}""")]
    public async Task Message_with_a_name_twice_in_one_object_is_refused(string message)
    {
        using var response = await PostAsync(_server, message);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"code\":-32600", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"\ud800","method":"tools/list"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"\udfff"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\ud800"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"Echo","arguments":{"text":"\ud800"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"Echo","arguments":{"\ud800":"x"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"\ud800","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"\ud800","version":"1"}}}""")]
    public async Task Half_a_surrogate_pair_is_refused_wherever_it_is(string message)
    {
        using var logs = new LogLines();
        await using var server = await LocalServer.StartWithAsync(_folder.Path, builder => builder.Logging.AddProvider(logs), _model.Catalog, _tools);

        using var response = await PostAsync(server, message);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"code\":-32602", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", logs.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_at_the_same_time_pass_no_limit()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartAsync(
            folder.Path, _model.Catalog, _tools, ("FuncChat:Auth:AllowAnonymous", "true"), ("FuncChat:Limits:ToolRunsPerDay", "3"));
        await using var scope = server.Services.CreateAsyncScope();
        var calls = scope.ServiceProvider.GetRequiredService<DirectToolCall>();
        var tool = scope.ServiceProvider.GetRequiredService<BuiltInTools>().All.Single(each => each.Name == GatedTools.Echo);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => calls.RunAsync(
            tool, new ToolUser(Caller.Anonymous.User, null), $"call{number}", """{"text":"x"}""", _ => Task.CompletedTask, CancellationToken.None)));

        Assert.Equal(3, outcomes.Count(outcome => !outcome.Failed));
        Assert.All(outcomes.Where(outcome => outcome.Failed), outcome => Assert.Contains("limit of 3 tool runs per day", outcome.Content, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Body_that_is_no_message_is_a_400(string body)
    {
        using var response = await PostAsync(_server, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("tools/call", """{"name":"made_up","arguments":{}}""")]
    [InlineData("tools/call", """{"name":5}""")]
    [InlineData("tools/list", """{"cursor":5}""")]
    [InlineData("tasks/get", """{"taskId":"made_up"}""")]
    [InlineData("logging/setLevel", """{"level":"made_up"}""")]
    [InlineData("made_up/method", "{}")]
    public async Task Mistake_of_a_client_is_logged_as_information_without_a_stack_trace(string method, string parameters)
    {
        using var logs = new LogLines();
        await using var server = await LocalServer.StartWithAsync(_folder.Path, builder => builder.Logging.AddProvider(logs), _model.Catalog, _tools);

        using var response = await PostAsync(server, $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""");

        Assert.Contains("\"error\":{", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Information 461: A request of an MCP client was refused with error -", logs.All, StringComparison.Ordinal);
        Assert.DoesNotContain("made_up", logs.All, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", logs.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_of_the_server_is_logged_as_an_error()
    {
        using var logs = new LogLines();
        await using var server = await LocalServer.StartWithAsync(
            _folder.Path,
            builder =>
            {
                builder.Logging.AddProvider(logs);
                builder.Services.AddScoped<DirectToolCall>(_ => throw new InvalidOperationException("The disk is full."));
            },
            _model.Catalog, _tools);

        using var response = await PostAsync(server, $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{GatedTools.Echo}}}","arguments":{"text":"x"} } }""");

        Assert.DoesNotContain("disk", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(logs.All.Split('\n'), line => line.StartsWith("Error 462: ", StringComparison.Ordinal) && line.EndsWith("The disk is full.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_that_hangs_up_stops_the_run()
    {
        await using var client = await ConnectAsync();
        using var stop = new CancellationTokenSource();
        var call = client.CallToolAsync(GatedTools.Quick, cancellationToken: stop.Token).AsTask();
        await _tools.Started.WaitAsync();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _tools.Cancelled.WaitAsync();
    }

    [Fact]
    public async Task Tools_of_other_servers_are_not_offered_again()
    {
        await using var mcp = (await ScriptedMcpServer.StartAsync()).Says("read", "");
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartAsync(folder.Path, null, null, ("FuncChat:Mcp:Servers:srv:Url", mcp.Url.AbsoluteUri));

        using var response = await PostAsync(server, List);

        Assert.DoesNotContain("srv__read", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_without_a_credential_learns_where_to_get_a_token()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartAsync(folder.Path, null, null, (KeyHash, Hash(Key)));

        using var refused = await PostAsync(server, List);
        using var refusedToo = await server.Http.PostAsync(new Uri("/api/mcp/", UriKind.Relative), new StringContent(List));
        using var metadata = await server.Http.GetAsync(new Uri("/api/mcp/oauth-protected-resource", UriKind.Relative));
        using var accepted = await PostAsync(server, List, ("Authorization", $"Bearer {Key}"));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains(
            $"resource_metadata=\"{server.Http.BaseAddress}api/mcp/oauth-protected-resource\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(refused.Headers.WwwAuthenticate.ToString(), refusedToo.Headers.WwwAuthenticate.ToString());
        var document = JsonSerializer.Deserialize<JsonElement>(await metadata.Content.ReadAsStringAsync());
        Assert.Equal($"{server.Http.BaseAddress}api/mcp", document.GetProperty("resource").GetString());
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.test", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("https://chat.example.com", HttpStatusCode.OK)]
    public async Task Page_of_another_origin_is_refused_unless_it_is_allowed(string origin, HttpStatusCode status)
    {
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartAsync(
            folder.Path, null, null, ("FuncChat:Auth:AllowAnonymous", "true"), ("FuncChat:Cors:Origins", "https://chat.example.com"));

        using var response = await PostAsync(server, List, ("Origin", origin));

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Calls_count_towards_the_limits_of_the_user()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LocalServer.StartAsync(
            folder.Path, _model.Catalog, _tools, ("FuncChat:Auth:AllowAnonymous", "true"), ("FuncChat:Limits:ToolRunsPerDay", "1"));
        const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"Echo","arguments":{"text":"x"}}}""";

        using var first = await PostAsync(server, Call);
        await first.Content.ReadAsStringAsync();
        using var second = await PostAsync(server, Call);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
    }

    [Fact]
    public async Task Get_is_not_supported_since_there_are_no_sessions()
    {
        using var response = await _server.Http.GetAsync(new Uri("/api/mcp", UriKind.Relative));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    private string Address() => new Uri(_server.Http.BaseAddress!, "/api/mcp").AbsoluteUri;

    private Task<McpClient> ConnectAsync() => McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(Address()) }));

    private static async Task<HttpResponseMessage> PostAsync(LocalServer server, string message, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/mcp", UriKind.Relative));
        request.Content = new StringContent(message, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await server.Http.SendAsync(request);
    }

    private static string Hash(string key) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private sealed class Reports(IToolRun run) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => run.Report(value.Message!, (int)value.Progress, (int?)value.Total);
    }
}
