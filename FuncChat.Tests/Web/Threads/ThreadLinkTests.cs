using System.Net;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Tests of links to threads, over HTTP: Ada shares, and Bob opens the link.</summary>
public abstract class ThreadLinkTests : IAsyncLifetime
{
    private protected const string Share = "api/threads/thread-0001/share";

    private protected ThreadServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ThreadServer.StartAsync();
        Server.Model.Otherwise(_ => [FakeModel.Text("Hello."), FakeModel.Finish(), FakeModel.Usage(10, 5)]);
    }

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();

    private protected static IEnumerable<string?> TurnsOf(JsonElement shared) => shared.GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("turn_id").GetString());

    private protected static async Task<string> IdOfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("id").GetString()!;
    }

    private protected static Task<HttpResponseMessage> SendAsync(ThreadServer server, HttpMethod method, string path, string body) => server.SendAsync(method, path, body);

    private protected static async Task<string> ShareAsync(ThreadServer server, string body)
    {
        using var response = await server.SendAsync(HttpMethod.Post, Share, body);
        return await IdOfAsync(response);
    }

    private protected static async Task<JsonElement> SeenByBobAsync(ThreadServer server, string id)
    {
        using var response = await server.Bob.GetAsync($"api/shared/{id}");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private protected Task<string> ShareAsync(string body = "{}") => ShareAsync(Server, body);

    private protected Task<JsonElement> BobSeesAsync(string id) => SeenByBobAsync(Server, id);

    private protected async Task AssertStatusAsync(HttpStatusCode status, params string[] paths)
    {
        foreach (var path in paths)
        {
            using var response = await Server.Bob.GetAsync(path);
            Assert.Equal(status, response.StatusCode);
        }
    }

    private protected async Task ImportAsync(string turnId, string text, string parentId)
    {
        using var response = await Server.SendAsync(
            HttpMethod.Put, $"api/threads/thread-0001/turns/{turnId}",
            $$$$"""{"parent_turn_id":"{{{{parentId}}}}","created_at":"2026-01-31T12:00:00Z","messages":[{"role":"user","content":"{{{{text}}}}"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[{"role":"assistant","content":"Hello."}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}""");
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
    }

    private protected async Task DeleteTurnAsync(string turnId)
    {
        using var response = await Server.SendAsync(HttpMethod.Delete, $"api/threads/thread-0001/turns/{turnId}");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private protected IEnumerable<string> ShareFiles()
    {
        var folder = Path.Combine(Server.DataPath, "shares");
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Select(file => $"shares/{Path.GetFileName(file)}") : [];
    }
}
