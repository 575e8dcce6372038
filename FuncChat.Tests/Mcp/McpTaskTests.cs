using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Mcp;

/// <summary>Long-running tools as tasks of `POST /api/mcp`.</summary>
public sealed class McpTaskTests : IAsyncLifetime
{
    private const string AdasKey = "fchat_0123456789abcdef0123456789abcdef";
    private const string BosKey = "fchat_fedcba9876543210fedcba9876543210";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private readonly GatedTools _tools = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await StartAsync(_tools);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Long_running_tool_is_started_polled_and_returns_its_result()
    {
        var created = await CallAsync(GatedTools.Long);
        await _tools.Started.WaitAsync();
        _tools.Run!.Report("2 of 3 pages read", 2, 3);
        var working = await TaskAsync("tasks/get", IdOf(created));
        _tools.Go.Set();
        var completed = await PollAsync(IdOf(created));

        Assert.Equal(("task", "working"), (created.GetProperty("resultType").GetString(), created.GetProperty("status").GetString()));
        Assert.True(created.GetProperty("pollIntervalMs").GetInt64() > 0);
        Assert.Equal(("complete", "2 of 3 pages read"), (working.GetProperty("resultType").GetString(), working.GetProperty("statusMessage").GetString()));
        Assert.Equal("completed", completed.GetProperty("status").GetString());
        Assert.Equal("done", completed.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(1, _tools.Runs);
    }

    [Fact]
    public async Task Cancelled_task_stops_its_run_and_stays_cancelled()
    {
        var id = IdOf(await CallAsync(GatedTools.Long));
        await _tools.Started.WaitAsync();

        await TaskAsync("tasks/cancel", id);
        await _tools.Cancelled.WaitAsync();

        Assert.Equal("cancelled", (await TaskAsync("tasks/get", id)).GetProperty("status").GetString());
        Assert.Equal("cancelled", (await TaskAsync("tasks/get", id)).GetProperty("status").GetString());
        await TaskAsync("tasks/cancel", id);
        Assert.Equal(1, _tools.Runs);
    }

    [Fact]
    public async Task Task_whose_process_died_continues_after_its_last_step_when_it_is_polled()
    {
        var id = IdOf(await CallAsync(GatedTools.Steps));
        await _tools.Started.WaitAsync();
        var later = new GatedTools();
        await using var another = await StartAsync(later);

        var working = await TaskAsync("tasks/get", id, server: another);
        await later.Started.WaitAsync();
        later.Go.Set();
        var completed = await PollAsync(id, another);

        Assert.Equal("working", working.GetProperty("status").GetString());
        Assert.Equal("one,two,three", completed.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(["three"], later.StepsDone);
    }

    [Theory]
    [InlineData("tasks/get")]
    [InlineData("tasks/cancel")]
    [InlineData("tasks/update")]
    public async Task Task_of_another_user_is_unknown(string method)
    {
        var id = IdOf(await CallAsync(GatedTools.Long));
        await _tools.Started.WaitAsync();

        var others = await PostAsync(method, new JsonObject { ["taskId"] = id }, key: BosKey);
        var unknown = await PostAsync(method, new JsonObject { ["taskId"] = "unknown" });

        Assert.Equal(-32602, others.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(unknown.GetProperty("error").GetRawText(), others.GetProperty("error").GetRawText());
        Assert.Equal("working", (await TaskAsync("tasks/get", id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task User_with_too_many_running_tasks_gets_an_error_until_one_has_ended()
    {
        await using var server = await LocalServer.StartAsync(
            _folder.Path, _model.Catalog, _tools, ("FuncChat:Auth:ApiKeys:ada:Hash", Hash(AdasKey)), ("FuncChat:Turns:MaxPerUser", "1"));
        var id = IdOf((await PostAsync("tools/call", new JsonObject { ["name"] = GatedTools.Long }, server: server)).GetProperty("result"));
        await _tools.Started.WaitAsync();

        var refused = (await PostAsync("tools/call", new JsonObject { ["name"] = GatedTools.Long }, server: server)).GetProperty("result");
        await TaskAsync("tasks/cancel", id, server);
        var accepted = await UntilAcceptedAsync(server);

        Assert.True(refused.GetProperty("isError").GetBoolean());
        Assert.Contains("1", refused.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("working", accepted.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("BytesPerDay", "bytes stored per day")]
    [InlineData("ToolRunsPerDay", "tool runs per day")]
    public async Task Tasks_count_towards_the_limits_of_the_day(string limit, string message)
    {
        await using var server = await LocalServer.StartAsync(
            _folder.Path, _model.Catalog, _tools, ("FuncChat:Auth:ApiKeys:ada:Hash", Hash(AdasKey)), ($"FuncChat:Limits:{limit}", "1"));
        await using var scope = server.Services.CreateAsyncScope();
        var tasks = scope.ServiceProvider.GetRequiredService<ToolTasks>();
        var tool = scope.ServiceProvider.GetRequiredService<BuiltInTools>().All.Single(each => each.Name == GatedTools.Long);

        var (_, first) = await tasks.StartAsync(tool, new ToolUser("key ada", null), "task1", "{}", CancellationToken.None);
        var (_, second) = await tasks.StartAsync(tool, new ToolUser("key ada", null), "task2", "{}", CancellationToken.None);

        Assert.Null(first);
        Assert.True(second!.Failed);
        Assert.Contains(message, second.Content, StringComparison.Ordinal);
        Assert.Null(await tasks.FindAsync(new ToolUser("key ada", null), "task2", CancellationToken.None));
        _tools.Go.Set();
    }

    [Fact]
    public async Task Failure_of_the_tool_is_the_result_of_a_completed_task()
    {
        var completed = await PollAsync(IdOf(await CallAsync("LongFails")));

        Assert.True(completed.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Contains("is gone", completed.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_whose_tool_is_gone_ends_with_a_failure()
    {
        var id = IdOf(await CallAsync(GatedTools.Long));
        await _tools.Started.WaitAsync();
        await using var another = await StartAsync(tools: null);

        var completed = await TaskAsync("tasks/get", id, server: another);

        Assert.Equal("completed", completed.GetProperty("status").GetString());
        Assert.Contains("not available", completed.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_is_working_while_the_source_of_its_tool_is_unavailable()
    {
        var (ada, source) = (new ToolUser("ada"), new LongSource(_tools));
        await using var server = await StartAsync(source);
        var tool = Assert.Single(await source.ListAsync(ada, CancellationToken.None));
        await using var scope = server.Services.CreateAsyncScope();
        var (_, error) = await scope.ServiceProvider.GetRequiredService<ToolTasks>().StartAsync(tool, ada, "task-0001", "{}", CancellationToken.None);
        await _tools.Started.WaitAsync();
        var later = new LongSource(new GatedTools()) { IsDown = true };
        await using var another = await StartAsync(later);
        await using var laterScope = another.Services.CreateAsyncScope();
        var tasks = laterScope.ServiceProvider.GetRequiredService<ToolTasks>();

        var down = await tasks.FindAsync(ada, "task-0001", CancellationToken.None);
        later.IsDown = false;
        later.Tools.Go.Set();
        var task = await tasks.FindAsync(ada, "task-0001", CancellationToken.None);
        while (task is { HasEnded: false })
        {
            await Task.Yield();
            task = await tasks.FindAsync(ada, "task-0001", CancellationToken.None);
        }

        Assert.Equal((null, false), (error, down!.HasEnded));
        Assert.Equal("done", task?.Outcome?.Content);
    }

    [Fact]
    public async Task Client_that_does_not_declare_tasks_and_a_quick_tool_get_the_result()
    {
        _tools.Go.Set();

        var undeclared = await PostAsync("tools/call", new JsonObject { ["name"] = GatedTools.Long }, declares: false);
        var quick = await CallAsync(GatedTools.Quick);
        var get = await PostAsync("tasks/get", new JsonObject { ["taskId"] = "unknown" }, declares: false);

        Assert.Equal("done", undeclared.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("done", quick.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Contains("io.modelcontextprotocol/tasks", get.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    // The run ends after the response to its cancellation.
    private async Task<JsonElement> UntilAcceptedAsync(LocalServer server)
    {
        while (true)
        {
            var result = (await PostAsync("tools/call", new JsonObject { ["name"] = GatedTools.Long }, server: server)).GetProperty("result");
            if (result.TryGetProperty("taskId", out _))
                return result;
            await Task.Yield();
        }
    }

    private static string IdOf(JsonElement task) => task.GetProperty("taskId").GetString()!;

    private Task<LocalServer> StartAsync(GatedTools? tools) => LocalServer.StartAsync(
        _folder.Path, _model.Catalog, tools, ("FuncChat:Auth:ApiKeys:ada:Hash", Hash(AdasKey)), ("FuncChat:Auth:ApiKeys:bo:Hash", Hash(BosKey)));

    private Task<LocalServer> StartAsync(IToolSource source) => LocalServer.StartWithAsync(
        _folder.Path, builder => builder.Services.AddSingleton(source), _model.Catalog, settings: [("FuncChat:Auth:ApiKeys:ada:Hash", Hash(AdasKey)), ("FuncChat:Approvals:Default", "Never")]);

    private async Task<JsonElement> CallAsync(string tool) => (await PostAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = new JsonObject() })).GetProperty("result");

    private async Task<JsonElement> TaskAsync(string method, string id, LocalServer? server = null) =>
        (await PostAsync(method, new JsonObject { ["taskId"] = id }, server: server)).GetProperty("result");

    /// <summary>Polls until the task is not working any more.</summary>
    private async Task<JsonElement> PollAsync(string id, LocalServer? server = null)
    {
        while (true)
        {
            var task = await TaskAsync("tasks/get", id, server);
            if (task.GetProperty("status").GetString() != "working")
                return task;
            await Task.Yield();
        }
    }

    private async Task<JsonElement> PostAsync(string method, JsonObject parameters, bool declares = true, string key = AdasKey, LocalServer? server = null)
    {
        const string Version = "2026-07-28";
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = Version,
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "test", ["version"] = "1.0" },
            ["io.modelcontextprotocol/clientCapabilities"] = declares
                ? new JsonObject { ["extensions"] = new JsonObject { ["io.modelcontextprotocol/tasks"] = new JsonObject() } }
                : new JsonObject(),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/mcp", UriKind.Relative));
        request.Content = new StringContent(
            new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters }.ToJsonString(), Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", Version);
        request.Headers.TryAddWithoutValidation("Mcp-Method", method);
        request.Headers.TryAddWithoutValidation("Mcp-Name", (string?)parameters["name"] ?? (string?)parameters["taskId"]);
        using var response = await (server ?? _server).Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
            text = text.Split('\n').Single(line => line.StartsWith("data:", StringComparison.Ordinal))["data:".Length..];
        return JsonElement.Parse(text);
    }

    private static string Hash(string key) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>A source with the long tool, which can be down.</summary>
    private sealed class LongSource(GatedTools tools) : IToolSource
    {
        public string Name => "srv";

        public GatedTools Tools => tools;

        public bool IsDown { get; set; }

        public async ValueTask<IReadOnlyList<Tool>> ListAsync(ToolUser user, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return IsDown
                ? throw new ToolSourceException("The server 'srv' does not respond.")
                : [Tool.FromMethod(RunAsync, "srv__long", "Takes long.", longRunning: true, readOnly: true)];
        }

        private async Task<string> RunAsync(CancellationToken cancellationToken)
        {
            tools.Started.Set();
            await tools.Go.WaitAsync(cancellationToken);
            return "done";
        }
    }
}
