using System.Net;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Queued turns of a thread that changes between the end of their wait and their start.</summary>
public sealed class QueuedTurnTests : IAsyncLifetime
{
    private const string Gated = ""","tools":["gate__slow"],"if_running":""";

    private readonly GatedSource _source = new();
    private ThreadServer _server = null!;

    public async Task InitializeAsync() => _server = await ThreadServer.StartAsync(builder => builder.Services.AddSingleton<IToolSource>(_source));

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Queued_turn_waits_again_when_another_one_was_faster()
    {
        var feed = new ModelFeed();
        _server.Model.Says("1").Plays(feed).Says("3");
        await _server.ChatAsync("A", "turn-0001");
        var queued = _server.ChatAsync("C", "turn-0003", Gated + "\"queue\"");
        await _source.Asked.WaitAsync();
        await using var faster = await _server.StartChatAsync("B", "turn-0002");
        await feed.Called.WaitAsync();

        _source.Go.Set();
        feed.Give(FakeModel.Text("2"));
        feed.End();

        Assert.Equal("complete", (await queued)[^1].Name);
        Assert.Equal(["user: A", "assistant: 1", "user: B", "assistant: 2", "user: C"], _server.LastConversation());
    }

    [Theory]
    [InlineData("queue")]
    [InlineData("interrupt")]
    public async Task Turn_follows_the_one_that_was_faster_and_has_ended(string mode)
    {
        _server.Model.Says("1").Says("2").Says("3");
        await _server.ChatAsync("A", "turn-0001");
        var queued = _server.ChatAsync("C", "turn-0003", $"{Gated}\"{mode}\"");
        await _source.Asked.WaitAsync();
        await _server.ChatAsync("B", "turn-0002");

        _source.Go.Set();

        Assert.Equal("complete", (await queued)[^1].Name);
        Assert.Equal(["user: A", "assistant: 1", "user: B", "assistant: 2", "user: C"], _server.LastConversation());
    }

    [Fact]
    public async Task Interrupting_turn_stops_the_one_that_was_faster()
    {
        var feed = new ModelFeed();
        _server.Model.Says("1").Plays(feed).Says("3");
        await _server.ChatAsync("A", "turn-0001");
        var interrupting = _server.ChatAsync("C", "turn-0003", Gated + "\"interrupt\"");
        await _source.Asked.WaitAsync();
        await using var faster = await _server.StartChatAsync("B", "turn-0002");
        await feed.Called.WaitAsync();

        _source.Go.Set();

        Assert.Equal("CANCELLED", (await faster.ToEndAsync())[^1].Text("code"));
        Assert.Equal("complete", (await interrupting)[^1].Name);
    }

    [Fact]
    public async Task As_many_requests_wait_as_turns_may_run()
    {
        await using var server = await ThreadServer.StartAsync(settings: ("FuncChat:Turns:MaxPerUser", "1"));
        var feed = new ModelFeed();
        server.Model.Plays(feed).Says("2");
        await using var running = await server.StartChatAsync("A", "turn-0001");
        await feed.Called.WaitAsync();
        var first = PostAsync("B", "turn-0002");
        var second = PostAsync("C", "turn-0003");

        var refused = await Task.WhenAny(first, second);

        var problem = await Problem.OfAsync(await refused);
        Assert.Equal((HttpStatusCode.TooManyRequests, "RATE_LIMITED"), (problem.Status, problem.Code));
        feed.Give(FakeModel.Text("1"));
        feed.End();
        var waited = await (refused == first ? second : first);
        Assert.Contains("event: complete", await waited.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Task<HttpResponseMessage> PostAsync(string text, string turnId) =>
            server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body(text, turnId, ""","if_running":"queue" """));
    }

    [Fact]
    public async Task Turn_of_a_thread_that_is_deleted_before_it_starts_is_not_found()
    {
        _server.Model.Says("1").Says("2");
        await _server.ChatAsync("A", "turn-0001");
        var queued = Problem.OfPostAsync(_server.Ada, "api/chat", ThreadServer.Body("B", "turn-0002", Gated + "\"queue\""));
        await _source.Asked.WaitAsync();
        using var deleted = await _server.SendAsync(HttpMethod.Delete, "api/threads/thread-0001");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        _source.Go.Set();

        Assert.Equal(HttpStatusCode.NotFound, (await queued).Status);
        Assert.Empty((await _server.GetAsync("api/threads")).GetProperty("threads").EnumerateArray());
    }

    [Fact]
    public async Task Turn_that_waits_in_a_thread_that_is_deleted_is_not_found()
    {
        _server.Model.Says("1");
        await _server.ChatAsync("A", "turn-0001");
        var user = Assert.Single(await UsersAsync());
        await using var scope = _server.Services.CreateAsyncScope();
        var threads = scope.ServiceProvider.GetRequiredService<ThreadTurns>();
        var key = new ThreadKey(user, "thread-0001");
        Assert.True((await threads.FindAsync(key, "turn-0002", null, IfRunning.Queue, CancellationToken.None)).Succeeded);

        using var deleted = await _server.SendAsync(HttpMethod.Delete, "api/threads/thread-0001");

        var again = await threads.FindAsync(key, "turn-0002", null, IfRunning.Queue, CancellationToken.None);
        Assert.Equal(FuncChat.Engine.ErrorCode.NotFound, again.Error?.Code);
    }

    private async Task<IReadOnlyList<string>> UsersAsync()
    {
        var users = new List<string>();
        await foreach (var thread in _server.Services.GetRequiredService<ThreadStorage>().ListExpiredAsync(DateTimeOffset.MaxValue, CancellationToken.None))
            users.Add(thread.User);
        return users;
    }

    // Holds a request between its wait in the thread and the start of its turn.
    private sealed class GatedSource : IToolSource
    {
        public ManualSignal Asked { get; } = new();

        public ManualSignal Go { get; } = new();

        public string Name => "gate";

        public async ValueTask<IReadOnlyList<Tool>> ListAsync(ToolUser user, CancellationToken cancellationToken)
        {
            Asked.Set();
            await Go.WaitAsync(cancellationToken);
            return [Tool.FromMethod((string text) => text, "gate__slow", "Repeats the text.", readOnly: true)];
        }
    }
}
