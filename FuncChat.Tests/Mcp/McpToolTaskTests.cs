using System.Collections.Concurrent;
using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Mcp;

/// <summary>Tools that servers run as tasks only.</summary>
public sealed class McpToolTaskTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Method, JsonElement Parameters)> _requests = [];
    private readonly ConcurrentQueue<string> _statuses = [];
    private readonly ManualSignal _cancelled = new();
    private readonly ManualSignal _resultWanted = new();
    private string _created = """{"task":{"taskId":"t1","status":"working","statusMessage":"Begun","pollInterval":2000}}""";
    private string _result = """{"content":[{"type":"text","text":"done"}]}""";
    private readonly ManualSignal _callWanted = new();
    private ManualSignal? _callComes;
    private ManualSignal? _resultComes;
    private ScriptedMcpServer _server = null!;
    private McpBench _bench = null!;

    public async Task InitializeAsync()
    {
        _server = await ScriptedMcpServer.StartAsync(sessions: true);
        _server.Intercept = AnswerAsync;
        _bench = McpBench.For(_server);
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Status_is_polled_and_reported_until_the_task_ends()
    {
        _statuses.Enqueue("""{"taskId":"t1","status":"working","statusMessage":"Half\u0007"}""");
        _statuses.Enqueue("""{"taskId":"t1","status":"completed"}""");
        var run = new McpRun();

        var call = _bench.CallAsync("slow", run, arguments: ("a", 1));
        Assert.Equal("Begun", (await run.NextReportAsync()).Message);
        _bench.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Half", (await run.NextReportAsync()).Message);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("done", await call);
        Assert.Equal(["tools/call", "tasks/get", "tasks/get", "tasks/result"], Methods);
        var parameters = _requests.First(request => request.Method == "tools/call").Parameters;
        Assert.Equal((600_000, 1), (parameters.GetProperty("task").GetProperty("ttl").GetInt64(), parameters.GetProperty("arguments").GetProperty("a").GetInt32()));
        Assert.All(_requests.Where(request => request.Method.StartsWith("tasks/", StringComparison.Ordinal)), request => Assert.Equal("t1", request.Parameters.GetProperty("taskId").GetString()));
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("cancelled")]
    [InlineData("unheard of")]
    public async Task Task_that_ends_in_another_way_has_the_result_that_the_server_states(string status)
    {
        _created = $$$"""{"task":{"taskId":"t1","status":"{{{status}}}"}}""";
        _result = """{"isError":true,"content":[{"type":"text","text":"The quarry is closed."}]}""";

        var failure = await Assert.ThrowsAsync<ToolException>(() => _bench.CallAsync("slow"));

        Assert.Equal("The quarry is closed.", failure.Message);
    }

    [Fact]
    public async Task Question_is_asked_while_the_result_is_awaited()
    {
        _created = """{"task":{"taskId":"t1","status":"input_required"}}""";
        _result = """{"content":[{"type":"text","text":"answered"}]}""";

        Assert.Equal("answered", await _bench.CallAsync("slow"));
        Assert.Equal(["tools/call", "tasks/result"], Methods);
    }

    [Fact]
    public async Task Call_that_is_cancelled_cancels_its_task()
    {
        using var stop = new CancellationTokenSource();
        var run = new McpRun();

        var call = _bench.CallAsync("slow", run, stop.Token);
        await run.NextReportAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _cancelled.WaitAsync();
    }

    [Theory]
    [InlineData("""{"task":{"taskId":"t1"}}""")]
    [InlineData("""{"task":{"taskId":"t1","status":"submitted"}}""")]
    public async Task Call_that_is_cancelled_cancels_its_task_whose_status_is_unknown(string created)
    {
        _created = created;
        _resultComes = new ManualSignal();
        using var stop = new CancellationTokenSource();

        var call = _bench.CallAsync("slow", new McpRun(), stop.Token);
        await _resultWanted.WaitAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _cancelled.WaitAsync();
    }

    [Fact]
    public async Task Call_that_is_cancelled_before_its_task_has_an_id_cancels_it()
    {
        _callComes = new ManualSignal();
        using var stop = new CancellationTokenSource();

        var call = _bench.CallAsync("slow", new McpRun(), stop.Token);
        await _callWanted.WaitAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        _callComes.Set();

        await _cancelled.WaitAsync();
        Assert.Equal(["tools/call", "tasks/cancel"], Methods);
    }

    [Fact]
    public async Task Task_whose_session_is_lost_does_not_run_twice()
    {
        var run = new McpRun();

        var call = _bench.CallAsync("slow", run);
        await run.NextReportAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<ToolException>(() => call);
        Assert.Single(Methods, method => method == "tools/call");
    }

    [Fact]
    public async Task Task_whose_status_cannot_be_read_is_cancelled()
    {
        _statuses.Enqueue("error");
        var run = new McpRun();

        var call = _bench.CallAsync("slow", run);
        await run.NextReportAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<ToolException>(() => call);
        await _cancelled.WaitAsync();
    }

    [Fact]
    public async Task Task_that_lasts_too_long_is_cancelled()
    {
        _created = """{"task":{"taskId":"t1","status":"input_required","statusMessage":"Begun","pollInterval":60000}}""";
        _resultComes = new ManualSignal();
        var run = new McpRun();

        var call = _bench.CallAsync("slow", run);
        await run.NextReportAsync();
        _bench.Time.Advance(TimeSpan.FromMinutes(10));

        await Assert.ThrowsAsync<ToolException>(() => call);
        await _cancelled.WaitAsync();
    }

    [Fact]
    public async Task Task_that_has_ended_is_not_cancelled_when_its_result_fails()
    {
        _created = """{"task":{"taskId":"t1","status":"failed"}}""";
        _result = "5";

        await Assert.ThrowsAsync<ToolException>(() => _bench.CallAsync("slow"));

        Assert.Equal(["tools/call", "tasks/result"], Methods);
    }

    [Theory]
    [InlineData("""{"content":[{"type":"text","text":"done"}]}""")]
    [InlineData("""{"task":null,"content":[{"type":"text","text":"done"}]}""")]
    public async Task Call_that_the_server_runs_at_once_has_its_result(string result)
    {
        _created = result;

        Assert.Equal("done", await _bench.CallAsync("slow"));
        Assert.Equal(["tools/call"], Methods);
    }

    [Fact]
    public async Task Status_is_polled_within_the_time_that_the_server_may_be_silent()
    {
        _created = """{"task":{"taskId":"t1","status":"working","statusMessage":"Begun","pollInterval":60000}}""";
        _statuses.Enqueue("""{"taskId":"t1","status":"completed"}""");
        await using var bench = McpBench.For(_server, ("Timeout", "5"));
        var run = new McpRun();

        var call = bench.CallAsync("slow", run);
        await run.NextReportAsync();
        bench.Time.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal("done", await call);
    }

    [Theory]
    [InlineData("""{"task":{"taskId":5}}""")]
    [InlineData("""{"task":"t1"}""")]
    public async Task Task_without_an_id_is_not_valid(string result)
    {
        _created = result;

        var failure = await Assert.ThrowsAsync<ToolException>(() => _bench.CallAsync("slow"));

        Assert.Equal("The MCP server 'srv' did not send a valid response.", failure.Message);
    }

    private IEnumerable<string> Methods => _requests.Select(request => request.Method).Where(method => method != "tools/list");

    private async Task<bool> AnswerAsync(HttpContext http)
    {
        if (http.Request.Method != "POST")
            return false;
        http.Request.EnableBuffering();
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        http.Request.Body.Position = 0;
        var method = body.RootElement.GetProperty("method").GetString()!;
        if (method is not ("tools/list" or "tools/call") && !method.StartsWith("tasks/", StringComparison.Ordinal))
            return false;
        _requests.Enqueue((method, body.RootElement.GetProperty("params").Clone()));
        if (method == "tasks/get" && _statuses.IsEmpty)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return true;
        }

        if (method == "tools/call")
            _callWanted.Set();
        if (method == "tools/call" && _callComes is not null)
            await _callComes.WaitAsync(http.RequestAborted);
        if (method == "tasks/result")
            _resultWanted.Set();
        if (method == "tasks/result" && _resultComes is not null)
            await _resultComes.WaitAsync(http.RequestAborted);
        var result = method switch
        {
            "tools/list" => """{"tools":[{"name":"slow","inputSchema":{"type":"object"},"execution":{"taskSupport":"required"}}]}""",
            "tools/call" => _created,
            "tasks/result" => _result,
            "tasks/get" => _statuses.TryDequeue(out var status) ? status : "{}",
            _ => "{}",
        };
        http.Response.ContentType = "application/json";
        var answer = result == "error" ? "\"error\":{\"code\":-32603,\"message\":\"No status.\"}" : $"\"result\":{result}";
        await http.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{body.RootElement.GetProperty("id").GetRawText()}},{{answer}}}""");
        if (method == "tasks/cancel")
            _cancelled.Set();
        return true;
    }
}
