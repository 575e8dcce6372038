using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Tools;

namespace FuncChat.Web.Http;

/// <summary>Reads fields of messages, which stay raw JSON, and describes errors in them.</summary>
internal static class JsonField
{
    private const int MaxEchoLength = 64;

    // Beyond it, a double is not every whole number.
    private const double MaxExact = 9007199254740991;

    // How messages about a field begin.
    private static readonly string[] Predicates = ["This must ", "This is ", "This needs "];

    public static AppError Error(string path, string message) => new(ErrorCode.InvalidRequest, message) { Path = path };

    /// <summary>The field without the root of its path; null if the error has no field.</summary>
    public static string? NameOf(string? path) =>
        path is null or "$" ? null : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;

    /// <summary>The message of an error with the field in it, for clients that show the message alone.</summary>
    public static string MessageOf(AppError error)
    {
        if (NameOf(error.Path) is not { } name)
            return error.Message;
        if (Array.Exists(Predicates, start => error.Message.StartsWith(start, StringComparison.Ordinal)))
            return $"{name}{error.Message["This".Length..]}";
        return HasWord(error.Message, name) ? error.Message : $"{name}: {error.Message}";
    }

    /// <summary>The JSON path of a member, whose name can be anything.</summary>
    public static string PathTo(string path, string name)
    {
        var isPlain = name.Length is > 0 and <= MaxEchoLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (isPlain)
            return $"{path}.{name}";
        var shown = TextCut.Ellipsize(name, MaxEchoLength);
        return $"{path}['{shown.Replace("'", "\\'", StringComparison.Ordinal)}']";
    }

    /// <summary>The string, unless the value is none or contains half a surrogate pair.</summary>
    public static bool TryGetText(JsonElement value, out string? text)
    {
        text = null;
        if (value.ValueKind != JsonValueKind.String)
            return false;
        try
        {
            text = value.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The string of a field; null if the field has none, or one that contains half a surrogate pair.</summary>
    public static string? TextOf(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && TryGetText(value, out var text) ? text : null;

    /// <summary>The value as it is written, on one line. Other separators of lines than these two are in its texts only, where they stay.</summary>
    public static string OneLine(JsonElement value) => value.GetRawText().Replace('\r', ' ').Replace('\n', ' ');

    /// <summary>Finds a field, which is absent if it is null.</summary>
    public static bool TryGet(JsonElement owner, string name, out JsonElement value) =>
        owner.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A whole number however JSON writes it, such as 5.0: some languages have no other numbers. Null if the value is none.</summary>
    public static long? WholeNumberOf(JsonElement value) =>
        value.ValueKind != JsonValueKind.Number ? null
        : value.TryGetInt64(out var whole) ? whole
        : value.TryGetDouble(out var number) && number == Math.Floor(number) && Math.Abs(number) <= MaxExact ? (long)number
        : null;

    private static bool HasWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                return true;
        }

        return false;
    }
}
