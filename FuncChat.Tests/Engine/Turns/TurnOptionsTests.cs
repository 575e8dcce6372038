using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Turns;

public sealed partial class TurnOptionsTests
{
    // A keep-alive may be lost on its way, or late.
    [Fact]
    public async Task Longest_silence_is_at_most_half_of_what_the_page_waits()
    {
        var range = typeof(TurnOptions).GetProperty(nameof(TurnOptions.Heartbeat))!.GetCustomAttributes(typeof(RangeAttribute), false).Cast<RangeAttribute>().Single();
        var page = await File.ReadAllTextAsync(Repository.PathOf("staticwebapp/src/api/followTurn.ts"));
        var milliseconds = int.Parse(Silence().Match(page).Groups["number"].Value.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

        Assert.InRange(2 * TimeSpan.Parse((string)range.Maximum, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(milliseconds));
    }

    [GeneratedRegex(@"silenceMs \?\? (?<number>[0-9_]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Silence();
}
