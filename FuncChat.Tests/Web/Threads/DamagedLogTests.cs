using System.Net;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Threads that have a turn whose log is damaged or removed while it runs, after a crash, or after its end.</summary>
public sealed class DamagedLogTests : HeldThreadTests
{
    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("zeros")]
    public async Task Thread_keeps_the_answer_of_a_turn_whose_log_is_damaged_while_it_runs(string damage)
    {
        var feed = new ModelFeed();
        Server.Model.Plays(feed).Says("2");
        await using (var running = await Server.StartChatAsync("A", "turn-0001"))
        {
            await feed.Called.WaitAsync();
            await DamageAsync(damage);
            feed.Give(FakeModel.Text("One."));
            feed.End();
            Assert.Equal("complete", (await running.ToEndAsync())[^1].Name);
        }

        Assert.Equal(["complete"], await StatusesAsync());
        await Server.ChatAsync("B", "turn-0002");
        Assert.Equal(["user: A", "assistant: One.", "user: B"], Server.LastConversation());
        var turn = (await Server.GetAsync($"{Thread}/turns")).GetProperty("turns")[0];
        Assert.Equal("One.", turn.GetProperty("answer")[0].GetProperty("content").GetString());
        Assert.False(turn.TryGetProperty("damaged", out _));
    }

    [Fact]
    public async Task Turn_that_is_interrupted_after_its_log_was_removed_does_not_block_its_thread()
    {
        Server.Model.Plays(new ModelFeed()).Says("2");
        await using var running = await Server.StartChatAsync("A", "turn-0001");
        await DamageAsync("missing");

        await Server.ChatAsync("B", "turn-0002", ""","if_running":"interrupt" """);

        Assert.Equal(["stopped", "complete"], await StatusesAsync());
    }

    [Theory]
    [InlineData("event: delt\0", "refuse")]
    [InlineData("event: delxa", "interrupt")]
    [InlineData("event: delxa", "refuse")]
    [InlineData("event: delxa", "queue")]
    public async Task Turn_that_is_damaged_after_a_crash_does_not_block_its_thread(string name, string ifRunning)
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        var path = Assert.Single(FilesWith("turn-0001.log"));
        var log = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, log[..log.IndexOf("id: 5", StringComparison.Ordinal)].Replace("event: delta", name, StringComparison.Ordinal));
        await ChangeAsync(turn => turn with { Status = ThreadTurnStatus.Running, EndedAt = null });
        Server.Model.Says("2");

        Assert.Equal("complete", (await Server.ChatAsync("B", "turn-0002", $$""","if_running":"{{ifRunning}}" """))[^1].Name);

        Assert.Equal(["failed", "complete"], await StatusesAsync());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Turn_that_has_ended_does_not_run_again_when_its_log_has_lost_its_end(string method)
    {
        Server.Model.Says("1");
        await Server.ChatAsync("A", "turn-0001");
        var path = Assert.Single(FilesWith("turn-0001.log"));
        var log = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, log[..log.IndexOf("id: 5", StringComparison.Ordinal)]);

        using var answer = await Server.SendAsync(new HttpMethod(method), "api/turns/turn-0001");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Single(Server.Model.Requests);
        Assert.Equal(["complete"], await StatusesAsync());
        Assert.Equal("1", (await Server.GetAsync($"{Thread}/turns")).GetProperty("turns")[0].GetProperty("answer")[0].GetProperty("content").GetString());
    }
}
