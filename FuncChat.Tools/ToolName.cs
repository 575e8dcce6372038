using System.Security.Cryptography;
using System.Text;

namespace FuncChat.Tools;

/// <summary>
/// Names of tools as models see them: `^[A-Za-z0-9_-]{1,64}$`. A tool of a source other than the built-in one is `source__tool`, whether or not another
/// tool has the same name: a name that depended on which sources are reachable would mean another tool in a stored turn.
/// </summary>
public static class ToolName
{
    private const int MaxLength = 64;
    private const int HashLength = 8;
    private const int MaxSource = 24;
    internal const string Separator = "__";

    /// <summary>What is wrong with a setting whose name is no source's (<see cref="IsSource"/>).</summary>
    internal const string NoSource = "has a name that is not allowed: use up to 24 letters, digits and -";

    /// <summary>
    /// The name of a client's tool that is in a namespace: `namespace-tool`, which no source of this server has. If that is too long, it ends with a hash.
    /// </summary>
    /// <param name="space">A name of the allowed characters, as is <paramref name="tool"/>.</param>
    public static string InNamespace(string space, string tool)
    {
        var name = $"{space}-{tool}";
        return name.Length <= MaxLength ? name : $"{name[..(MaxLength - HashLength - 1)]}_{HashOf(name)}";
    }

    /// <summary>The name of a source's tool. A name that is too long or has other characters is shortened, and a hash of it added.</summary>
    /// <param name="source">A name that <see cref="IsSource"/> accepts.</param>
    /// <param name="tool">The tool's own name, which may be anything.</param>
    public static string Of(string source, string tool)
    {
        var name = $"{source}{Separator}{string.Concat(tool.Select(letter => IsAllowed(letter) ? letter : '_'))}";
        if (name.Length <= MaxLength && tool.Length > 0 && tool.All(IsAllowed))
            return name;
        return $"{name[..Math.Min(name.Length, MaxLength - HashLength - 1)]}_{HashOf(tool)}";
    }

    /// <summary>The source in the tool's name; null for a built-in tool.</summary>
    public static string? SourceOf(string name) => name.IndexOf(Separator, StringComparison.Ordinal) is var end and > 0 ? name[..end] : null;

    /// <summary>Whether a source of tools may have the name: up to 24 letters, digits and `-`, which is not the first one.</summary>
    public static bool IsSource(string name) =>
        name.Length is > 0 and <= MaxSource && name[0] != '-' && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');

    private static string HashOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];

    private static bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';
}
