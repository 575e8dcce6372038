using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Threads with turns whose logs a disk has changed.</summary>
public sealed class DamagedTurnTests : HeldThreadTests
{
    // Not even a header, and a whole header before bytes that are no event.
    public static TheoryData<string> Damages => ["{\n\n", "HEADERid: x\nevent: status\ndata: {}\n\n", "HEADERid: 1\nevent: status\ndata: {\n\n"];

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task Turn_and_thread_can_be_deleted(string damage)
    {
        await ChatTwiceAsync();
        await DamageAsync("turn-0001", damage);
        await DamageAsync("turn-0002", damage);

        using var turn = await DeleteTurnAsync("turn-0002");
        Assert.Equal(HttpStatusCode.NoContent, turn.StatusCode);
        Assert.Empty(FilesWith("turn-0002"));
        using var thread = await Server.SendAsync(HttpMethod.Delete, Thread);
        Assert.Equal(HttpStatusCode.NoContent, thread.StatusCode);
        Assert.Empty(FilesWith("turn-0001"));
    }

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task Thread_is_read_and_continued_after_a_turn_that_can_never_end(string damage)
    {
        await ChatTwiceAsync();
        await DamageAsync("turn-0002", damage);
        await foreach (var thread in Threads.ListExpiredAsync(DateTimeOffset.MaxValue, CancellationToken.None))
        {
            var stored = await Threads.ReadAsync(thread.Key, CancellationToken.None);
            var running = thread.Turns[1] with { Status = ThreadTurnStatus.Running };
            Assert.NotNull(await Threads.WriteAsync(thread with { Turns = [thread.Turns[0], running], Version = thread.Version + 1 }, stored!.ETag, CancellationToken.None));
        }

        Assert.Equal(["complete", "failed"], (await Server.GetAsync($"{Thread}/turns")).GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("status").GetString()));
        Server.Model.Says("3");
        Assert.Equal("complete", (await Server.ChatAsync("C", "turn-0003"))[^1].Name);
    }

    [Fact]
    public async Task Text_before_the_damage_of_a_turn_that_never_ended_stays_in_its_thread()
    {
        Server.Model.Says("1").Says("2");
        await Server.ChatAsync("A", "turn-0001");
        var path = Assert.Single(FilesWith("turn-0001.log"));
        var log = await File.ReadAllTextAsync(path);
        const string Text = "id: 91\nevent: delta\ndata: {\"content\":\"Half\"}\n\nid: 92\nevent: delta\ndata: {\"content\":\"\0\0\"}\n\n";
        await File.WriteAllTextAsync(path, log[..(log[..log.IndexOf("event: delta", StringComparison.Ordinal)].LastIndexOf("\n\n", StringComparison.Ordinal) + 2)] + Text);
        await ChangeAsync(turn => turn with { Status = ThreadTurnStatus.Running, EndedAt = null });

        var turn = (await Server.GetAsync($"{Thread}/turns")).GetProperty("turns")[0];

        Assert.Equal(("failed", "Half"), (turn.GetProperty("status").GetString(), turn.GetProperty("answer")[0].GetProperty("content").GetString()));
        await Server.ChatAsync("B", "turn-0002");
        Assert.Equal(["user: A", "assistant: Half", "user: B"], Server.LastConversation());
    }

    // Its first records are in the response already when the damage is found.
    [Theory]
    [InlineData("openai-chat")]
    [InlineData("ui-messages")]
    [InlineData("responses")]
    [InlineData("ag-ui")]
    public async Task Stream_of_a_turn_with_a_damaged_end_ends_with_the_error_of_its_format(string format)
    {
        await ChatTwiceAsync();
        var path = Assert.Single(FilesWith("turn-0001.log"));
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("event: complete\ndata: {", "event: complete\ndata: [", StringComparison.Ordinal));

        using var response = await Server.SendAsync(HttpMethod.Get, $"api/turns/turn-0001?format={format}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("damaged and can't be read", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    // Also the native one, which copies the stored bytes.
    [Theory]
    [InlineData("native")]
    [InlineData("openai-chat")]
    [InlineData("ui-messages")]
    [InlineData("responses")]
    [InlineData("ag-ui")]
    public async Task Stream_of_a_turn_with_damage_in_its_middle_ends_with_an_error(string format)
    {
        Server.Model.Says("One", " two", " three", " four");
        await Server.ChatAsync("A", "turn-0001");
        var path = Assert.Single(FilesWith("turn-0001.log"));
        var log = await File.ReadAllBytesAsync(path);
        log.AsSpan(log.AsSpan().IndexOf("event: delta"u8) + 30, 40).Clear();
        await File.WriteAllBytesAsync(path, log);

        using var response = await Server.SendAsync(HttpMethod.Get, $"api/turns/turn-0001?format={format}");

        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("damaged and can't be read", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\0", text, StringComparison.Ordinal);
        Assert.DoesNotContain("event: complete", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_turn_of_a_damaged_thread_continues_when_it_is_followed()
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        await CutOffEndAsync("turn-0001");
        await File.WriteAllTextAsync(Assert.Single(FilesWith("thread.json")), "{");

        using var followed = await Server.SendAsync(HttpMethod.Get, "api/turns/turn-0001");

        Assert.Contains("event: complete", await followed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    // As clients send an answer whose empty fields they leave out.
    [Theory]
    [InlineData("""{"role":"assistant","refusal":"No."}""")]
    [InlineData("""{"role":"assistant"}""")]
    public async Task Turn_after_an_assistant_message_without_content_is_not_damaged(string message)
    {
        Server.Model.Says("1").Says("2").Says("3");
        var messages = $$"""{"messages":[{"role":"user","content":"A"},{{message}},{"role":"user","content":"B"}]""";
        using var alone = await Server.SendAsync(HttpMethod.Post, "api/chat", $$"""{{messages}},"turn_id":"turn-0001"}""");
        Assert.Contains("event: complete", await alone.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var inThread = await Server.SendAsync(HttpMethod.Post, "api/chat", $$"""{{messages}},"turn_id":"turn-0002","thread_id":"thread-0001"}""");
        Assert.Contains("event: complete", await inThread.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var followed = await Server.SendAsync(HttpMethod.Get, "api/turns/turn-0001?format=openai-chat");

        Assert.Contains("[DONE]", await followed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False((await Server.GetAsync($"{Thread}/turns")).GetProperty("turns")[0].TryGetProperty("damaged", out _));
        Assert.Equal("complete", (await Server.ChatAsync("C", "turn-0003"))[^1].Name);
    }

    // The conversation has the messages of `complete`.
    [Theory]
    [InlineData("""{"role":"assistant","refusal":"No."}""")]
    [InlineData("""{"role":"user"}""")]
    [InlineData("""{"role":"assistant","content":[1]}""")]
    public async Task Imported_turn_with_a_message_that_nothing_follows_can_be_read_and_shared(string message)
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/threads", """{"thread_id":"thread-0001"}""");
        using var imported = await Server.SendAsync(
            HttpMethod.Put,
            $"{Thread}/turns/turn-0001",
            """
            {"messages":[{"role":"user","content":"A"}],"events":[{"id":1,"type":"message_complete","data":MESSAGE},{"id":2,"type":"complete","data":{"status":"success",
            "messages":[{"role":"assistant","content":"ok"}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}
            """.Replace("MESSAGE", message, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NoContent, imported.StatusCode);
        using var shared = await Server.SendAsync(HttpMethod.Post, $"{Thread}/share", "{}");
        var share = JsonElement.Parse(await shared.Content.ReadAsStringAsync()).GetProperty("id");

        Assert.False((await Server.GetAsync($"{Thread}/turns")).GetProperty("turns")[0].TryGetProperty("damaged", out _));
        Assert.Equal("ok", (await Server.GetAsync($"api/shared/{share}")).GetProperty("turns")[0].GetProperty("answer")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task Sharing_a_thread_whose_turns_are_all_damaged_fails_with_the_reason()
    {
        await ChatTwiceAsync();
        foreach (var content in Contents())
            await File.WriteAllTextAsync(content, "{");

        using var shared = await Server.SendAsync(HttpMethod.Post, $"{Thread}/share", "{}");

        var problem = await Problem.OfAsync(shared);
        Assert.Equal((HttpStatusCode.InternalServerError, "INTERNAL"), (problem.Status, problem.Code));
        Assert.Contains("damaged", problem.Detail, StringComparison.Ordinal);
    }

    private async Task ChatTwiceAsync()
    {
        Server.Model.Says("1").Says("2");
        await Server.ChatAsync("A", "turn-0001");
        await Server.ChatAsync("B", "turn-0002");
    }

    private async Task DamageAsync(string turnId, string damage)
    {
        var path = Assert.Single(FilesWith($"{turnId}.log"));
        var log = await File.ReadAllBytesAsync(path);
        var header = Encoding.UTF8.GetString(log.AsSpan(0, log.AsSpan().IndexOf("\n\n"u8) + 2));
        await File.WriteAllTextAsync(path, damage.Replace("HEADER", header, StringComparison.Ordinal));
    }
}
