using System.Net;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using FuncChat.Tests.Web.Threads;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Limits;

/// <summary>How much of the turns that are stored requests keep in memory.</summary>
public sealed class TurnMemoryTests : IAsyncLifetime
{
    private const string User = "key ada";
    private const long Share = 32 * 1024 * 1024;

    // More than the bodies of the requests, and less than the turns.
    private const int Free = 4096;

    private ThreadServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ThreadServer.StartAsync(settings: [("FuncChat:Approvals:Always", GatedTools.Echo)]);
        _server.Model.Says("One.").Says("Two.");
        var text = new string('x', 20_000);
        await TurnAsync($$"""{"messages":[{"role":"user","content":"{{text}}"}],"turn_id":"turn-0001"}""");
        await TurnAsync($$"""{"messages":[{"role":"user","content":"{{text}}"}],"turn_id":"turn-0002","thread_id":"thread-0002"}""");
        _server.Model.Calls(("call_1", GatedTools.Echo, """{"text":"x"}"""));
        await TurnAsync($$"""{"messages":[{"role":"user","content":"{{text}}"}],"turn_id":"turn-0003","thread_id":"thread-0003","tools":["{{GatedTools.Echo}}"]}""");
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("GET", "api/turns/turn-0001")]
    [InlineData("GET", "api/turns/turn-0001?format=response")]
    [InlineData("GET", "api/turns/turn-0001?format=completion")]
    [InlineData("GET", "api/turns/turn-0001?format=openai-chat")]
    [InlineData("GET", "api/turns/turn-0001?format=ui-messages")]
    [InlineData("GET", "api/turns/turn-0001?format=ag-ui")]
    [InlineData("GET", "api/ui/chat/turn-0001/stream")]
    [InlineData("GET", "api/ui/chat/thread-0002/stream")]
    [InlineData("GET", "api/v1/responses/turn-0001")]
    [InlineData("GET", "api/v1/responses/turn-0001?stream=true")]
    [InlineData("GET", "api/v1/responses/turn-0001/input_items")]
    [InlineData("DELETE", "api/v1/responses/turn-0002")]
    [InlineData("POST", "api/v1/responses/turn-0001/cancel")]
    [InlineData("POST", "api/v1/responses", """{"input":"x","previous_response_id":"turn-0001"}""")]
    [InlineData("POST", "api/v1/responses", """{"input":[{"type":"item_reference","id":"msg_turn-0001_5"}]}""")]
    [InlineData("POST", "api/v1/responses", """{"input":[{"type":"mcp_approval_response","approval_request_id":"mcpr_turn-0003_req_1","approve":true}]}""")]
    [InlineData("POST", "api/chat", """{"messages":[{"role":"user","content":"x"}],"thread_id":"thread-0002"}""")]
    [InlineData("GET", "api/threads/thread-0003")]
    [InlineData("GET", "api/threads/thread-0002/turns")]
    [InlineData("GET", "api/threads/thread-0002/export")]
    public async Task Request_that_reads_a_turn_is_refused_while_the_user_has_too_much_in_memory(string method, string path, string? body = null)
    {
        _server.Model.Otherwise(_ => [FakeModel.Text("Done."), FakeModel.Finish()]);
        var memory = _server.Services.GetRequiredService<RequestMemory>();

        (HttpStatusCode Status, string Text) refused;
        using (memory.Hold(User, Share - Free).Value)
            refused = await SendAsync(method, path, body);
        var accepted = await SendAsync(method, path, body);

        Assert.True(refused.Status == HttpStatusCode.TooManyRequests, $"{refused}");
        Assert.Contains("Your requests and running turns together may hold", refused.Text, StringComparison.Ordinal);
        Assert.True(accepted.Status != HttpStatusCode.TooManyRequests, $"{accepted}");

        // The requests end before the server has stopped.
        await _server.StopAsync();
        Assert.True(memory.Hold(User, Share).Succeeded);
        Assert.False(memory.Hold(User, 1).Succeeded);
    }

    [Theory]
    [InlineData("HEAD", "api/turns/turn-0001")]
    [InlineData("HEAD", "api/v1/responses/turn-0001")]
    public async Task Request_for_the_head_is_refused_too(string method, string path)
    {
        using var held = _server.Services.GetRequiredService<RequestMemory>().Hold(User, Share - Free).Value;

        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(method, path)).Status);
    }

    [Theory]
    [InlineData("DELETE", "api/turns/turn-0001", HttpStatusCode.NoContent)]
    [InlineData("DELETE", "api/turns/turn-0003", HttpStatusCode.NoContent)]
    [InlineData("POST", "api/ui/chat/turn-0001/stop", HttpStatusCode.NoContent)]
    [InlineData("POST", "api/turns/turn-0003/signals", HttpStatusCode.OK, """{"type":"approve","request_id":"req_1"}""")]
    [InlineData("DELETE", "api/threads/thread-0002", HttpStatusCode.NoContent)]
    [InlineData("DELETE", "api/threads/thread-0003", HttpStatusCode.NoContent)]
    [InlineData("DELETE", "api/threads/thread-0002/turns/turn-0002", HttpStatusCode.NoContent)]
    [InlineData("GET", "api/approvals", HttpStatusCode.OK)]
    [InlineData("GET", "api/threads", HttpStatusCode.OK)]
    public async Task Turn_is_stopped_answered_deleted_and_listed_whatever_else_the_user_has_in_memory(string method, string path, HttpStatusCode expected, string? body = null)
    {
        _server.Model.Otherwise(_ => [FakeModel.Text("Done."), FakeModel.Finish()]);
        var memory = _server.Services.GetRequiredService<RequestMemory>();
        using (memory.Hold(User, Share).Value)
            Assert.Equal(expected, (await SendAsync(method, path, body)).Status);

        await _server.StopAsync();
        Assert.True(memory.Hold(User, Share).Succeeded);
        Assert.False(memory.Hold(User, 1).Succeeded);
    }

    [Fact]
    public async Task Long_conversation_continues_and_replaces_a_turn_that_waits_for_an_answer()
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Approvals:Always", GatedTools.Echo), ("FuncChat:Turns:MaxRequestBytes", "1048576")]);
        var text = new string('x', 100_000);
        server.Model.Says("One.").Says("Two.").Calls(("call_1", GatedTools.Echo, """{"text":"x"}""")).Says("Three.");

        foreach (var more in (string[])["", "", $$""","tools":["{{GatedTools.Echo}}"]""", ",\"if_running\":\"interrupt\""])
        {
            var content = more.Length == 0 ? text : "x";
            using var response = await server.SendAsync(HttpMethod.Post, "api/chat", $$"""{"messages":[{"role":"user","content":"{{content}}"}],"thread_id":"thread-0001"{{more}}}""");
            Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
            await response.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task Tabs_of_a_page_follow_and_sync_at_once()
    {
        string[] paths = ["api/turns/turn-0001", "api/ui/chat/turn-0001/stream", "api/threads/thread-0002", "api/threads/thread-0002/turns", "api/threads", "api/approvals"];

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => paths).Select(path => SendAsync("GET", path)));

        Assert.All(answers, answer => Assert.True((int)answer.Status < 300, $"{answer}"));
    }

    private async Task TurnAsync(string body)
    {
        var (status, text) = await SendAsync("POST", "api/chat", body);
        Assert.True(status == HttpStatusCode.OK, text);
    }

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(string method, string path, string? body = null)
    {
        using var response = await _server.SendAsync(new HttpMethod(method), path, body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
