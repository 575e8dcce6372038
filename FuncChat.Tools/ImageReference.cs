using System.Text.RegularExpressions;

namespace FuncChat.Tools;

/// <summary>References to images in results of tools, which are text.</summary>
public static partial class ImageReference
{
    private const string Start = "[image, kept as ";

    /// <summary>A reference to a file.</summary>
    public static string To(string fileId) => $"{Start}{fileId}]";

    /// <summary>The ids of the files that a result refers to.</summary>
    public static IEnumerable<string> In(string result) =>
        result.Contains(Start, StringComparison.Ordinal) ? Reference().Matches(result).Select(match => match.Groups["id"].Value) : [];

    [GeneratedRegex(@"\[image, kept as (?<id>file_[0-9a-f]{32})\]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Reference();
}
