using System.Text;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using FuncChat.Tests.Web.Threads;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.UiChat;

/// <summary>Turns of one chat that start at the same time, for clients of the AI SDK and of AG-UI: the later message counts, as when they come one after the other.</summary>
public sealed class SimultaneousTurnTests : IAsyncLifetime
{
    private const string Chat = "thread-0001";

    private readonly TemporaryFolder _folder = new();
    private HeldCall.Held _first = null!;
    private ThreadServer _server = null!;
    private int _runs;

    public async Task InitializeAsync()
    {
        var store = HeldCall.Around<IThreadStore>(new FileThreadStore(_folder.Path));

        // Between reading the thread and adding its turn.
        _first = HeldCall.Hold(store, nameof(IThreadStore.WriteAsync));
        _server = await ThreadServer.StartAsync(builder => builder.Services.AddSingleton(store), _folder.Path);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("api/ui/chat")]
    [InlineData("api/agui")]
    public async Task Turn_that_is_overtaken_stops_the_one_that_was_faster(string path)
    {
        var feed = new ModelFeed();
        _server.Model.Plays(feed).Says("Later");
        var later = PostAsync(path, "later");
        await _first.Asked.WaitAsync();
        var faster = PostAsync(path, "faster");
        await feed.Called.WaitAsync();

        _first.Go.Set();

        var text = await later;
        Assert.Contains("Later", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Later", await faster, StringComparison.Ordinal);
        Assert.Equal(["user: later"], _server.LastConversation().Select(message => message.Replace("""[{"type":"text","text":"later"}]""", "later", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("api/ui/chat")]
    [InlineData("api/agui")]
    public async Task Same_message_that_is_overtaken_follows_the_turn_that_was_faster(string path)
    {
        var feed = new ModelFeed();
        _server.Model.Plays(feed);
        var later = StartAsync(path, "same");
        await _first.Asked.WaitAsync();
        var faster = PostAsync(path, "same");
        await feed.Called.WaitAsync();

        _first.Go.Set();
        using var followed = await later;
        feed.Give(FakeModel.Text("Once"));
        feed.End();

        Assert.Contains("Once", await followed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Once", await faster, StringComparison.Ordinal);
        Assert.Single(_server.Model.Requests);
    }

    private async Task<string> PostAsync(string path, string text)
    {
        using var response = await StartAsync(path, text);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        return answer;
    }

    // Until the head of the response: the turn has started, or is followed.
    private Task<HttpResponseMessage> StartAsync(string path, string text)
    {
        var run = $"run-{Interlocked.Increment(ref _runs):0000}";
        var body = path == "api/agui"
            ? $$"""{"threadId":"{{Chat}}","runId":"{{run}}","messages":[{"id":"q","role":"user","content":"{{text}}"}]}"""
            : $$"""{"id":"{{Chat}}","messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"{{text}}"}]}]}""";
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return _server.Ada.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
