using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Tests.Engine.ToolRuns.Remote;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.ToolRuns;

/// <summary>Journals and progress of tool runs that a disk has damaged.</summary>
public sealed class ToolRunLinesTests
{
    [Fact]
    public void Damaged_entry_is_skipped_or_has_all_its_fields()
    {
        var outcome = new ToolRunOutcome("done", Failed: false) { Question = new ToolQuestion("Which?", new RawJson("{}"u8.ToArray())) };
        var line = Encoding.UTF8.GetString(ToolRunLines.Write(new ToolRunEntry("step", new RawJson("1"u8.ToArray()), outcome)));
        foreach (var (at, json) in JsonDamage.Of(line))
        {
            var entries = ToolRunLines.Read(Encoding.UTF8.GetBytes($"\n{json}\n"));

            Assert.True(entries.All(entry => entry.Outcome is null || (entry.Outcome.Content is not null && entry.Outcome.Question is null or { Message: not null })), at);
        }
    }

    [Fact]
    public void Damaged_progress_is_none_or_has_all_its_fields()
    {
        var snapshot = RemoteRuns.Executing("3 of 6 pages read", RemoteRuns.Event(1)) with { ModelEventsSkipped = 4 };
        foreach (var (at, json) in JsonDamage.Of(Encoding.UTF8.GetString(ProgressJson.Write(snapshot))))
        {
            var read = ProgressJson.Read(Encoding.UTF8.GetBytes(json));

            Assert.True(read is null || read.ModelEvents.All(each => each is { Phase: not null, Provider: not null, Model: not null }), at);
        }

        Assert.Null(ProgressJson.Read(""u8));
    }
}
