using System.Collections.Concurrent;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Tests.Engine.Chat.Approvals;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace FuncChat.Tests.Mcp;

/// <summary>Questions of MCP servers to the person, in turns that are parked until they are answered.</summary>
public sealed class McpQuestionTests : IAsyncLifetime
{
    private const string Secret = "state-of-the-server";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private readonly List<IDisposable> _instances = [];
    private readonly List<McpBench> _clients = [];
    private ScriptedMcpServer? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _instances.ForEach(instance => instance.Dispose());
        foreach (var client in _clients)
            await client.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Question_of_a_server_is_answered_days_later_on_another_instance_which_returns_the_servers_state()
    {
        var states = new List<string?>();
        await StartAsync(context =>
        {
            states.Add(context.RequestState);
            return context.RequestState switch
            {
                null => throw Ask("hotel", "Which hotel?", Secret),
                Secret => throw Ask("guest", $"Who stays at {AnswerIn(context, "hotel")}?", Secret + "-2"),
                _ => ScriptedMcpServer.Text($"Booked for {AnswerIn(context, "guest")}."),
            };
        });
        _model.Calls(("a", "srv__book", "{}")).Says("Done.");
        var parked = await ParkAsync(await InstanceAsync());

        var asked = await AnswerAsync(await InstanceAsync(TimeSpan.FromDays(3)), "req_1", """{"value":"the Sea"}""");
        var rest = await AnswerAsync(await InstanceAsync(TimeSpan.FromDays(5)), "req_2", """{"value":"Ada"}""");

        Assert.Equal(("input_request", "The MCP server 'srv' asks: Which hotel?"), (parked[^2].Name, parked[^2].Text("message")));
        Assert.Equal("The MCP server 'srv' asks: Who stays at the Sea?", asked.Single(each => each.Name == "input_request").Text("message"));
        Assert.Equal("Booked for Ada.", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal([null, Secret, Secret + "-2"], states);
        Assert.DoesNotContain(Secret, await StoredAsync("*.log"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_questions_of_one_reply_are_asked_one_after_the_other_and_answered_together()
    {
        await StartAsync(context => context.InputResponses is null
            ? throw new InputRequiredException(
                new Dictionary<string, InputRequest> { ["b"] = Question("Which hotel?"), ["a"] = Question("For whom?") }, null)
            : ScriptedMcpServer.Text($"{AnswerIn(context, "b")}, {AnswerIn(context, "a")}"));
        _model.Calls(("a", "srv__book", "{}")).Says("Done.");
        var instance = await InstanceAsync();
        await ParkAsync(instance);

        await AnswerAsync(instance, "req_1", """{"value":"the Sea"}""");
        var rest = await AnswerAsync(instance, "req_2", """{"value":"Ada"}""");

        Assert.Equal("the Sea, Ada", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal(2, _server!.Called.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Question_that_the_person_declines_is_declined_to_the_server(bool sessions)
    {
        await StartAsync(sessions, async (context, server) => sessions
            ? ScriptedMcpServer.Text((await server!.ElicitAsync(Form("Which hotel?"))).Action)
            : context.InputResponses is null ? throw Ask("hotel", "Which hotel?", null)
            : ScriptedMcpServer.Text(context.InputResponses["hotel"].Deserialize(InputResponse.ElicitResultJsonTypeInfo)!.Action));
        _model.Calls(("a", "srv__book", "{}")).Says("Done.");
        var instance = await InstanceAsync();
        await ParkAsync(instance);

        var rest = await SendAsync(instance, ApprovalBench.Signal(SignalType.Deny));

        Assert.Equal("decline", rest.Single(each => each.Name == "tool_call_result").Text("content"));
    }

    [Fact]
    public async Task Question_of_a_server_before_2026_ends_the_call_which_is_repeated_with_the_answer()
    {
        var answers = new ConcurrentQueue<string>();
        await StartAsync(sessions: true, async (_, server) =>
        {
            var hotel = await server!.ElicitAsync(Form("Which hotel?"));
            answers.Enqueue(hotel.Action);
            var guest = hotel.IsAccepted ? await server.ElicitAsync(Form("For whom?")) : null;
            return ScriptedMcpServer.Text($"{hotel.Content?["value"]}, {guest?.Content?["value"]}");
        });
        _model.Calls(("a", "srv__book", "{}")).Says("Done.");
        var parked = await ParkAsync(await InstanceAsync());

        var asked = await AnswerAsync(await InstanceAsync(TimeSpan.FromDays(3)), "req_1", """{"value":"the Sea"}""");
        var rest = await AnswerAsync(await InstanceAsync(TimeSpan.FromDays(5)), "req_2", """{"value":"Ada"}""");

        Assert.Equal("The MCP server 'srv' asks: Which hotel?", parked[^2].Text("message"));
        Assert.Equal("The MCP server 'srv' asks: For whom?", asked.Single(each => each.Name == "input_request").Text("message"));
        Assert.Equal("the Sea, Ada", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal(["cancel", "accept", "accept"], answers);
    }

    [Fact]
    public async Task Server_before_2026_that_asks_during_several_calls_then_runs_one_at_a_time()
    {
        var (both, done) = (new ManualSignal(), new ManualSignal());
        var (running, ended) = (0, 0);
        var most = 0;
        await StartAsync(sessions: true, async (context, server) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            if (running == 2)
                both.Set();
            await both.WaitAsync();
            try
            {
                return ScriptedMcpServer.Text((await server!.ElicitAsync(Form("Which hotel?"))).Content!["value"].GetString()!);
            }
            finally
            {
                // Both have asked before the first one ends.
                if (Interlocked.Increment(ref ended) >= 2)
                    done.Set();
                await done.WaitAsync();
                Interlocked.Decrement(ref running);
            }
        });
        await using var client = McpBench.For(_server!);
        var run = new McpRun { Answers = [JsonElement.Parse("""{"value":"the Sea"}""")] };

        var unclear = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Record.ExceptionAsync(() => client.CallAsync("book"))));
        most = 0;
        var answered = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => client.CallAsync("book", new McpRun { Answers = run.Answers })));

        Assert.All(unclear, failure => Assert.IsType<ToolException>(failure));
        Assert.Equal(["the Sea", "the Sea", "the Sea"], answered);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Request_for_anything_but_a_form_fails_the_call()
    {
        await StartAsync(_ => throw new InputRequiredException(
            new Dictionary<string, InputRequest> { ["a"] = new() { Method = "roots/list", Params = JsonElement.Parse("{}") } }, "state"));
        await using var client = McpBench.For(_server!);

        var failure = await Assert.ThrowsAsync<ToolException>(() => client.CallAsync("book"));

        Assert.Equal("The MCP server 'srv' asks for something that this client does not support.", failure.Message);
    }

    [Fact]
    public async Task Call_that_the_server_wants_to_be_retried_is_retried_with_its_state_and_not_for_ever()
    {
        var calls = 0;
        await StartAsync(context => ++calls == 3
            ? ScriptedMcpServer.Text(context.RequestState!)
            : throw new InputRequiredException(new InputRequiredResult { RequestState = $"{calls}" }));
        await using var client = McpBench.For(_server!);

        var result = await client.CallAsync("book");
        var failure = await Assert.ThrowsAsync<ToolException>(() => client.CallAsync("book"));

        Assert.Equal("2", result);
        Assert.Equal("The MCP server 'srv' asked 20 times and did not end the call.", failure.Message);
    }

    [Fact]
    public async Task Question_has_no_invisible_characters_and_only_one_of_its_choices_is_an_answer()
    {
        await StartAsync(context => context.InputResponses is { } answers ? ScriptedMcpServer.Text(answers["a"].RawValue.GetRawText()) : throw new InputRequiredException(
            new Dictionary<string, InputRequest>
            {
                ["a"] = InputRequest.ForElicitation(new ElicitRequestParams
                {
                    Message = "Which\u202E hotel?",
                    RequestedSchema = new()
                    {
                        Properties =
                        {
                            ["hotel"] = new ElicitRequestParams.TitledSingleSelectEnumSchema
                            {
                                Title = "Ho\u200Btel", OneOf = [new() { Const = "sea", Title = "The\u202E Sea" }],
                            },
                        },
                        Required = ["hotel"],
                    },
                }),
            },
            null));
        _model.Calls(("a", "srv__book", "{}")).Says("Done.");
        var instance = await InstanceAsync();
        var request = (await ParkAsync(instance))[^2];

        var (error, _) = await instance.Turns.SignalAsync(TurnBench.Key("turn-0001"), Answer("req_1", """{"hotel":"moon"}"""), CancellationToken.None);
        var (unknown, _) = await instance.Turns.SignalAsync(TurnBench.Key("turn-0001"), Answer("req_1", """{"hotel":"sea","view":"sea"}"""), CancellationToken.None);
        var rest = await AnswerAsync(instance, "req_1", """{"hotel":"sea"}""");

        Assert.Equal((ErrorCode.InvalidRequest, "$.content"), (error?.Code, error?.Path));
        Assert.Equal("The answer does not match the request's schema: view is not one of hotel.", unknown?.Message);
        Assert.Equal("""{"action":"accept","content":{"hotel":"sea"}}""", rest.Single(each => each.Name == "tool_call_result").Text("content"));

        Assert.Equal("The MCP server 'srv' asks: Which hotel?", request.Text("message"));
        Assert.Equal(
            """{"type":"object","properties":{"hotel":{"type":"string","title":"Hotel","enum":["sea"],"enumNames":["The Sea"]}},"required":["hotel"]}""",
            request.Data.GetProperty("schema").GetRawText());
    }

    [Theory]
    [InlineData("""{"n":{"type":"object","properties":{}}}""", "[]")]
    [InlineData("""{"n":{"type":"object"},"value":{"type":"string"}}""", """["n"]""")]
    [InlineData("""{"n":null}""", "[]")]
    [InlineData("""{"n":{"type":["string","null"]},"value":{"type":"string"}}""", """["n"]""")]
    [InlineData("""{"value":{"type":"string"}}""", """["zzz"]""")]
    [InlineData("""{"value":{"type":"string"}}""", """[null,"value"]""")]
    [InlineData("""{"n":{"type":"number","minimum":2,"maximum":1},"value":{"type":"string"}}""", """["n"]""")]
    [InlineData("""{"n":{"type":"string","minLength":2,"maxLength":1}}""", "[]")]
    [InlineData("""{"n":{"type":"array","items":{"type":"string","enum":["a","b"]},"minItems":3},"value":{"type":"string"}}""", """["n"]""")]
    [InlineData("""{"n":{"type":"array","items":{"anyOf":[{"const":"a","title":"A"},{"const":"b","title":"B"}]},"minItems":2,"maxItems":1}}""", "[]")]
    [InlineData("""{"n":{"type":"array","items":{"type":"object"}},"value":{"type":"string"}}""", """["n"]""")]
    [InlineData("""{"n":{"type":"string","enum":[]},"value":{"type":"string"}}""", """["n"]""")]
    [InlineData("""{"n":{"type":"string","enum":[],"enumNames":[]}}""", "[]")]
    [InlineData("""{"n":{"type":"string","oneOf":[]}}""", "[]")]
    [InlineData("""{"n":{"type":"array","items":{"type":"string","enum":[]}},"value":{"type":"string"}}""", """["n"]""")]
    [InlineData("""{"n":{"type":"array","items":{"anyOf":[]}}}""", "[]")]
    public async Task Question_with_a_field_that_no_person_can_fill_in_fails_the_call(string properties, string required)
    {
        await StartAsync(_ => throw new InputRequiredException(new Dictionary<string, InputRequest> { ["a"] = RawQuestion(properties, required) }, null));
        await using var client = McpBench.For(_server!);

        var failure = await Assert.ThrowsAsync<ToolException>(() => client.CallAsync("book"));

        Assert.Equal("The MCP server 'srv' asks for something that this client does not support.", failure.Message);
    }

    [Theory]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"type":"array","items":{"type":"object","properties":{}}}""")]
    [InlineData("""{"type":"string","minLength":"long"}""")]
    [InlineData("""{"type":["string","null"]}""")]
    [InlineData("""{"type":"string","enum":[]}""")]
    [InlineData("""{"type":"array","items":{"anyOf":[]}}""")]
    public async Task Field_that_no_person_can_fill_in_is_left_out_of_a_question_that_does_not_require_it(string field)
    {
        await StartAsync(context => context.InputResponses is { } answers ? ScriptedMcpServer.Text(answers["a"].RawValue.GetRawText()) : throw new InputRequiredException(
            new Dictionary<string, InputRequest> { ["a"] = RawQuestion($$$"""{"n":{{{field}}},"value":{"type":"string"}}""", """["value"]""") }, null));
        _model.Calls(("a", "srv__book", "{}")).Says("Done.");
        var instance = await InstanceAsync();
        var request = (await ParkAsync(instance))[^2];

        var rest = await AnswerAsync(instance, "req_1", """{"value":"sea"}""");

        Assert.Equal("""{"type":"object","properties":{"value":{"type":"string"}},"required":["value"]}""", request.Data.GetProperty("schema").GetRawText());
        Assert.Equal("""{"action":"accept","content":{"value":"sea"}}""", rest.Single(each => each.Name == "tool_call_result").Text("content"));
    }

    [Fact]
    public async Task Server_before_2026_asks_a_question_without_the_field_that_no_person_can_fill_in()
    {
        await StartAsync(sessions: true, async (_, server) => ScriptedMcpServer.Text((await server!.SendRequestAsync(new JsonRpcRequest
        {
            Method = RequestMethods.ElicitationCreate,
            Params = JsonSerializer.SerializeToNode(RawQuestion("""{"n":{"type":"array","items":{"type":"object"}},"value":{"type":"string"}}""", "[]").Params),
        })).Result!.ToJsonString()));
        await using var client = McpBench.For(_server!);

        Assert.Equal("""{"action":"accept","content":{"value":"sea"}}""", await client.CallAsync("book", new McpRun { Answers = [JsonElement.Parse("""{"value":"sea"}""")] }));
    }

    [Fact]
    public async Task Server_before_2026_whose_question_is_not_supported_gets_an_error()
    {
        await StartAsync(sessions: true, async (_, server) =>
        {
            var refused = await Assert.ThrowsAsync<McpProtocolException>(async () => await server!.SendRequestAsync(new JsonRpcRequest
            {
                Method = RequestMethods.ElicitationCreate,
                Params = JsonSerializer.SerializeToNode(RawQuestion("""{"n":{"type":"object"}}""", "[]").Params),
            }));
            return ScriptedMcpServer.Text($"{refused.ErrorCode}");
        });
        await using var client = McpBench.For(_server!);

        Assert.Equal("InvalidParams", await client.CallAsync("book"));
    }

    private static InputRequest RawQuestion(string properties, string required) => new()
    {
        Method = RequestMethods.ElicitationCreate,
        Params = JsonElement.Parse($$$"""{"mode":"form","message":"Which hotel?","requestedSchema":{"type":"object","properties":{{{properties}}},"required":{{{required}}}}}"""),
    };

    private static InputRequiredException Ask(string key, string message, string? state) =>
        new(new Dictionary<string, InputRequest> { [key] = Question(message) }, state);

    private static InputRequest Question(string message) => InputRequest.ForElicitation(Form(message));

    private static ElicitRequestParams Form(string message) => new()
    {
        Message = message,
        RequestedSchema = new() { Properties = { ["value"] = new ElicitRequestParams.StringSchema() }, Required = ["value"] },
    };

    private static string? AnswerIn(CallToolRequestParams call, string key) =>
        call.InputResponses![key].Deserialize(InputResponse.ElicitResultJsonTypeInfo)!.Content!["value"].GetString();

    private Task StartAsync(Func<CallToolRequestParams, CallToolResult> call) => StartAsync(sessions: false, (context, _) => Task.FromResult(call(context)));

    private async Task StartAsync(bool sessions, Func<CallToolRequestParams, McpServer?, Task<CallToolResult>> call)
    {
        _server = await ScriptedMcpServer.StartAsync(sessions);
        _server.On("book", async (context, _) => await call(context.Params!, context.Server), annotations: new ToolAnnotations { ReadOnlyHint = true });
    }

    private async Task<TurnBench> InstanceAsync(TimeSpan after = default)
    {
        var client = McpBench.For(_server!);
        _clients.Add(client);
        var instance = new TurnBench(
            turns => turns.Retention = TimeSpan.FromDays(30), dataPath: _folder.Path, model: _model, tools: await client.ListAsync(),
            approvals: approvals => approvals.Expiry = TimeSpan.FromDays(10));
        instance.Time.Advance(after);
        _instances.Add(instance);
        return instance;
    }

    private static async Task<IReadOnlyList<SseEvent>> ParkAsync(TurnBench instance)
    {
        await using var reader = await instance.StartAsync(TurnBench.Request("srv__book"));
        var events = await reader.EventsToEndAsync();
        await reader.Completion;
        Assert.Equal("parked", events[^1].Name);
        return events;
    }

    private static Task<IReadOnlyList<SseEvent>> AnswerAsync(TurnBench instance, string requestId, string content) => SendAsync(instance, Answer(requestId, content));

    private static TurnSignal Answer(string requestId, string content) =>
        ApprovalBench.Signal(SignalType.Answer, requestId, new RequestAnswer { Content = new RawJson(System.Text.Encoding.UTF8.GetBytes(content)) });

    /// <summary>Sends a signal, and returns the events after the one that answers the request once the turn no longer runs.</summary>
    private static async Task<IReadOnlyList<SseEvent>> SendAsync(TurnBench instance, TurnSignal signal)
    {
        var (error, completion) = await instance.Turns.SignalAsync(TurnBench.Key("turn-0001"), signal with { At = instance.Time.GetUtcNow() }, CancellationToken.None);
        Assert.Null(error);
        await completion;
        await using var reader = await instance.FollowAsync();
        var events = await reader.EventsToEndAsync();
        return [.. events.SkipWhile(each => each.Name != "request_answered" || each.Text("id") != signal.RequestId)];
    }

    private async Task<string> StoredAsync(string pattern)
    {
        var files = Directory.EnumerateFiles(_folder.Path, pattern, SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(files);
        return string.Concat(await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(file))));
    }
}
