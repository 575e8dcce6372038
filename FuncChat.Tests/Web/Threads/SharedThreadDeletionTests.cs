using System.Net;
using FuncChat.Engine.Threads;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Links to threads from which turns are deleted.</summary>
public sealed class SharedThreadDeletionTests : ThreadLinkTests
{
    [Fact]
    public async Task Deletion_of_a_thread_removes_its_link()
    {
        await Server.ChatAsync("A", "turn-0001");
        var id = await ShareAsync();
        Assert.Single(ShareFiles());

        using var deleted = await Server.SendAsync(HttpMethod.Delete, "api/threads/thread-0001");

        Assert.Empty(ShareFiles());
        await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_turn_with_the_id_of_a_deleted_one_is_not_shown(bool isImported)
    {
        await Server.ChatAsync("First", "turn-0001");
        await ImportAsync("turn-0002", "Shared", "turn-0001");
        var id = await ShareAsync();
        await DeleteTurnAsync("turn-0002");

        if (isImported)
            await ImportAsync("turn-0002", "Private", "turn-0001");
        else
            await Server.ChatAsync("Private", "turn-0002");

        var shared = await BobSeesAsync(id);
        Assert.Equal(["turn-0001"], TurnsOf(shared));
        Assert.DoesNotContain("Private", shared.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_turn_is_not_shown_by_a_link_that_an_earlier_version_left_with_the_id_of_a_deleted_one()
    {
        await Server.ChatAsync("First", "turn-0001");
        await Server.ChatAsync("Shared", "turn-0002");
        var id = await ShareAsync();
        var threads = Server.Services.GetRequiredService<ThreadStorage>();
        await threads.ChangeAsync(
            (await threads.ReadSharedAsync(id, CancellationToken.None))!.Key, thread => thread with { Turns = [.. thread.Turns.Where(turn => turn.TurnId != "turn-0002")] }, CancellationToken.None);

        await ImportAsync("turn-0002", "Private", "turn-0001");

        Assert.Equal(["turn-0001"], TurnsOf(await BobSeesAsync(id)));
    }

    [Fact]
    public async Task Link_is_revoked_with_the_last_turn_that_it_shows()
    {
        await Server.ChatAsync("Deleted", "turn-0001");
        await Server.ChatAsync("Other", "turn-0002", ""","parent_turn_id":"root" """);
        var id = await ShareAsync("""{"turn_id":"turn-0001"}""");

        await DeleteTurnAsync("turn-0001");

        await AssertStatusAsync(HttpStatusCode.NotFound, $"api/shared/{id}");
        Assert.False((await Server.GetAsync("api/threads/thread-0001")).TryGetProperty("share", out _));
        Assert.Empty(ShareFiles());
    }

    [Theory]
    [InlineData("""{"title":"Chosen"}""", "Chosen")]
    [InlineData("""{"archived":false}""", "Shown")]
    public async Task Link_has_no_title_from_a_deleted_message(string change, string title)
    {
        await Server.ChatAsync("Deleted", "turn-0001");
        await Server.ChatAsync("Shown", "turn-0002", ""","parent_turn_id":"root" """);
        using var changed = await Server.SendAsync(HttpMethod.Patch, "api/threads/thread-0001", change);
        var id = await ShareAsync();

        await DeleteTurnAsync("turn-0001");

        Assert.Equal(title, (await BobSeesAsync(id)).GetProperty("title").GetString());
        await ShareAsync();
        Assert.Equal(title, (await BobSeesAsync(id)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Long_branch_is_deleted_whole_and_the_title_of_the_rest_is_its_own()
    {
        await Server.ChatAsync("Deleted", "turn-0001");
        await Server.ChatAsync("Shown", "turn-other", ""","parent_turn_id":"root" """);
        for (var turn = 2; turn <= 40; turn++)
            await ImportAsync($"turn-{turn:D4}", $"Deleted {turn}", $"turn-{turn - 1:D4}");
        var id = await ShareAsync("""{"turn_id":"turn-other"}""");

        await DeleteTurnAsync("turn-0001");

        var thread = await Server.GetAsync("api/threads/thread-0001");
        Assert.Equal(["turn-other"], TurnsOf(thread));
        Assert.Equal("Shown", thread.GetProperty("title").GetString());
        Assert.Equal("Shown", (await BobSeesAsync(id)).GetProperty("title").GetString());
        Assert.Equal(2, Directory.EnumerateFiles(Path.Combine(Server.DataPath, "threads"), "*.json", SearchOption.AllDirectories).Count()); // the thread, and the rest
    }

    [Theory]
    [InlineData("""{"archived":false}""", null)]
    [InlineData("""{"system_prompt":"deleted prompt"}""", "deleted prompt")]
    public async Task Link_has_no_instructions_from_a_deleted_message_alone(string change, string? instructions)
    {
        await Server.ChatAsync("First", "turn-0001");
        using var started = await Server.SendAsync(
            HttpMethod.Post, "api/chat",
            """{"messages":[{"role":"system","content":"deleted prompt"},{"role":"user","content":"Second"}],"thread_id":"thread-0001","turn_id":"turn-0002"}""");
        await started.Content.ReadAsStringAsync();
        using var changed = await Server.SendAsync(HttpMethod.Patch, "api/threads/thread-0001", change);
        var id = await ShareAsync("""{"include_instructions":true}""");
        Assert.Equal("deleted prompt", (await BobSeesAsync(id)).GetProperty("instructions").GetString());

        await DeleteTurnAsync("turn-0002");

        Assert.Equal(instructions, (await BobSeesAsync(id)).TryGetProperty("instructions", out var shown) ? shown.GetString() : null);
    }
}
