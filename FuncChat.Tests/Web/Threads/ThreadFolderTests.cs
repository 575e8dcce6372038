using System.Net;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Threads in folders.</summary>
public sealed class ThreadFolderTests : ThreadApiTests
{
    [Theory]
    [InlineData("""{"folder":null}""", null)]
    [InlineData("""{"folder":"  "}""", null)]
    [InlineData("""{"title":"B"}""", "Work")]
    [InlineData("""{"folder":"Überblick 🌱 2026"}""", "Überblick 🌱 2026")]
    public async Task Folder_is_changed_only_by_a_body_that_names_it(string change, string? folder)
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001","folder":"Work"}""");

        using var changed = await Server.SendAsync(HttpMethod.Patch, "api/threads/thread-0001", change);

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(folder, (await Server.GetAsync("api/threads/thread-0001")).TryGetProperty("folder", out var shown) ? shown.GetString() : null);
    }

    [Fact]
    public async Task Threads_are_put_into_folders_and_listed_by_them()
    {
        using var first = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001","title":"A","folder":" Work "}""");
        await Server.ChatAsync("B", "turn-0002", thread: "thread-0002");
        using var moved = await Server.SendAsync(HttpMethod.Patch, "api/threads/thread-0002", """{"folder":"Home & garden"}""");
        await Server.ChatAsync("C", "turn-0003", thread: "thread-0003");

        Assert.Equal("Work", (await Server.GetAsync(Thread)).GetProperty("folder").GetString());
        Assert.Equal(["A"], TitlesOf(await Server.GetAsync("api/threads?folder=Work")));
        Assert.Equal(["A"], TitlesOf(await Server.GetAsync("api/threads?folder=%20Work%20")));
        Assert.Equal(["B"], TitlesOf(await Server.GetAsync("api/threads?folder=Home%20%26%20garden")));
        Assert.Equal(["C"], TitlesOf(await Server.GetAsync("api/threads?folder=")));
        Assert.Equal(3, TitlesOf(await Server.GetAsync("api/threads")).Count());

        using var taken = await Server.SendAsync(HttpMethod.Patch, Thread, """{"folder":""}""");
        Assert.False((await Server.GetAsync(Thread)).TryGetProperty("folder", out _));
    }
}
