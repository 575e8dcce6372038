using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>What a link to a thread shows, and what it does not.</summary>
public sealed class SharedThreadTests : ThreadLinkTests
{
    [Fact]
    public async Task Link_shows_another_user_the_thread_as_it_was_when_it_was_shared()
    {
        await Server.ChatAsync("First", "turn-0001");
        var id = await ShareAsync();
        await Server.ChatAsync("Private", "turn-0002");
        await Server.SendAsync(HttpMethod.Patch, "api/threads/thread-0001", """{"title":"Private title"}""");

        var shared = await BobSeesAsync(id);

        Assert.Equal("First", shared.GetProperty("title").GetString());
        var turn = Assert.Single(shared.GetProperty("turns").EnumerateArray());
        Assert.Equal("""[{"role":"user","content":"First"}]""", turn.GetProperty("messages").GetRawText());
        Assert.Equal("""[{"role":"assistant","content":"Hello."}]""", turn.GetProperty("answer").GetRawText());
        Assert.DoesNotContain("Private", shared.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_shows_later_messages_once_its_owner_updates_it()
    {
        await Server.ChatAsync("First", "turn-0001");
        using var created = await Server.SendAsync(HttpMethod.Post, Share, "{}");
        await Server.ChatAsync("Second", "turn-0002");

        using var updated = await Server.SendAsync(HttpMethod.Post, Share, "{}");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created.StatusCode, updated.StatusCode));
        var id = await IdOfAsync(created);
        Assert.Equal(id, await IdOfAsync(updated));
        Assert.Equal(["turn-0001", "turn-0002"], TurnsOf(await BobSeesAsync(id)));
    }

    [Fact]
    public async Task Link_shows_the_branch_that_its_owner_chose()
    {
        await Server.ChatAsync("A", "turn-0001");
        await Server.ChatAsync("Secret branch", "turn-0002");
        await Server.ChatAsync("Other branch", "turn-0003", ""","parent_turn_id":"turn-0001" """);

        var first = await ShareAsync("""{"turn_id":"turn-0002"}""");
        Assert.Equal(["turn-0001", "turn-0002"], TurnsOf(await BobSeesAsync(first)));
        await ShareAsync("""{"turn_id":"turn-0003"}""");
        Assert.Equal(["turn-0001", "turn-0003"], TurnsOf(await BobSeesAsync(first)));
    }

    [Fact]
    public async Task Link_shows_no_instructions_tools_reasoning_tokens_or_cost_unless_its_owner_shares_them()
    {
        await using var server = await ThreadServer.StartAsync(
            settings: [("FuncChat:Prices:all:Model", "*"), ("FuncChat:Prices:all:Input", "1"), ("FuncChat:Prices:all:Output", "2")]);
        server.Model
            .Answers(FakeModel.Text("I look."), FakeModel.Call(0, "call-1", GatedTools.Echo, """{"text":"tool secret"}"""), FakeModel.Finish(), FakeModel.Usage(10, 5))
            .Answers(FakeModel.Reasoning("reasoning secret"), FakeModel.Text("Done."), FakeModel.Finish(), FakeModel.Usage(10, 5));
        await server.ChatAsync(
            """Hi"},{"role":"user","content":"there""", "turn-0001", ""","tools":["Echo"]""");
        await SendAsync(server, HttpMethod.Patch, "api/threads/thread-0001", """{"system_prompt":"prompt secret"}""");

        var shared = await SeenByBobAsync(server, await ShareAsync(server, "{}"));
        var events = shared.GetProperty("turns")[0].GetProperty("events").EnumerateArray().Select(each => each.GetProperty("type").GetString());
        Assert.Equal(["status", "delta", "message_complete", "delta", "message_complete", "complete"], events);
        Assert.Equal(
            """[{"role":"assistant","content":"I look."},{"role":"assistant","content":"Done."}]""", shared.GetProperty("turns")[0].GetProperty("answer").GetRawText());
        foreach (var secret in new[] { "secret", "cost", "prompt", "call-1", "\"input_tokens\":10" })
            Assert.DoesNotContain(secret, shared.GetRawText(), StringComparison.Ordinal);

        var all = (await SeenByBobAsync(server, await ShareAsync(server, """{"include_tools":true,"include_instructions":true}"""))).GetRawText();
        foreach (var chosen in new[] { "tool secret", "prompt secret" })
            Assert.Contains(chosen, all, StringComparison.Ordinal);
        foreach (var secret in new[] { "reasoning secret", "cost", "\"input_tokens\":10" })
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_shows_the_instructions_that_the_turn_was_sent_with_only_if_its_owner_shares_them()
    {
        using var started = await Server.SendAsync(
            HttpMethod.Post, "api/chat",
            """{"messages":[{"role":"system","content":"prompt secret"},{"role":"user","content":"Hi","name":"ada@example.com"}],"thread_id":"thread-0001","turn_id":"turn-0001"}""");
        await started.Content.ReadAsStringAsync();

        var id = await ShareAsync();
        var without = (await BobSeesAsync(id)).GetRawText();
        Assert.DoesNotContain("secret", without, StringComparison.Ordinal);
        Assert.DoesNotContain("ada@", without, StringComparison.Ordinal); // not "ada", which a random id may contain
        Assert.DoesNotContain("key ada", without, StringComparison.Ordinal);
        await ShareAsync("""{"include_instructions":true}""");
        Assert.Equal("prompt secret", (await BobSeesAsync(id)).GetProperty("instructions").GetString());
    }

    [Fact]
    public async Task Files_of_the_shared_messages_are_read_through_the_link_and_no_others()
    {
        var (shown, later) = (await UploadAsync("shown"), await UploadAsync("later"));
        await Server.ChatAsync("Nothing attached", "turn-0001");
        await ChatWithFileAsync(shown, "turn-0002");
        var id = await ShareAsync();
        await ChatWithFileAsync(later, "turn-0003");

        using var file = await Server.Bob.GetAsync($"api/shared/{id}/files/{shown}");
        Assert.Equal("shown", await file.Content.ReadAsStringAsync());
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition?.DispositionType);
        Assert.StartsWith("sandbox;", file.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}/files/{later}", $"api/shared/{id}/files/..%2F{shown}", $"api/files/{shown}");

        using var deleted = await Server.SendAsync(HttpMethod.Delete, "api/threads/thread-0001/turns/turn-0002");
        await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}/files/{shown}");
        Assert.Equal(["turn-0001"], TurnsOf(await BobSeesAsync(id)));
    }

    [Fact]
    public async Task Image_at_an_address_is_shown_as_text_so_that_no_host_learns_who_reads_the_link()
    {
        using var started = await Server.SendAsync(
            HttpMethod.Post, "api/chat",
            """{"messages":[{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"https://tracker.example/a.png","detail":"low"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}],"thread_id":"thread-0001","turn_id":"turn-0001"}""");
        await started.Content.ReadAsStringAsync();

        var shared = await BobSeesAsync(await ShareAsync());

        Assert.Equal(
            """[{"role":"user","content":[{"type":"text","text":"Look"},{"type":"text","text":"[Image: https://tracker.example/a.png]"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]""",
            shared.GetProperty("turns")[0].GetProperty("messages").GetRawText());
    }

    [Fact]
    public async Task Turn_that_runs_is_not_shared()
    {
        await Server.ChatAsync("A", "turn-0001");
        var feed = new ModelFeed();
        Server.Model.Plays(feed);
        await using var running = await Server.StartChatAsync("Still private", "turn-0002");
        await feed.Called.WaitAsync();

        var id = await ShareAsync();
        using var stop = await Server.SendAsync(HttpMethod.Delete, "api/turns/turn-0002");
        await running.ToEndAsync();

        Assert.Equal(["turn-0001"], TurnsOf(await BobSeesAsync(id)));
    }

    [Fact]
    public async Task Thread_without_an_ended_turn_is_not_shared()
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");

        using var refused = await Server.SendAsync(HttpMethod.Post, Share, "{}");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Theory]
    [InlineData("""{"turn_id":"../../x"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"turn_id":"turn-0009"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"public":true}""", HttpStatusCode.BadRequest)]
    public async Task Request_to_share_that_is_not_valid_is_refused(string body, HttpStatusCode status)
    {
        await Server.ChatAsync("A", "turn-0001");

        using var refused = await Server.SendAsync(HttpMethod.Post, Share, body);

        Assert.Equal(status, refused.StatusCode);
    }

    [Fact]
    public async Task Owner_finds_the_links_of_all_threads()
    {
        await Server.ChatAsync("A", "turn-0001");
        await Server.ChatAsync("B", "turn-0002", thread: "thread-0002");
        var etag = (await Server.GetAsync("api/threads/thread-0001")).GetProperty("etag").GetString();
        var id = await ShareAsync();

        var thread = await Server.GetAsync("api/threads/thread-0001");
        var listed = Assert.Single((await Server.GetAsync("api/threads?shared=true")).GetProperty("threads").EnumerateArray());

        Assert.Equal((id, "turn-0001"), (thread.GetProperty("share").GetProperty("id").GetString(), thread.GetProperty("share").GetProperty("turn_id").GetString()));
        Assert.NotEqual(etag, thread.GetProperty("etag").GetString());
        Assert.Equal(("A", id), (listed.GetProperty("title").GetString(), listed.GetProperty("share_id").GetString()));
    }

    private async Task<string> UploadAsync(string text)
    {
        using var form = new MultipartFormDataContent { { new StringContent(text), "file", "a.txt" } };
        using var response = await Server.Ada.PostAsync("api/files", form);
        return await IdOfAsync(response);
    }

    private async Task ChatWithFileAsync(string fileId, string turnId)
    {
        using var response = await Server.SendAsync(
            HttpMethod.Post, "api/chat",
            $$$"""{"messages":[{"role":"user","content":[{"type":"text","text":"Read"},{"type":"file","file":{"file_id":"{{{fileId}}}","filename":"a.txt"}}]}],"thread_id":"thread-0001","turn_id":"{{{turnId}}}"}""");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
    }
}
