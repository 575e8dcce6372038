using System.Globalization;
using System.Text.RegularExpressions;
using Acornima;

namespace FuncChat.Sandbox.Scripts;

/// <summary>What the interpreter is given for a script, and how its positions read to whoever wrote the script.</summary>
/// <param name="LinesBefore">Lines that stand before the script's first.</param>
internal sealed partial record ScriptSource(string Text, int LinesBefore = 0)
{
    /// <summary>The name that scripts have in error messages and stacks.</summary>
    public const string Name = "script.js";

    private const int MaxFrames = 5;
    private const int MaxLinesRead = 50;

    public string PositionOf(SourceLocation location) => At(location.Start.Line, location.Start.Column + 1);

    /// <summary>The innermost calls of a stack, without those of no place in the script.</summary>
    public IEnumerable<string> FramesOf(string stack) => stack
        .Split('\n', MaxLinesRead + 1)
        .Take(MaxLinesRead)
        .Where(frame => Position().Match(frame) is { Success: true } match && IsOfScript(match) && !frame.Contains("at get stack", StringComparison.Ordinal))
        .Select(frame => Position().Replace(frame.TrimEnd(), match => At(Number(match.Groups["line"]), Number(match.Groups["column"]))))
        .Take(MaxFrames);

    private string At(int line, int column) => string.Create(CultureInfo.InvariantCulture, $"{Name}:{line - LinesBefore}:{column}");

    /// <summary>Not of the lines around it.</summary>
    private bool IsOfScript(Match position) => LinesBefore == 0 || Number(position.Groups["line"]) <= Text.Count('\n');

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\bscript\.js:(?<line>\d{1,9}):(?<column>\d{1,9})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Position();
}
