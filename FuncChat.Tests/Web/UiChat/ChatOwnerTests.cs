using System.Net;
using FuncChat.Tests.Web.Threads;

namespace FuncChat.Tests.Web.UiChat;

/// <summary>Chats of the AI SDK and runs of AG-UI, which only their users reach.</summary>
public sealed class ChatOwnerTests : IAsyncLifetime
{
    private const string Chat = "chat-of-ada";

    private ThreadServer _server = null!;

    public async Task InitializeAsync() => _server = await ThreadServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Chat_of_one_user_is_out_of_reach_of_another()
    {
        _server.Model.Says("Secret");
        using var started = await ThreadServer.SendAsync(_server.Ada, HttpMethod.Post, "api/ui/chat", BodyOf(Question("Hello")));
        Assert.Contains("Secret", await started.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var turnId = started.Headers.GetValues("X-Turn-Id").Single();

        await AnswersAsync(HttpStatusCode.NoContent, HttpMethod.Get, $"api/ui/chat/{Chat}/stream");
        await AnswersAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"api/ui/chat/{turnId}/stream?startIndex=0");
        await AnswersAsync(HttpStatusCode.NotFound, HttpMethod.Post, $"api/ui/chat/{Chat}/stop");
        await AnswersAsync(HttpStatusCode.NotFound, HttpMethod.Post, $"api/ui/chat/{turnId}/stop");
        await AnswersAsync(
            HttpStatusCode.NotFound, HttpMethod.Post, "api/ui/chat",
            BodyOf($$"""{"id":"a","role":"assistant","parts":[{"type":"dynamic-tool","toolName":"Echo","toolCallId":"call_1","state":"approval-responded","approval":{"id":"{{turnId}}.req_1","approved":true} }]}"""));
        await AnswersAsync(
            HttpStatusCode.NotFound, HttpMethod.Post, "api/agui",
            $$"""{"threadId":"{{Chat}}","runId":"run-0001","messages":[],"resume":[{"interruptId":"{{turnId}}.req_1","status":"resolved","payload":true}]}""");
    }

    [Fact]
    public async Task Chat_is_a_thread_with_a_turn_for_each_answer()
    {
        _server.Model.Says("One").Says("Two");
        using var first = await ThreadServer.SendAsync(_server.Ada, HttpMethod.Post, "api/ui/chat", BodyOf(Question("Hello")));
        await first.Content.ReadAsStringAsync();
        var turnId = first.Headers.GetValues("X-Turn-Id").Single();

        using var second = await ThreadServer.SendAsync(
            _server.Ada, HttpMethod.Post, "api/ui/chat",
            BodyOf($$"""{{Question("Hello")}},{"id":"{{turnId}}","role":"assistant","parts":[{"type":"text","text":"One"}]},{{Question("And?")}}"""));
        await second.Content.ReadAsStringAsync();

        Assert.Equal(["user: Hello", "assistant: One", "user: And?"], _server.LastConversation().Select(message => message.Replace("[{\"type\":\"text\",\"text\":\"", "", StringComparison.Ordinal).Replace("\"}]", "", StringComparison.Ordinal)));
        Assert.Equal(2, (await _server.GetAsync($"api/threads/{Chat}/turns")).GetProperty("turns").GetArrayLength());
    }

    private static string Question(string text) => $$"""{"id":"q","role":"user","parts":[{"type":"text","text":"{{text}}"}]}""";

    private static string BodyOf(string messages) => $$"""{"id":"{{Chat}}","messages":[{{messages}}]}""";

    private async Task AnswersAsync(HttpStatusCode status, HttpMethod method, string path, string? body = null)
    {
        using var response = await ThreadServer.SendAsync(_server.Bob, method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{path}: {response.StatusCode} {text}");
        Assert.DoesNotContain("Secret", text, StringComparison.Ordinal);
    }
}
