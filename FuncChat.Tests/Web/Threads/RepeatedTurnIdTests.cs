using System.Net;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Requests that use one turn id for different turns: the refused one changes nothing.</summary>
public sealed class RepeatedTurnIdTests : IAsyncLifetime
{
    private const string Import =
        """{"messages":[{"role":"user","content":"NAME"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[{"role":"assistant","content":"ok"}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}""";

    private readonly TemporaryFolder _folder = new();
    private ITurnStore _turns = null!;
    private IThreadStore _threads = null!;
    private ThreadServer _server = null!;

    public async Task InitializeAsync()
    {
        _turns = HeldCall.Around<ITurnStore>(new FileTurnStore(_folder.Path));
        _threads = HeldCall.Around<IThreadStore>(new FileThreadStore(_folder.Path));
        _server = await ThreadServer.StartAsync(builder => builder.Services.AddSingleton(_turns).AddSingleton(_threads), _folder.Path);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("api/chat")]
    [InlineData("api/agui")]
    public async Task Refused_request_changes_nothing_when_the_other_was_added_first(string path)
    {
        _server.Model.Says("Answer");
        var held = HeldCall.Hold(_threads, nameof(IThreadStore.WriteAsync));
        var refused = _server.SendAsync(HttpMethod.Post, path, BodyOf(path, "refused"));
        await held.Asked.WaitAsync();
        using var added = await _server.SendAsync(HttpMethod.Post, path, BodyOf(path, "added"));
        await added.Content.ReadAsStringAsync();

        held.Go.Set();

        using var response = await refused;
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (added.StatusCode, response.StatusCode));
        await AssertOnlyTurnAsync("added");
    }

    [Theory]
    [InlineData("api/chat")]
    [InlineData("api/agui")]
    public async Task Refused_request_changes_nothing_when_the_other_has_not_started_yet(string path)
    {
        _server.Model.Says("Answer");
        var held = HeldCall.Hold(_turns, nameof(ITurnStore.BeginAsync));
        var adding = _server.SendAsync(HttpMethod.Post, path, BodyOf(path, "added"));
        await held.Asked.WaitAsync();
        using var refused = await _server.SendAsync(HttpMethod.Post, path, BodyOf(path, "refused"));

        held.Go.Set();

        using var added = await adding;
        await added.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (added.StatusCode, refused.StatusCode));
        await AssertOnlyTurnAsync("added");
    }

    [Fact]
    public async Task Turn_of_another_thread_is_neither_followed_nor_changed()
    {
        _server.Model.Says("Answer");
        await _server.ChatAsync("added", "turn-0001");

        using var refused = await _server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("added", "turn-0001", thread: "thread-0002"));

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        await AssertOnlyTurnAsync("added");
        using var gone = await _server.Ada.GetAsync("api/threads/thread-0002");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","title":"Mine" """)]
    public async Task Thread_is_unchanged_when_a_turn_outside_of_it_has_the_id(string more)
    {
        await ChatOutsideAsync();
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", $$"""{"thread_id":"thread-0001"{{more}}}""");
        var before = (await _server.GetAsync("api/threads/thread-0001")).GetRawText();

        using var refused = await _server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("refused", "turn-0001"));

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(before, (await _server.GetAsync("api/threads/thread-0001")).GetRawText());
        Assert.Empty(Contents());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thread_is_as_before_when_a_turn_outside_of_it_takes_the_id_at_the_same_time(bool exists)
    {
        using var created = exists ? await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""") : null;
        var held = HeldCall.Hold(_threads, nameof(IThreadStore.WriteAsync));
        var refused = _server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("refused", "turn-0001"));
        await held.Asked.WaitAsync();
        await ChatOutsideAsync();

        held.Go.Set();

        using var response = await refused;
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        using var left = await _server.Ada.GetAsync("api/threads/thread-0001");
        Assert.Equal(exists ? HttpStatusCode.OK : HttpStatusCode.NotFound, left.StatusCode);
        Assert.Empty(Contents());
        if (!exists)
            return;
        var thread = await _server.GetAsync("api/threads/thread-0001");
        Assert.Equal("", thread.GetProperty("title").GetString());
        Assert.Equal(thread.GetProperty("created_at").GetString(), thread.GetProperty("updated_at").GetString());
        Assert.Empty(thread.GetProperty("turns").EnumerateArray());
    }

    [Fact]
    public async Task Imported_turn_is_kept_when_another_import_has_its_id()
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        var held = HeldCall.Hold(_threads, nameof(IThreadStore.WriteAsync));
        var slow = ImportAsync("slow");
        await held.Asked.WaitAsync();
        using var fast = await ImportAsync("fast");

        held.Go.Set();

        using var response = await slow;
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (fast.StatusCode, response.StatusCode));
        await AssertOnlyTurnAsync("fast");
    }

    [Theory]
    [InlineData("api/threads/thread-0002")]
    [InlineData("api/threads/thread-0002/turns/turn-0001")]
    public async Task Deleting_an_imported_turn_keeps_the_turn_outside_of_its_thread_with_its_id(string path)
    {
        const string Body = """{"messages":[{"role":"user","content":"outside"}],"turn_id":"turn-0001"}""";
        _server.Model.Says("Answer");
        await using var outside = await TurnStream.PostAsync(_server.Ada, Body);
        var events = await outside.ToEndAsync();
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0002"}""");
        using var imported = await _server.SendAsync(HttpMethod.Put, "api/threads/thread-0002/turns/turn-0001", Import);
        Assert.Equal(HttpStatusCode.NoContent, imported.StatusCode);

        using var deleted = await _server.SendAsync(HttpMethod.Delete, path);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await using var again = await TurnStream.PostAsync(_server.Ada, Body);
        Assert.Equal(SseEvent.Join(events), SseEvent.Join(await again.ToEndAsync()));
        Assert.Single(_server.Model.Requests);
    }

    [Fact]
    public async Task Import_with_the_id_of_a_turn_of_another_thread_is_refused()
    {
        _server.Model.Says("Answer");
        await _server.ChatAsync("added", "turn-0001");
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0002"}""");

        using var refused = await _server.SendAsync(HttpMethod.Put, "api/threads/thread-0002/turns/turn-0001", Import);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        await AssertOnlyTurnAsync("added");
    }

    private static string BodyOf(string path, string text) => path == "api/chat"
        ? ThreadServer.Body(text, "turn-0001")
        : $$"""{"threadId":"thread-0001","runId":"turn-0001","messages":[{"id":"q","role":"user","content":"{{text}}"}]}""";

    private async Task ChatOutsideAsync()
    {
        _server.Model.Says("Answer");
        await using var outside = await TurnStream.PostAsync(_server.Ada, """{"messages":[{"role":"user","content":"outside"}],"turn_id":"turn-0001"}""");
        await outside.ToEndAsync();
    }

    private IEnumerable<string> Contents() =>
        Directory.EnumerateFiles(Path.Combine(_folder.Path, "threads"), "content_*", SearchOption.AllDirectories);

    private Task<HttpResponseMessage> ImportAsync(string text) =>
        _server.SendAsync(HttpMethod.Put, "api/threads/thread-0001/turns/turn-0001", Import.Replace("NAME", text, StringComparison.Ordinal));

    private async Task AssertOnlyTurnAsync(string text)
    {
        var turn = Assert.Single((await _server.GetAsync("api/threads/thread-0001/turns")).GetProperty("turns").EnumerateArray());
        var messages = turn.GetProperty("messages").EnumerateArray().ToList();
        Assert.Contains(text, messages[0].GetProperty("content").ToString(), StringComparison.Ordinal);
        Assert.Equal("complete", turn.GetProperty("status").GetString());
        Assert.Single(Contents());
    }
}
