using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Engine.Turns;

/// <summary>A process is killed while a call of a turn holds what is left of a limit.</summary>
public sealed class HeldLimitTests
{
    private readonly MemoryUsageStore _usage = new();

    [Fact]
    public async Task Turn_continues_at_once_with_what_its_own_interrupted_call_held()
    {
        using var killed = new TurnBench(replace: Limit);
        var feed = new ModelFeed();
        killed.Model.Plays(feed);
        await using var reader = await killed.StartAsync();
        feed.Give(FakeModel.Text("Half"));
        await reader.UntilAsync("Half");
        await killed.Services.GetRequiredService<SharedUsageCounter>().WriteAsync(CancellationToken.None);
        using var disk = new TemporaryFolder();
        foreach (var log in Directory.EnumerateFiles(killed.DataPath, "*.log", SearchOption.AllDirectories))
            Copy(log, Path.Combine(disk.Path, Path.GetRelativePath(killed.DataPath, log)));
        using var next = new TurnBench(dataPath: disk.Path, replace: Limit);
        next.Model.Says("Whole.");

        await using var follower = await next.FollowAsync();
        var events = await follower.EventsToEndAsync();

        Assert.Equal(("complete", "success"), (events[^1].Name, events[^1].Text("status")));
        feed.End();
        await killed.QuietAsync();
    }

    [Fact]
    public async Task Another_turn_waits_for_what_the_interrupted_call_held()
    {
        using var killed = new TurnBench(replace: Limit);
        var feed = new ModelFeed();
        killed.Model.Plays(feed);
        await using var reader = await killed.StartAsync();
        await feed.Called.WaitAsync();
        await killed.Services.GetRequiredService<SharedUsageCounter>().WriteAsync(CancellationToken.None);
        using var next = new TurnBench(replace: Limit);

        await using var other = await next.StartAsync("turn-0002");

        Assert.Equal("RATE_LIMITED", (await other.EventsToEndAsync())[^1].Text("code"));
        feed.End();
        await killed.QuietAsync();
    }

    private void Limit(IServiceCollection services) =>
        services.AddSingleton<IUsageStore>(_usage).Configure<QuotaOptions>(quota => quota.TokensPerDay = 500);

    // The process that writes the log has it open.
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = File.Create(to);
        source.CopyTo(copy);
    }
}
