using System.Net;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Threads with more messages than a request may have.</summary>
public sealed class LongThreadTests : IAsyncLifetime
{
    private ThreadServer _server = null!;

    public async Task InitializeAsync() => _server = await ThreadServer.StartAsync(null, null, ("FuncChat:Requests:MaxMessages", "2"));

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Messages_of_the_thread_do_not_count_towards_those_of_a_request()
    {
        _server.Model.Says("1").Says("2").Says("3");
        await _server.ChatAsync("A", "turn-0001");
        await _server.ChatAsync("B", "turn-0002");

        await _server.ChatAsync("C", "turn-0003");

        Assert.Equal(["user: A", "assistant: 1", "user: B", "assistant: 2", "user: C"], _server.LastConversation());
    }

    [Fact]
    public async Task Input_of_a_response_counts_without_its_conversation()
    {
        _server.Model.Says("1").Says("2").Says("3");
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        await _server.ChatAsync("A", "turn-0001");
        await _server.ChatAsync("B", "turn-0002");

        using var response = await _server.SendAsync(HttpMethod.Post, "api/v1/responses", """{"input":"C","conversation":"thread-0001"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("completed", JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Request_with_too_many_messages_is_refused_in_a_thread_too()
    {
        _server.Model.Says("1");
        await _server.ChatAsync("A", "turn-0001");

        var problem = await Problem.OfPostAsync(
            _server.Ada, "api/chat", ThreadServer.Body("B", "turn-0002").Replace("[{", """[{"role":"user","content":"1"},{"role":"user","content":"2"},{""", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.BadRequest, "$.messages"), (problem.Status, problem.Path));
    }
}
