using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Chat;

/// <summary>Reads single fields. Null counts as absent.</summary>
internal static class JsonField
{
    private const int LongestEcho = 64;

    /// <summary>The JSON path of a member. Its name may be anything, and of any length.</summary>
    public static string PathTo(string path, string name)
    {
        var isPlain = name.Length is > 0 and <= LongestEcho && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (isPlain)
            return $"{path}.{name}";
        var shown = name.Length <= LongestEcho ? name : name[..LongestEcho] + "…";
        return $"{path}['{shown.Replace("'", "\\'", StringComparison.Ordinal)}']";
    }

    public static ChatError? ReadText(JsonElement value, string path, out string? text)
    {
        text = null;
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        return TryGetText(value, out text) ? null : ChatRequestParser.Fault(path, "This must be a string of valid Unicode.");
    }

    public static ChatError? ReadNumber(JsonElement value, string path, double minimum, double maximum, out double? number)
    {
        number = null;
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var read) || !(read >= minimum && read <= maximum))
            return ChatRequestParser.Fault(path, FormattableString.Invariant($"This must be a number from {minimum} to {maximum}."));
        number = read;
        return null;
    }

    public static ChatError? ReadFlag(JsonElement value, string path, out bool flag)
    {
        flag = value.ValueKind == JsonValueKind.True;
        return flag || value.ValueKind is JsonValueKind.False or JsonValueKind.Null
            ? null
            : ChatRequestParser.Fault(path, "This must be true or false.");
    }

    /// <summary>The string, unless it is none, or holds half a surrogate pair.</summary>
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
}
