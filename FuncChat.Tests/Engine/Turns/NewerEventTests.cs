using System.Text;
using FuncChat.Engine;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Turns;

/// <summary>Turns that an instance of a newer version has begun: while a server is updated, both versions run.</summary>
public sealed class NewerEventTests : IDisposable
{
    private readonly TurnBench _bench = new();

    [Fact]
    public async Task Turn_with_an_event_of_a_newer_version_continues_and_keeps_it_as_it_is()
    {
        const string Newer = "event: tool_note\ndata: {\"id\":\"a\",\"note\":\"ä\",\"more\":[{}]}\n\n";
        var path = await WriteAsync(Newer);
        _bench.Model.Says("Done.");

        await using var follower = await _bench.FollowAsync();
        var events = await follower.EventsToEndAsync();
        await _bench.QuietAsync();

        Assert.Equal("complete", events[^1].Name);
        Assert.EndsWith(Newer, events.Single(e => e.Name == "tool_note").Raw, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(id => (long)id), events.Select(e => e.Id));
        Assert.Single(events, e => e.Name == "tool_call_result");
        Assert.Contains(Newer, await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("event: tool_call_resulx\ndata: {\"id\":\"a\"}\n\n")]
    [InlineData("event: xomplete\ndata: {\"id\":\"a\"}\n\n")]
    [InlineData("event: tool note\ndata: {\"id\":\"a\"}\n\n")]
    [InlineData("event: tool_note\ndata: {\"id\":\"a\"\n\n")]
    [InlineData("event: tool_note\ndata: 1\n\n")]
    public async Task Turn_with_an_event_that_no_version_writes_is_damaged(string damaged)
    {
        await WriteAsync(damaged);

        var followed = await _bench.Turns.FollowAsync(TurnBench.Key("turn-0001"), 0, CancellationToken.None);

        Assert.Equal(ErrorCode.Internal, followed.Error?.Code);
    }

    public void Dispose() => _bench.Dispose();

    // The log of a turn up to the result of its tool, and then another event.
    private async Task<string> WriteAsync(string next)
    {
        using var newer = new TurnBench();
        newer.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}""")).Says("Done.");
        newer.Tools.Go.Set();
        var whole = await newer.RunAsync(GatedTools.Echo);
        await newer.QuietAsync();
        var log = Assert.Single(Directory.EnumerateFiles(newer.DataPath, "*.log", SearchOption.AllDirectories));
        var text = await File.ReadAllTextAsync(log);
        var result = whole.Single(e => e.Name == "tool_call_result");
        var start = text[..(text.IndexOf(result.Raw, StringComparison.Ordinal) + result.Raw.Length)];
        var path = Path.Combine(_bench.DataPath, Path.GetRelativePath(newer.DataPath, log));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, $"{start}id: {result.Id + 1}\n{next}", new UTF8Encoding(false));
        return path;
    }
}
