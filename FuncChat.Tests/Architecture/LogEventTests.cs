using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Architecture;

/// <summary>Log searches and alerts identify a message by its event id.</summary>
public sealed partial class LogEventTests
{
    [Fact]
    public void Event_id_stands_for_one_message()
    {
        var ids = (from folder in Directory.EnumerateDirectories(Repository.Root, "FuncChat*")
                   from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                   from match in EventId().Matches(File.ReadAllText(file))
                   select match.Groups["id"].Value).ToList();

        Assert.NotEmpty(ids);
        Assert.DoesNotContain(ids.CountBy(id => id), count => count.Value > 1);
    }

    [GeneratedRegex(@"\[LoggerMessage\((?<id>\d+),", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EventId();
}
