using System.Text.Json;
using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models.Demo;

/// <summary>Finds the tool calls that a message asks for, in the order that it asks for them.</summary>
internal static partial class DemoRequests
{
    public const string Search = "search_web";
    public const string Scrape = "scrape_web_content";
    public const string JavaScript = "execute_javascript";
    public const string Research = "research";

    private const int MostCalls = 5;
    private const int LongestRead = 2000;
    private const string SampleCode = "Array.from({ length: 10 }, (_, n) => n ** 2)";
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int Timeout = 10_000;

    // No pattern may take time that grows faster than the text: each starts a run of spaces or marks once, and no two repetitions in a row
    // can share it.

    // What a clause may begin with before its verb.
    private const string Lead = @"^[\s,]*((please|now|then|and|also|can|could|would|you|i\s+want\s+you\s+to|let's|first|next)\b[\s,]*)*";

    // Where one request ends and the next begins.
    private const string NextVerb =
        @"(please\s+)?(search|look\s+up|google|run|execute|eval|evaluate|calculate|compute|scrape|fetch|read|open|research|what\s+is|what's|https?://)";

    public static IReadOnlyList<DemoToolCall> In(string message)
    {
        var found = new List<(int Position, DemoToolCall Call)>();
        var rest = message.Length > LongestRead ? DemoText.Cut(message, LongestRead) : message;

        // Code goes first: what it holds, such as a URL or a semicolon, asks for nothing.
        rest = Take(FencedCode(), rest, found);
        if (RunWord().IsMatch(rest))
            rest = Take(InlineCode(), rest, found);
        rest = Take(CodeAfterColon(), rest, found);

        foreach (var clause in Clauses(rest))
            found.AddRange(InClause(clause.Text).Select(call => (clause.Position, call)));

        if (!found.Exists(item => item.Call.Tool == JavaScript) && CodeWithoutCode().IsMatch(rest))
            found.Add((0, Call(JavaScript, "code", SampleCode)));

        return [.. found.OrderBy(item => item.Position).Select(item => item.Call).Distinct().Take(MostCalls)];
    }

    private static IEnumerable<DemoToolCall> InClause(string clause)
    {
        if (ResearchRequest().Match(clause) is { Success: true } research)
            return [Call(Research, "question", Topic(research))];
        if (SearchRequest().Match(clause) is { Success: true } search && !Link().IsMatch(Topic(search)))
            return [Call(Search, "query", Topic(search))];
        if (Link().Matches(clause) is { Count: > 0 } links)
            return links.Select(link => Call(Scrape, "url", link.Value));
        return DemoArithmetic.In(clause) is { } expression ? [Call(JavaScript, "code", expression)] : [];
    }

    private static string Topic(Match match) => match.Groups["topic"].Value.Trim(' ', '\t', '"', '\'', '“', '”', ':', ',');

    private static IEnumerable<(int Position, string Text)> Clauses(string text)
    {
        var start = 0;
        foreach (Match end in ClauseEnd().Matches(text))
        {
            yield return (start, text[start..end.Index]);
            start = end.Index + end.Length;
        }

        yield return (start, text[start..]);
    }

    // What is taken becomes line breaks, so that positions stay what they are and clauses end there.
    private static string Take(Regex code, string text, List<(int Position, DemoToolCall Call)> found) => code.Replace(text, match =>
    {
        if (match.Groups["code"].Value.Trim() is { Length: > 0 } source)
            found.Add((match.Index, Call(JavaScript, "code", source)));
        return new string('\n', match.Length);
    });

    private static DemoToolCall Call(string tool, string parameter, string value) =>
        new(tool, JsonSerializer.Serialize(new Dictionary<string, string> { [parameter] = value }, EngineJson.ReadableOptions));

    [GeneratedRegex(@"```[ \t]*(javascript|js|node)?[ \t]*\r?\n(?<code>[^`]*)```", Options, Timeout)]
    private static partial Regex FencedCode();

    [GeneratedRegex(@"\b(run|execute|eval|evaluate|calculate|compute|javascript)\b", Options, Timeout)]
    private static partial Regex RunWord();

    [GeneratedRegex(@"`(?<code>[^`\n]+)`", Options, Timeout)]
    private static partial Regex InlineCode();

    [GeneratedRegex(
        @"\b((run|execute|eval|evaluate)\b([ \t]+\w+){0,5}|javascript|js)[ \t]*:(?!//)[ \t]*(?<code>[^\n]+?)(?=$|\n|(?<!\s),?\s+(and(\s+then)?|then)\s+" + NextVerb + @"\b)",
        Options, Timeout)]
    private static partial Regex CodeAfterColon();

    [GeneratedRegex(@"\b(run|execute)\b[^.\n]*\b(javascript|js|code|script)\b", Options, Timeout)]
    private static partial Regex CodeWithoutCode();

    [GeneratedRegex(
        @"(?<![.!?;])[.!?;]+(?=\s|$)|\r?\n|(,\s*|(?<!\s)\s+)((and(\s+also|\s+then)?|then|also|,)\s+)(?=" + NextVerb + @"\b)|,\s*(?=" + NextVerb + @"\b)", Options, Timeout)]
    private static partial Regex ClauseEnd();

    [GeneratedRegex(Lead + @"(do\s+(some\s+|a\s+)?)?research(\s+(about|on|into|for|the\s+question)\b)?(\s*:\s*|\s+)(?<topic>\S.*)", Options, Timeout)]
    private static partial Regex ResearchRequest();

    [GeneratedRegex(
        @"(\bsearch\s+((the\s+)?(web|internet|net)\s+|online\s+)?for|\blook\s+up|" + Lead + @"(search(\s+(the\s+)?(web|internet|net)|\s+online)?(\s+for)?|google))(\s*:\s*|\s+)(?<topic>\S.*)",
        Options, Timeout)]
    private static partial Regex SearchRequest();

    [GeneratedRegex(@"https?://[^\s<>""'`]*[^\s<>""'`.,;:!?)\]}]", Options, Timeout)]
    private static partial Regex Link();
}
