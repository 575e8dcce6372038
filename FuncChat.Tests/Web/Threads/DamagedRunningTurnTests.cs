using System.Net;
using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Turns whose logs are damaged while another instance runs them.</summary>
public sealed class DamagedRunningTurnTests : HeldThreadTests
{
    private readonly ModelFeed _feed = new();

    // The last of each in the log: of the header, of an event before the last one, and of the last event.
    public static TheoryData<string> Damages => ["{\"turn_id\"", "event: status", "event: delta", "id: "];

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task Turn_is_stopped_before_the_one_that_interrupts_it_starts(string damaged)
    {
        await using var other = await ThreadServer.StartAsync(dataPath: Server.DataPath);
        await using var running = await StartDamagedAsync(damaged);
        var wasStopped = false;
        other.Model.Otherwise(_ =>
        {
            wasStopped = _feed.GivenUp.IsSet;
            return [FakeModel.Text("2"), FakeModel.Finish(), FakeModel.Usage(1, 1)];
        });

        Assert.Equal("complete", (await other.ChatAsync("B", "turn-0002", ""","if_running":"interrupt" """))[^1].Name);

        Assert.True(wasStopped);
        Assert.Equal("CANCELLED", (await running.ToEndAsync())[^1].Text("code"));
        Assert.Equal(["stopped", "complete"], await StatusesAsync());
    }

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task Turn_refuses_another_until_it_has_ended(string damaged)
    {
        await using var other = await ThreadServer.StartAsync(dataPath: Server.DataPath);
        await using var running = await StartDamagedAsync(damaged);

        var problem = await Problem.OfPostAsync(other.Ada, "api/chat", ThreadServer.Body("B", "turn-0002"));

        Assert.Equal((HttpStatusCode.Conflict, "CONFLICT"), (problem.Status, problem.Code));
        _feed.End();
        Assert.Equal("complete", (await running.ToEndAsync())[^1].Name);
        Assert.Equal(["complete"], await StatusesAsync());
        Assert.Equal("Half", (await Server.GetAsync($"{Thread}/turns")).GetProperty("turns")[0].GetProperty("answer")[0].GetProperty("content").GetString());
    }

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task Turn_is_stopped_through_another_instance(string damaged)
    {
        await using var other = await ThreadServer.StartAsync(dataPath: Server.DataPath);
        await using var running = await StartDamagedAsync(damaged);

        using var stopped = await other.SendAsync(HttpMethod.Delete, "api/turns/turn-0001");

        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        Assert.Equal("CANCELLED", (await running.ToEndAsync())[^1].Text("code"));
    }

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public async Task Turn_is_stopped_when_its_thread_is_deleted_through_another_instance(string damaged)
    {
        await using var other = await ThreadServer.StartAsync(dataPath: Server.DataPath);
        await using var running = await StartDamagedAsync(damaged);

        using var deleted = await other.SendAsync(HttpMethod.Delete, Thread);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await _feed.GivenUp.WaitAsync();
        Assert.Empty(FilesWith("turn-0001"));
    }

    [Fact]
    public async Task Stopped_turn_keeps_the_text_before_the_damage_in_its_thread()
    {
        await using var running = await StartDamagedAsync("event: delta", FakeModel.Text(" an"));

        using var stopped = await Server.SendAsync(HttpMethod.Delete, "api/turns/turn-0001");

        Assert.Equal("CANCELLED", (await running.ToEndAsync())[^1].Text("code"));
        var turn = (await Server.GetAsync($"{Thread}/turns")).GetProperty("turns")[0];
        Assert.Equal(("stopped", "Half"), (turn.GetProperty("status").GetString(), turn.GetProperty("answer")[0].GetProperty("content").GetString()));
    }

    // A turn with the text "Half".
    private async Task<TurnStream> StartDamagedAsync(string damaged, params ModelChunk[] more)
    {
        Server.Model.Plays(_feed);
        var running = await Server.StartChatAsync("A", "turn-0001");
        await _feed.Called.WaitAsync();
        foreach (var text in (ModelChunk[])[FakeModel.Text("Half"), .. more])
        {
            _feed.Give(text);
            while ((await running.NextAsync())!.Name != "delta")
            {
            }
        }

        await DamageAsync(Assert.Single(FilesWith("turn-0001.log")), damaged);
        return running;
    }

    private static async Task DamageAsync(string path, string damaged)
    {
        await using var log = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[log.Length];
        await log.ReadExactlyAsync(bytes);
        log.Position = bytes.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(damaged));
        await log.WriteAsync(new byte[damaged.Length]);
    }
}
