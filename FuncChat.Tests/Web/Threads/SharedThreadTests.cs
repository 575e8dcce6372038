using System.Net;
using System.Text.Json;
using FuncChat.Engine.Threads;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;
using FuncChat.Web.Threads;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Links to threads, over HTTP: Ada shares, and Bob opens the link.</summary>
public sealed class SharedThreadTests : IAsyncLifetime
{
    private const string Share = "api/threads/thread-0001/share";

    private ThreadServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ThreadServer.StartAsync();
        _server.Model.Otherwise(_ => [FakeModel.Text("Hello."), FakeModel.Finish(), FakeModel.Usage(10, 5)]);
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Link_shows_another_user_the_thread_as_it_was_when_it_was_shared()
    {
        await _server.ChatAsync("First", "turn-0001");
        var id = await ShareAsync();
        await _server.ChatAsync("Private", "turn-0002");
        await _server.SendAsync(HttpMethod.Patch, "api/threads/thread-0001", """{"title":"Private title"}""");

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
        await _server.ChatAsync("First", "turn-0001");
        using var created = await _server.SendAsync(HttpMethod.Post, Share, "{}");
        await _server.ChatAsync("Second", "turn-0002");

        using var updated = await _server.SendAsync(HttpMethod.Post, Share, "{}");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created.StatusCode, updated.StatusCode));
        var id = await IdOfAsync(created);
        Assert.Equal(id, await IdOfAsync(updated));
        Assert.Equal(["turn-0001", "turn-0002"], TurnsOf(await BobSeesAsync(id)));
    }

    [Fact]
    public async Task Link_shows_the_branch_that_its_owner_chose()
    {
        await _server.ChatAsync("A", "turn-0001");
        await _server.ChatAsync("Secret branch", "turn-0002");
        await _server.ChatAsync("Other branch", "turn-0003", ""","parent_turn_id":"turn-0001" """);

        var first = await ShareAsync("""{"turn_id":"turn-0002"}""");
        Assert.Equal(["turn-0001", "turn-0002"], TurnsOf(await BobSeesAsync(first)));
        await ShareAsync("""{"turn_id":"turn-0003"}""");
        Assert.Equal(["turn-0001", "turn-0003"], TurnsOf(await BobSeesAsync(first)));
    }

    [Fact]
    public async Task Link_is_invalid_at_once_when_its_owner_stops_sharing()
    {
        await _server.ChatAsync("A", "turn-0001");
        var first = await ShareAsync();

        using var stopped = await _server.SendAsync(HttpMethod.Delete, Share);
        using var again = await _server.SendAsync(HttpMethod.Delete, Share);
        using var gone = await _server.Bob.GetAsync($"api/shared/{first}");
        var second = await ShareAsync();

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (stopped.StatusCode, again.StatusCode, gone.StatusCode));
        Assert.NotEqual(first, second);
        Assert.Matches("^share_[0-9a-f]{40}$", second);
        Assert.Equal([$"shares/{second}.json"], ShareFiles());
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
        using var started = await _server.SendAsync(
            HttpMethod.Post, "api/chat",
            """{"messages":[{"role":"system","content":"prompt secret"},{"role":"user","content":"Hi","name":"ada@example.com"}],"thread_id":"thread-0001","turn_id":"turn-0001"}""");
        await started.Content.ReadAsStringAsync();

        var id = await ShareAsync();
        var without = (await BobSeesAsync(id)).GetRawText();
        Assert.DoesNotContain("secret", without, StringComparison.Ordinal);
        Assert.DoesNotContain("ada", without, StringComparison.Ordinal);
        await ShareAsync("""{"include_instructions":true}""");
        Assert.Equal("prompt secret", (await BobSeesAsync(id)).GetProperty("instructions").GetString());
    }

    [Fact]
    public async Task Files_of_the_shared_messages_are_read_through_the_link_and_no_others()
    {
        var (shown, later) = (await UploadAsync("shown"), await UploadAsync("later"));
        await _server.ChatAsync("Nothing attached", "turn-0001");
        await ChatWithFileAsync(shown, "turn-0002");
        var id = await ShareAsync();
        await ChatWithFileAsync(later, "turn-0003");

        using var file = await _server.Bob.GetAsync($"api/shared/{id}/files/{shown}");
        Assert.Equal("shown", await file.Content.ReadAsStringAsync());
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition?.DispositionType);
        Assert.StartsWith("sandbox;", file.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}/files/{later}", $"api/shared/{id}/files/..%2F{shown}", $"api/files/{shown}");

        using var deleted = await _server.SendAsync(HttpMethod.Delete, "api/threads/thread-0001/turns/turn-0002");
        await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}/files/{shown}");
        Assert.Equal(["turn-0001"], TurnsOf(await BobSeesAsync(id)));
    }

    [Fact]
    public async Task Image_at_an_address_is_shown_as_text_so_that_no_host_learns_who_reads_the_link()
    {
        using var started = await _server.SendAsync(
            HttpMethod.Post, "api/chat",
            """{"messages":[{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"https://tracker.example/a.png","detail":"low"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}],"thread_id":"thread-0001","turn_id":"turn-0001"}""");
        await started.Content.ReadAsStringAsync();

        var shared = await BobSeesAsync(await ShareAsync());

        Assert.Equal(
            """[{"role":"user","content":[{"type":"text","text":"Look"},{"type":"text","text":"[Image: https://tracker.example/a.png]"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]""",
            shared.GetProperty("turns")[0].GetProperty("messages").GetRawText());
    }

    [Fact]
    public async Task Deletion_of_a_thread_removes_its_link()
    {
        await _server.ChatAsync("A", "turn-0001");
        var id = await ShareAsync();
        Assert.Single(ShareFiles());

        using var deleted = await _server.SendAsync(HttpMethod.Delete, "api/threads/thread-0001");

        Assert.Empty(ShareFiles());
        await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_turn_with_the_id_of_a_deleted_one_is_not_shown(bool isImported)
    {
        await _server.ChatAsync("First", "turn-0001");
        await ImportAsync("turn-0002", "Shared", "turn-0001");
        var id = await ShareAsync();
        await DeleteTurnAsync("turn-0002");

        if (isImported)
            await ImportAsync("turn-0002", "Private", "turn-0001");
        else
            await _server.ChatAsync("Private", "turn-0002");

        var shared = await BobSeesAsync(id);
        Assert.Equal(["turn-0001"], TurnsOf(shared));
        Assert.DoesNotContain("Private", shared.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_turn_is_not_shown_by_a_link_that_an_earlier_version_left_with_the_id_of_a_deleted_one()
    {
        await _server.ChatAsync("First", "turn-0001");
        await _server.ChatAsync("Shared", "turn-0002");
        var id = await ShareAsync();
        var threads = _server.Services.GetRequiredService<ThreadStorage>();
        await threads.ChangeAsync(
            (await threads.ReadSharedAsync(id, CancellationToken.None))!.Key, thread => thread with { Turns = [.. thread.Turns.Where(turn => turn.TurnId != "turn-0002")] }, CancellationToken.None);

        await ImportAsync("turn-0002", "Private", "turn-0001");

        Assert.Equal(["turn-0001"], TurnsOf(await BobSeesAsync(id)));
    }

    [Fact]
    public async Task Link_is_revoked_with_the_last_turn_that_it_shows()
    {
        await _server.ChatAsync("Deleted", "turn-0001");
        await _server.ChatAsync("Other", "turn-0002", ""","parent_turn_id":"root" """);
        var id = await ShareAsync("""{"turn_id":"turn-0001"}""");

        await DeleteTurnAsync("turn-0001");

        await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}");
        Assert.False((await _server.GetAsync("api/threads/thread-0001")).TryGetProperty("share", out _));
        Assert.Empty(ShareFiles());
    }

    [Theory]
    [InlineData("""{"title":"Chosen"}""", "Chosen")]
    [InlineData("""{"archived":false}""", "Shown")]
    public async Task Link_has_no_title_from_a_deleted_message(string change, string title)
    {
        await _server.ChatAsync("Deleted", "turn-0001");
        await _server.ChatAsync("Shown", "turn-0002", ""","parent_turn_id":"root" """);
        using var changed = await _server.SendAsync(HttpMethod.Patch, "api/threads/thread-0001", change);
        var id = await ShareAsync();

        await DeleteTurnAsync("turn-0001");

        Assert.Equal(title, (await BobSeesAsync(id)).GetProperty("title").GetString());
        await ShareAsync();
        Assert.Equal(title, (await BobSeesAsync(id)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Long_branch_is_deleted_whole_and_the_title_of_the_rest_is_its_own()
    {
        await _server.ChatAsync("Deleted", "turn-0001");
        await _server.ChatAsync("Shown", "turn-other", ""","parent_turn_id":"root" """);
        for (var turn = 2; turn <= 40; turn++)
            await ImportAsync($"turn-{turn:D4}", $"Deleted {turn}", $"turn-{turn - 1:D4}");
        var id = await ShareAsync("""{"turn_id":"turn-other"}""");

        await DeleteTurnAsync("turn-0001");

        var thread = await _server.GetAsync("api/threads/thread-0001");
        Assert.Equal(["turn-other"], TurnsOf(thread));
        Assert.Equal("Shown", thread.GetProperty("title").GetString());
        Assert.Equal("Shown", (await BobSeesAsync(id)).GetProperty("title").GetString());
        Assert.Equal(2, Directory.EnumerateFiles(Path.Combine(_server.DataPath, "threads"), "*.json", SearchOption.AllDirectories).Count()); // the thread, and the rest
    }

    [Theory]
    [InlineData("""{"archived":false}""", null)]
    [InlineData("""{"system_prompt":"deleted prompt"}""", "deleted prompt")]
    public async Task Link_has_no_instructions_from_a_deleted_message_alone(string change, string? instructions)
    {
        await _server.ChatAsync("First", "turn-0001");
        using var started = await _server.SendAsync(
            HttpMethod.Post, "api/chat",
            """{"messages":[{"role":"system","content":"deleted prompt"},{"role":"user","content":"Second"}],"thread_id":"thread-0001","turn_id":"turn-0002"}""");
        await started.Content.ReadAsStringAsync();
        using var changed = await _server.SendAsync(HttpMethod.Patch, "api/threads/thread-0001", change);
        var id = await ShareAsync("""{"include_instructions":true}""");
        Assert.Equal("deleted prompt", (await BobSeesAsync(id)).GetProperty("instructions").GetString());

        await DeleteTurnAsync("turn-0002");

        Assert.Equal(instructions, (await BobSeesAsync(id)).TryGetProperty("instructions", out var shown) ? shown.GetString() : null);
    }

    [Fact]
    public async Task Turn_that_runs_is_not_shared()
    {
        await _server.ChatAsync("A", "turn-0001");
        var feed = new ModelFeed();
        _server.Model.Plays(feed);
        await using var running = await _server.StartChatAsync("Still private", "turn-0002");
        await feed.Called.WaitAsync();

        var id = await ShareAsync();
        using var stop = await _server.SendAsync(HttpMethod.Delete, "api/turns/turn-0002");
        await running.ToEndAsync();

        Assert.Equal(["turn-0001"], TurnsOf(await BobSeesAsync(id)));
    }

    [Fact]
    public async Task Thread_without_an_ended_turn_is_not_shared()
    {
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");

        using var refused = await _server.SendAsync(HttpMethod.Post, Share, "{}");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact]
    public async Task Thread_of_another_user_is_neither_shared_nor_unshared()
    {
        await _server.ChatAsync("A", "turn-0001");
        var id = await ShareAsync();

        using var shared = await ThreadServer.SendAsync(_server.Bob, HttpMethod.Post, Share, "{}");
        using var stopped = await ThreadServer.SendAsync(_server.Bob, HttpMethod.Delete, Share);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (shared.StatusCode, stopped.StatusCode));
        await BobSeesAsync(id);
    }

    [Theory]
    [InlineData("""{"turn_id":"../../x"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"turn_id":"turn-0009"}""", HttpStatusCode.NotFound)]
    [InlineData("""{"public":true}""", HttpStatusCode.BadRequest)]
    public async Task Request_to_share_that_is_not_valid_is_refused(string body, HttpStatusCode status)
    {
        await _server.ChatAsync("A", "turn-0001");

        using var refused = await _server.SendAsync(HttpMethod.Post, Share, body);

        Assert.Equal(status, refused.StatusCode);
    }

    [Fact]
    public async Task Owner_finds_the_links_of_all_threads()
    {
        await _server.ChatAsync("A", "turn-0001");
        await _server.ChatAsync("B", "turn-0002", thread: "thread-0002");
        var etag = (await _server.GetAsync("api/threads/thread-0001")).GetProperty("etag").GetString();
        var id = await ShareAsync();

        var thread = await _server.GetAsync("api/threads/thread-0001");
        var listed = Assert.Single((await _server.GetAsync("api/threads?shared=true")).GetProperty("threads").EnumerateArray());

        Assert.Equal((id, "turn-0001"), (thread.GetProperty("share").GetProperty("id").GetString(), thread.GetProperty("share").GetProperty("turn_id").GetString()));
        Assert.NotEqual(etag, thread.GetProperty("etag").GetString());
        Assert.Equal(("A", id), (listed.GetProperty("title").GetString(), listed.GetProperty("share_id").GetString()));
    }

    [Fact]
    public async Task Link_is_kept_out_of_caches_and_search_engines()
    {
        await _server.ChatAsync("A", "turn-0001");
        var id = await ShareAsync();

        using var response = await _server.Bob.GetAsync($"api/shared/{id}");

        Assert.Equal("noindex, nofollow", response.Headers.GetValues("X-Robots-Tag").Single());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
    }

    [Theory]
    [InlineData("Users", HttpStatusCode.OK, HttpStatusCode.Unauthorized)]
    [InlineData("Anyone", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("Off", HttpStatusCode.NotFound, HttpStatusCode.Unauthorized)]
    public async Task Setting_decides_who_may_open_a_link(string sharing, HttpStatusCode user, HttpStatusCode stranger)
    {
        await _server.ChatAsync("A", "turn-0001");
        var id = await ShareAsync();
        await _server.StopAsync();
        await using var server = await ThreadServer.StartAsync(dataPath: _server.DataPath, settings: ("FuncChat:Threads:Sharing", sharing));
        using var strangers = new HttpClient { BaseAddress = server.Ada.BaseAddress };

        using var byUser = await server.Bob.GetAsync($"api/shared/{id}");
        using var byStranger = await strangers.GetAsync($"api/shared/{id}");
        using var listed = await strangers.GetAsync("api/threads");
        using var shared = await SendAsync(server, HttpMethod.Post, Share, "{}");

        Assert.Equal((user, stranger), (byUser.StatusCode, byStranger.StatusCode));
        Assert.Equal(HttpStatusCode.Unauthorized, listed.StatusCode);
        Assert.Equal(sharing == "Off" ? HttpStatusCode.NotFound : HttpStatusCode.OK, shared.StatusCode);
    }

    [Fact]
    public async Task Requests_without_a_sign_in_are_limited_for_each_link()
    {
        await using var server = await ThreadServer.StartAsync(settings: ("FuncChat:Threads:Sharing", "Anyone"));
        using var strangers = new HttpClient { BaseAddress = server.Ada.BaseAddress };
        var path = $"api/shared/share_{new string('0', 40)}";

        var statuses = new HashSet<HttpStatusCode>();
        for (var request = 0; request < 301; request++)
        {
            using var response = await strangers.GetAsync(path);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests], statuses.Order());
        using var byUser = await server.Bob.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, byUser.StatusCode);
    }

    [Fact]
    public async Task Requests_of_users_and_for_texts_that_are_no_links_do_not_count_toward_the_limit_of_a_link()
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Threads:Sharing", "Anyone"), ("FuncChat:Limits:RequestsPerMinute", "1000")]);
        using var strangers = new HttpClient { BaseAddress = server.Ada.BaseAddress };
        var path = $"api/shared/share_{new string('0', 40)}";

        for (var request = 0; request < 301; request++)
        {
            using var byUser = await server.Bob.GetAsync(path);
            using var madeUp = await strangers.GetAsync("api/shared/x");
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (byUser.StatusCode, madeUp.StatusCode));
        }

        using var response = await strangers.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Requests_without_a_sign_in_share_a_part_of_the_memory_and_leave_the_rest_to_users()
    {
        await using var server = await ThreadServer.StartAsync(settings: ("FuncChat:Threads:Sharing", "Anyone"));
        server.Model.Says("Hello.");
        await server.ChatAsync("A", "turn-0001");
        var path = $"api/shared/{await ShareAsync(server, "{}")}";
        using var strangers = new HttpClient { BaseAddress = server.Ada.BaseAddress };
        var memory = server.Services.GetRequiredService<RequestMemory>();

        using (memory.Hold(SharedThreadApi.Strangers, 64 * 1024 * 1024).Value)
        {
            using var refused = await strangers.GetAsync(path);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            server.Model.Says("Users continue.");
            Assert.Equal("complete", (await server.ChatAsync("B", "turn-0002"))[^1].Name);
        }

        using var response = await strangers.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("..%2F..%2Fthreads")]
    [InlineData("share_0000000000000000000000000000000000000000")]
    public async Task Link_that_does_not_exist_is_not_found(string id) => await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}");

    private static IEnumerable<string?> TurnsOf(JsonElement shared) => shared.GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("turn_id").GetString());

    private static async Task<string> IdOfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("id").GetString()!;
    }

    private static Task<HttpResponseMessage> SendAsync(ThreadServer server, HttpMethod method, string path, string body) => server.SendAsync(method, path, body);

    private static async Task<string> ShareAsync(ThreadServer server, string body)
    {
        using var response = await server.SendAsync(HttpMethod.Post, Share, body);
        return await IdOfAsync(response);
    }

    private static async Task<JsonElement> SeenByBobAsync(ThreadServer server, string id)
    {
        using var response = await server.Bob.GetAsync($"api/shared/{id}");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }

    private Task<string> ShareAsync(string body = "{}") => ShareAsync(_server, body);

    private Task<JsonElement> BobSeesAsync(string id) => SeenByBobAsync(_server, id);

    private async Task AssertStatusAsync(HttpStatusCode status, params string[] paths)
    {
        foreach (var path in paths)
        {
            using var response = await _server.Bob.GetAsync(path);
            Assert.Equal(status, response.StatusCode);
        }
    }

    private async Task<string> UploadAsync(string text)
    {
        using var form = new MultipartFormDataContent { { new StringContent(text), "file", "a.txt" } };
        using var response = await _server.Ada.PostAsync("api/files", form);
        return await IdOfAsync(response);
    }

    private async Task ChatWithFileAsync(string fileId, string turnId)
    {
        using var response = await _server.SendAsync(
            HttpMethod.Post, "api/chat",
            $$$"""{"messages":[{"role":"user","content":[{"type":"text","text":"Read"},{"type":"file","file":{"file_id":"{{{fileId}}}","filename":"a.txt"}}]}],"thread_id":"thread-0001","turn_id":"{{{turnId}}}"}""");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
    }

    private async Task ImportAsync(string turnId, string text, string parentId)
    {
        using var response = await _server.SendAsync(
            HttpMethod.Put, $"api/threads/thread-0001/turns/{turnId}",
            $$$$"""{"parent_turn_id":"{{{{parentId}}}}","created_at":"2026-01-31T12:00:00Z","messages":[{"role":"user","content":"{{{{text}}}}"}],"events":[{"id":1,"type":"complete","data":{"status":"success","messages":[{"role":"assistant","content":"Hello."}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}""");
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
    }

    private async Task DeleteTurnAsync(string turnId)
    {
        using var response = await _server.SendAsync(HttpMethod.Delete, $"api/threads/thread-0001/turns/{turnId}");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    private IEnumerable<string> ShareFiles()
    {
        var folder = Path.Combine(_server.DataPath, "shares");
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Select(file => $"shares/{Path.GetFileName(file)}") : [];
    }
}
