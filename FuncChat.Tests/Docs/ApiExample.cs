using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Docs;

/// <summary>An example of docs/api.md.</summary>
/// <param name="Command">What to type.</param>
/// <param name="Shown">What the page says it answers; empty where it says nothing.</param>
internal sealed partial record ApiExample(string Command, string Shown)
{
    public static IReadOnlyList<ApiExample> All { get; } = [.. Example().Matches(File.ReadAllText(Repository.PathOf("docs", "api.md")))
        .Select(match => new ApiExample(match.Groups["command"].Value, match.Groups["shown"].Value))];

    // A command, and what it answers where that comes next.
    [GeneratedRegex(@"^```bash\n(?<command>[^`]*)^```\n(\n```(text|json)\n(?<shown>.*?)^```\n)?",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Example();
}
