using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Threads and turns are deleted with all that belongs to them.</summary>
public sealed class ThreadDeletionTests : ThreadApiTests
{
    [Fact]
    public async Task Change_and_deletion_are_refused_when_the_thread_has_changed_since()
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001","title":"First"}""");
        var etag = created.Headers.ETag!.ToString();
        using var changed = await Server.SendAsync(HttpMethod.Patch, Thread, """{"title":"Second"}""", etag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        using var stale = await Server.SendAsync(HttpMethod.Patch, Thread, """{"title":"Third"}""", etag);
        using var deletion = await Server.SendAsync(HttpMethod.Delete, Thread, ifMatch: etag);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Problem.OfAsync(stale)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Problem.OfAsync(deletion)).Status);
        Assert.Equal("Second", (await Server.GetAsync(Thread)).GetProperty("title").GetString());
        using var current = await Server.SendAsync(HttpMethod.Delete, Thread, ifMatch: changed.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NoContent, current.StatusCode);
    }

    [Fact]
    public async Task Deletion_leaves_no_file_of_the_thread()
    {
        Server.Tools.Go.Set();
        Server.Model.Calls(("a", GatedTools.Steps, "{}")).Says("Done.");
        await Server.ChatAsync("A", "turn-0001", $$""","tools":["{{GatedTools.Steps}}"]""");
        await Server.ChatAsync("B", "turn-0002");
        await UploadAsync("thread-0001");
        await UploadAsync("thread-0002");
        await Server.ChatAsync("Other", "turn-0003", thread: "thread-0002");
        var before = Files();
        Assert.Contains(before, file => file.StartsWith("runs/", StringComparison.Ordinal));

        using var response = await Server.SendAsync(HttpMethod.Delete, Thread);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var user = before[^1].Split('/')[1];
        Assert.Equal(2, Files().Count(file => file.StartsWith("files/", StringComparison.Ordinal)));
        Assert.Equal(4, before.Count(file => file.StartsWith("files/", StringComparison.Ordinal)));
        Assert.Equal([$"threads/{user}/thread-0002/thread.json", $"threads/{user}/thread-0002/turns/content.json", $"turns/{user}/turn-0003.lease", $"turns/{user}/turn-0003.log"], Files().Where(file => !file.StartsWith("files/", StringComparison.Ordinal)).Select(file => System.Text.RegularExpressions.Regex.Replace(file, "content_[0-9a-f]{32}", "content", System.Text.RegularExpressions.RegexOptions.NonBacktracking)));
        using var gone = await Server.Ada.GetAsync("api/turns/turn-0001");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Thread_that_is_created_again_with_the_same_id_and_time_has_another_etag()
    {
        const string Body = """{"thread_id":"thread-0001","created_at":"2025-01-31T12:00:00Z"}""";
        using var first = await Server.SendAsync(HttpMethod.Post, "api/threads", Body);
        using var deleted = await Server.SendAsync(HttpMethod.Delete, Thread);

        using var second = await Server.SendAsync(HttpMethod.Post, "api/threads", Body);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.NotEqual(first.Headers.ETag, second.Headers.ETag);
    }

    [Fact]
    public async Task Deletion_stops_a_turn_that_runs()
    {
        var feed = new ModelFeed();
        Server.Model.Plays(feed);
        await using var running = await Server.StartChatAsync("A", "turn-0001");
        await feed.Called.WaitAsync();

        using var response = await Server.SendAsync(HttpMethod.Delete, Thread);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("CANCELLED", (await running.ToEndAsync())[^1].Text("code"));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Deleted_turn_takes_those_that_follow_it()
    {
        await Server.ChatAsync("A", "turn-0001");
        await Server.ChatAsync("B", "turn-0002");
        await Server.ChatAsync("C", "turn-0003", ""","parent_turn_id":"turn-0001" """);
        await Server.ChatAsync("D", "turn-0004", ""","parent_turn_id":"turn-0002" """);

        using var response = await Server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0002");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(["turn-0001", "turn-0003"], (await Server.GetAsync(Thread)).GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("turn_id").GetString()));
        Assert.DoesNotContain(Files(), file => file.Contains("turn-0002", StringComparison.Ordinal) || file.Contains("turn-0004", StringComparison.Ordinal));
        Assert.Equal(2, Files().Count(file => file.Contains("/turns/content_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Deletion_of_a_turn_is_refused_when_the_thread_has_changed_since()
    {
        await Server.ChatAsync("A", "turn-0001");
        var etag = (await Server.GetAsync(Thread)).GetProperty("etag").GetString();
        await Server.ChatAsync("B", "turn-0002");

        using var stale = await Server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0001", ifMatch: etag);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Problem.OfAsync(stale)).Status);
        var thread = await Server.GetAsync(Thread);
        Assert.Equal(2, thread.GetProperty("turns").GetArrayLength());
        using var current = await Server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0001", ifMatch: thread.GetProperty("etag").GetString());
        Assert.Equal(HttpStatusCode.NoContent, current.StatusCode);
        Assert.Empty((await Server.GetAsync(Thread)).GetProperty("turns").EnumerateArray());
    }

    private async Task UploadAsync(string thread)
    {
        using var form = new MultipartFormDataContent { { new StringContent("A,B\n1,2\n"), "file", "table.csv" }, { new StringContent(thread), "thread_id" } };
        using var response = await Server.Ada.PostAsync("api/files", form);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
