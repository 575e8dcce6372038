using System.Net;
using System.Text.Json;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Web.Threads;

/// <summary>How much of a user's threads and files responses keep in memory.</summary>
public sealed class ThreadMemoryTests : IAsyncLifetime
{
    private const string User = "key ada";
    private const string Thread = "api/threads/thread-0001";

    private ThreadServer _server = null!;

    public async Task InitializeAsync() => _server = await ThreadServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Page_of_turns_ends_before_its_turns_are_too_large_for_memory()
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        foreach (var number in Enumerable.Range(1, 4))
            await ImportAsync($"turn-000{number}", new string('x', 3 * 1024 * 1024));

        var first = await _server.GetAsync($"{Thread}/turns");
        var second = await _server.GetAsync($"{Thread}/turns?after={first.GetProperty("next").GetString()}");

        Assert.Equal(["turn-0001", "turn-0002"], IdsOf(first));
        Assert.Equal(["turn-0003", "turn-0004"], IdsOf(second));
        Assert.False(second.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task Requests_that_read_turns_or_files_are_refused_while_the_user_has_too_much_in_memory()
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        await ImportAsync("turn-0001", "A");
        using var uploaded = await _server.Ada.PostAsync("api/files?name=a.txt", new StringContent("A"));
        var file = JsonElement.Parse(await uploaded.Content.ReadAsStringAsync()).GetProperty("id").GetString();
        (HttpMethod, string, string?)[] requests =
        [
            (HttpMethod.Get, $"{Thread}/turns", null), (HttpMethod.Get, $"{Thread}/export", null), (HttpMethod.Get, $"api/files/{file}/content", null),
        ];

        using (_server.Services.GetRequiredService<RequestMemory>().Hold(User, 32 * 1024 * 1024).Value)
            Assert.All(await StatusesAsync(requests), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], await StatusesAsync(requests));
    }

    [Fact]
    public async Task Turns_are_shared_and_deleted_whatever_else_the_user_has_in_memory()
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        await ImportAsync("turn-0001", new string('x', 3 * 1024 * 1024));
        var memory = _server.Services.GetRequiredService<RequestMemory>();
        var share = _server.Services.GetRequiredService<IOptions<TurnOptions>>().Value.MaxRequestBytes / 4;

        using (memory.Hold(User, share - 1024).Value)
        {
            Assert.Equal(
                [HttpStatusCode.Created, HttpStatusCode.NoContent],
                await StatusesAsync([(HttpMethod.Post, $"{Thread}/share", "{}"), (HttpMethod.Delete, $"{Thread}/turns/turn-0001", null)]));
        }

        Assert.True(memory.Hold(User, share).Succeeded);
    }

    private static IEnumerable<string?> IdsOf(JsonElement page) => page.GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("turn_id").GetString());

    private async Task<IReadOnlyList<HttpStatusCode>> StatusesAsync(IEnumerable<(HttpMethod Method, string Path, string? Body)> requests)
    {
        var statuses = new List<HttpStatusCode>();
        foreach (var (method, path, body) in requests)
        {
            using var response = await _server.SendAsync(method, path, body);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }

    private async Task ImportAsync(string turnId, string text)
    {
        using var response = await _server.SendAsync(
            HttpMethod.Put, $"{Thread}/turns/{turnId}",
            $$$"""{"messages":[{"role":"user","content":"{{{text}}}"}],"events":[{"id":1,"type":"error","data":{"error":"x","code":"INTERNAL","retryable":true}}]}""");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }
}
