namespace FuncChat.Tools.Configuration;

/// <summary>
/// Formats what is wrong with a setting, for the person who starts the server: its name in the environment, the problem, and a valid example. Never the
/// value, which may be a misplaced key.
/// </summary>
public static class SettingMessage
{
    public static string Of(string key, string problem, string? example = null) =>
        example is null ? $"{NameOf(key)} {problem}." : $"{NameOf(key)} {problem}. Example: {example}";

    /// <summary>A configuration key's name in the environment. An option of the command line keeps its name.</summary>
    public static string NameOf(string key) => key.StartsWith("--", StringComparison.Ordinal) ? key : key.Replace(":", "__", StringComparison.Ordinal);
}
