using System.Net;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Requests that use one turn id for different turns: the refused one changes nothing.</summary>
public sealed class RepeatedTurnIdTests : HeldThreadTests
{
    [Theory]
    [InlineData("api/chat")]
    [InlineData("api/agui")]
    public async Task Refused_request_changes_nothing_when_the_other_was_added_first(string path)
    {
        Server.Model.Says("Answer");
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        var refused = Server.SendAsync(HttpMethod.Post, path, BodyOf(path, "refused"));
        await held.Asked.WaitAsync();
        using var added = await Server.SendAsync(HttpMethod.Post, path, BodyOf(path, "added"));
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
        Server.Model.Says("Answer");
        var held = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync));
        var adding = Server.SendAsync(HttpMethod.Post, path, BodyOf(path, "added"));
        await held.Asked.WaitAsync();
        using var refused = await Server.SendAsync(HttpMethod.Post, path, BodyOf(path, "refused"));

        held.Go.Set();

        using var added = await adding;
        await added.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (added.StatusCode, refused.StatusCode));
        await AssertOnlyTurnAsync("added");
    }

    [Fact]
    public async Task Turn_of_another_thread_is_neither_followed_nor_changed()
    {
        Server.Model.Says("Answer");
        await Server.ChatAsync("added", "turn-0001");

        using var refused = await Server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("added", "turn-0001", thread: "thread-0002"));

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        await AssertOnlyTurnAsync("added");
        using var gone = await Server.Ada.GetAsync("api/threads/thread-0002");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","title":"Mine" """)]
    public async Task Thread_is_unchanged_when_a_turn_outside_of_it_has_the_id(string more)
    {
        await ChatOutsideAsync();
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", $$"""{"thread_id":"thread-0001"{{more}}}""");
        var before = (await Server.GetAsync(Thread)).GetRawText();

        using var refused = await Server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("refused", "turn-0001"));

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(before, (await Server.GetAsync(Thread)).GetRawText());
        Assert.Empty(Contents());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thread_is_as_before_when_a_turn_outside_of_it_takes_the_id_at_the_same_time(bool exists)
    {
        using var created = exists ? await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""") : null;
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        var refused = Server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("refused", "turn-0001"));
        await held.Asked.WaitAsync();
        await ChatOutsideAsync();

        held.Go.Set();

        using var response = await refused;
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        using var left = await Server.Ada.GetAsync(Thread);
        Assert.Equal(exists ? HttpStatusCode.OK : HttpStatusCode.NotFound, left.StatusCode);
        Assert.Empty(Contents());
        if (!exists)
            return;
        var thread = await Server.GetAsync(Thread);
        Assert.Equal("", thread.GetProperty("title").GetString());
        Assert.Equal(thread.GetProperty("created_at").GetString(), thread.GetProperty("updated_at").GetString());
        Assert.Empty(thread.GetProperty("turns").EnumerateArray());
    }

    [Fact]
    public async Task Imported_turn_is_kept_when_another_import_has_its_id()
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        var held = HeldCall.Hold(Threads, nameof(IThreadStore.WriteAsync));
        var slow = ImportAsync("slow", "turn-0001");
        await held.Asked.WaitAsync();
        using var fast = await ImportAsync("fast", "turn-0001");

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
        Server.Model.Says("Answer");
        await using var outside = await TurnStream.PostAsync(Server.Ada, Body);
        var events = await outside.ToEndAsync();
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0002"}""");
        using var imported = await ImportAsync("imported", "turn-0001", thread: "thread-0002");
        Assert.Equal(HttpStatusCode.NoContent, imported.StatusCode);

        using var deleted = await Server.SendAsync(HttpMethod.Delete, path);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await using var again = await TurnStream.PostAsync(Server.Ada, Body);
        Assert.Equal(SseEvent.Join(events), SseEvent.Join(await again.ToEndAsync()));
        Assert.Single(Server.Model.Requests);
    }

    [Theory]
    [InlineData("api/threads/thread-0002")]
    [InlineData("api/threads/thread-0002/turns/turn-0001")]
    public async Task Deleting_an_imported_turn_keeps_the_turn_with_its_id_that_another_thread_has(string path)
    {
        foreach (var thread in (string[])["thread-0001", "thread-0002"])
        {
            using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", $$"""{"thread_id":"{{thread}}"}""");
            using var imported = await ImportAsync(thread, "turn-0001", thread: thread);
            Assert.Equal(HttpStatusCode.NoContent, imported.StatusCode);
        }

        using var deleted = await Server.SendAsync(HttpMethod.Delete, path);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await AssertOnlyTurnAsync("thread-0001");
    }

    [Fact]
    public async Task Turn_of_another_thread_is_not_followed_in_a_thread_with_an_imported_turn_of_its_id()
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        using var imported = await ImportAsync("imported", "turn-0001");
        Server.Model.Says("Answer");
        using var started = await Server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("added", "turn-0001", thread: "thread-0002"));
        await started.Content.ReadAsStringAsync();

        using var refused = await Server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("added", "turn-0001"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (started.StatusCode, refused.StatusCode));
    }

    [Fact]
    public async Task Import_with_the_id_of_a_turn_of_another_thread_is_refused()
    {
        Server.Model.Says("Answer");
        await Server.ChatAsync("added", "turn-0001");
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0002"}""");

        using var refused = await ImportAsync("imported", "turn-0001", thread: "thread-0002");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        await AssertOnlyTurnAsync("added");
    }

    [Fact]
    public async Task Turn_that_may_have_started_stays_in_its_thread_when_the_store_fails()
    {
        var held = HeldCall.Hold(Turns, nameof(ITurnStore.BeginAsync), new IOException("The disk is away."));
        var starting = Server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("added", "turn-0001"));
        await held.Asked.WaitAsync();
        HeldCall.Fail(Turns, nameof(ITurnStore.OpenAsync), new IOException("The disk is away."));
        held.Go.Set();

        using var failed = await starting;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "UNAVAILABLE"), (failed.StatusCode, (await Problem.OfAsync(failed)).Code));
        Assert.Equal("running", Assert.Single((await Server.GetAsync(Thread)).GetProperty("turns").EnumerateArray()).GetProperty("status").GetString());
        Server.Model.Says("Answer");
        await Server.ChatAsync("added", "turn-0001");
        await AssertOnlyTurnAsync("added");
    }

    private static string BodyOf(string path, string text) => path == "api/chat"
        ? ThreadServer.Body(text, "turn-0001")
        : $$"""{"threadId":"thread-0001","runId":"turn-0001","messages":[{"id":"q","role":"user","content":"{{text}}"}]}""";

    private async Task ChatOutsideAsync()
    {
        Server.Model.Says("Answer");
        await using var outside = await TurnStream.PostAsync(Server.Ada, """{"messages":[{"role":"user","content":"outside"}],"turn_id":"turn-0001"}""");
        await outside.ToEndAsync();
    }

    private async Task AssertOnlyTurnAsync(string text)
    {
        var turn = Assert.Single((await Server.GetAsync($"{Thread}/turns")).GetProperty("turns").EnumerateArray());
        var messages = turn.GetProperty("messages").EnumerateArray().ToList();
        Assert.Contains(text, messages[0].GetProperty("content").ToString(), StringComparison.Ordinal);
        Assert.Equal("complete", turn.GetProperty("status").GetString());
        Assert.Single(Contents());
    }
}
