using System.Net;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>`POST /api/chat` with a thread, over HTTP.</summary>
public sealed class ThreadTurnTests : IAsyncLifetime
{
    private ThreadServer _server = null!;

    private FakeModel Model => _server.Model;

    public async Task InitializeAsync() => _server = await ThreadServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Turn_continues_the_conversation_with_only_the_new_message()
    {
        Model.Says("Hello.").Calls(("a", GatedTools.Echo, """{"text":"one"}""")).Says("Done.").Says("Bye.");
        await _server.ChatAsync("Hi", "turn-0001");
        await _server.ChatAsync("Use a tool", "turn-0002", ""","tools":["Echo"]""");

        await _server.ChatAsync("Thanks", "turn-0003");

        Assert.Equal(
            ["user: Hi", "assistant: Hello.", "user: Use a tool", "assistant: ", "tool: one", "assistant: Done.", "user: Thanks"], _server.LastConversation());
    }

    [Fact]
    public async Task System_message_becomes_the_threads_prompt_and_another_one_replaces_it_for_its_turn()
    {
        Model.Says("1").Says("2").Says("3");
        await using (var first = await TurnStream.PostAsync(
            _server.Ada, """{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"A"}],"thread_id":"thread-0001"}"""))
            await first.ToEndAsync();
        await using (var second = await TurnStream.PostAsync(
            _server.Ada, """{"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"B"}],"thread_id":"thread-0001"}"""))
            await second.ToEndAsync();
        Assert.Equal(["developer: Be brief.", "user: A", "assistant: 1", "user: B"], _server.LastConversation());

        await _server.ChatAsync("C", "turn-0003");

        Assert.Equal(["system: Be kind.", "user: A", "assistant: 1", "user: B", "assistant: 2", "user: C"], _server.LastConversation());
    }

    [Fact]
    public async Task Turn_without_tools_has_those_of_its_thread_unless_it_names_none()
    {
        Model.Says("1").Says("2").Says("3");
        await _server.ChatAsync("A", "turn-0001", ""","tools":["Echo","Quick"]""");

        await _server.ChatAsync("B", "turn-0002");
        Assert.Equal(2, Model.Requests[^1].Tools.Count);

        await _server.ChatAsync("C", "turn-0003", ""","tools":[]""");
        Assert.Empty(Model.Requests[^1].Tools);
    }

    [Fact]
    public async Task Branch_continues_from_the_turn_that_it_names()
    {
        Model.Says("1").Says("2").Says("3").Says("4");
        await _server.ChatAsync("A", "turn-0001");
        await _server.ChatAsync("B", "turn-0002");

        await _server.ChatAsync("C", "turn-0003", ""","parent_turn_id":"turn-0001" """);
        Assert.Equal(["user: A", "assistant: 1", "user: C"], _server.LastConversation());

        await _server.ChatAsync("D", "turn-0004", ""","parent_turn_id":"root" """);
        Assert.Equal(["user: D"], _server.LastConversation());
        var thread = await _server.GetAsync("api/threads/thread-0001");
        Assert.Equal([null, "turn-0001", "turn-0001", null], thread.GetProperty("turns").EnumerateArray().Select(turn =>
            turn.TryGetProperty("parent_turn_id", out var parent) ? parent.GetString() : null));
    }

    [Fact]
    public async Task Same_request_again_follows_the_same_turn()
    {
        Model.Says("1");
        var first = await _server.ChatAsync("A", "turn-0001");

        var again = await _server.ChatAsync("A", "turn-0001");

        Assert.Equal(SseEvent.Join(first), SseEvent.Join(again));
        Assert.Single(Model.Requests);
        Assert.Equal(1, (await _server.GetAsync("api/threads/thread-0001")).GetProperty("turns").GetArrayLength());
    }

    [Fact]
    public async Task Tool_result_without_a_call_is_refused_at_its_place_in_the_request()
    {
        Model.Calls(("call_1", GatedTools.Echo, """{"text":"one"}""")).Says("Done.").Says("Bye.");
        await _server.ChatAsync("A", "turn-0001", ""","tools":["Echo"]""");

        var problem = await Problem.OfPostAsync(
            _server.Ada, "api/chat", """{"messages":[{"role":"user","content":"B"},{"role":"tool","tool_call_id":"none","content":"x"}],"thread_id":"thread-0001"}""");

        Assert.Equal("$.messages[1].tool_call_id", problem.Path);
    }

    [Fact]
    public async Task Image_that_the_model_does_not_accept_is_refused_at_its_place_in_the_request()
    {
        var model = new FakeModel().Says("1");
        var catalog = new ModelCatalog([new ModelProvider(new ProviderModels("text", ["only"], TakesAny: false), model, name => name) { Capabilities = new() { Images = false } }]);
        await using var server = await ThreadServer.StartAsync(builder => builder.Services.AddSingleton(catalog));
        await server.ChatAsync("A", "turn-0001");

        var problem = await Problem.OfPostAsync(
            server.Ada, "api/chat",
            """{"messages":[{"role":"user","content":"B"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}],"thread_id":"thread-0001"}""");

        Assert.Equal("$.messages[1].content[0]", problem.Path);
    }

    [Theory]
    [InlineData(""","parent_turn_id":"turn-0009" """, "$.parent_turn_id", HttpStatusCode.Conflict)]
    [InlineData(""","parent_turn_id":"../x" """, "$.parent_turn_id", HttpStatusCode.BadRequest)]
    [InlineData(""","if_running":"later" """, "$.if_running", HttpStatusCode.BadRequest)]
    [InlineData(""","model":"other:model" """, "$.model", HttpStatusCode.BadRequest)]
    public async Task Place_that_is_not_valid_is_refused_and_leaves_no_thread(string more, string path, HttpStatusCode status)
    {
        var problem = await Problem.OfPostAsync(_server.Ada, "api/chat", ThreadServer.Body("A", "turn-0001", more));

        Assert.Equal((status, path), (problem.Status, problem.Path));
        Assert.Empty((await _server.GetAsync("api/threads")).GetProperty("threads").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"thread_id":"x"}""", "$.thread_id")]
    [InlineData("""{"messages":[{"role":"user","content":"A"}],"if_running":"queue"}""", "$.thread_id")]
    [InlineData("""{"messages":[],"thread_id":"thread-0001"}""", "$.messages")]
    [InlineData("""{"messages":[{"role":"user"}],"thread_id":"thread-0001"}""", "$.messages[0].content")]
    public async Task Body_that_is_not_valid_is_refused(string body, string path) =>
        Assert.Equal((HttpStatusCode.BadRequest, path), await RefusalAsync(body));

    [Fact]
    public async Task Turn_that_a_limit_refuses_leaves_no_thread()
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Limits:BytesPerDay", "1")]);
        server.Model.Says("1");
        await server.ChatAsync("A", "turn-0001");

        var problem = await Problem.OfPostAsync(server.Ada, "api/chat", ThreadServer.Body("B", "turn-0002", thread: "thread-0002"));

        Assert.Equal(HttpStatusCode.TooManyRequests, problem.Status);
        Assert.Equal("thread-0001", Assert.Single((await server.GetAsync("api/threads")).GetProperty("threads").EnumerateArray()).GetProperty("id").GetString());
        Assert.DoesNotContain(Directory.EnumerateDirectories(server.DataPath, "*", SearchOption.AllDirectories), folder => folder.EndsWith("thread-0002", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MaxPerUser", "1", "threads")]
    [InlineData("MaxTurns", "1", "thread_turns")]
    public async Task Limit_of_threads_is_an_error_that_names_it(string setting, string value, string limit)
    {
        await using var server = await ThreadServer.StartAsync(settings: [($"FuncChat:Threads:{setting}", value)]);
        server.Model.Says("1");
        await server.ChatAsync("A", "turn-0001");

        using var response = await ThreadServer.SendAsync(
            server.Ada, HttpMethod.Post, "api/chat", ThreadServer.Body("B", "turn-0002", thread: limit == "threads" ? "thread-0002" : "thread-0001"));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Contains($"\"limit\":\"{limit}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode, string?)> RefusalAsync(string body)
    {
        var problem = await Problem.OfPostAsync(_server.Ada, "api/chat", body);
        return (problem.Status, problem.Path);
    }
}
