using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Store;

namespace FuncChat.Web.Http;

/// <summary>Reads single fields. Null counts as absent.</summary>
internal static class JsonField
{
    private const int LongestEcho = 64;

    public static AppError Fault(string path, string message) => new(ErrorCode.InvalidRequest, message) { Path = path };

    /// <summary>What to say of a field that is not among the known ones.</summary>
    public static AppError Unknown(string path, IEnumerable<string> known) =>
        Fault(path, $"There is no such field. The fields are: {string.Join(", ", known)}.");

    /// <summary>The JSON path of a member. Its name may be anything, and of any length.</summary>
    public static string PathTo(string path, string name)
    {
        var isPlain = name.Length is > 0 and <= LongestEcho && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (isPlain)
            return $"{path}.{name}";
        var shown = name.Length <= LongestEcho ? name : name[..LongestEcho] + "…";
        return $"{path}['{shown.Replace("'", "\\'", StringComparison.Ordinal)}']";
    }

    public static AppError? ReadText(JsonElement value, string path, out string? text)
    {
        text = null;
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        return TryGetText(value, out text) ? null : Fault(path, "This must be a string of valid Unicode.");
    }

    /// <summary>A text that says something, of a length that is bounded.</summary>
    public static AppError? ReadText(JsonElement value, string path, int longest, out string? text)
    {
        if (ReadText(value, path, out text) is { } error)
            return error;
        if (text is null || (text.Length <= longest && !string.IsNullOrWhiteSpace(text)))
            return null;
        return Fault(path, FormattableString.Invariant($"This must be 1 to {longest} characters, not all of them blank."));
    }

    public static AppError? ReadTurnId(JsonElement value, string path, out string? turnId)
    {
        if (ReadText(value, path, out turnId) is { } error)
            return error;
        return turnId is null || TurnKey.IsTurnId(turnId) ? null : Fault(path, "A turn_id has 8 to 64 letters, digits, '_' and '-'.");
    }

    public static AppError? ReadWhole(JsonElement value, string path, int minimum, int maximum, out int? number)
    {
        number = null;
        if (ReadNumber(value, path, minimum, maximum, out var read) is { } error)
            return error;
        if (read is { } fraction && fraction != Math.Floor(fraction))
            return Fault(path, "This must be a whole number.");
        number = (int?)read;
        return null;
    }

    public static AppError? ReadNumber(JsonElement value, string path, double minimum, double maximum, out double? number)
    {
        number = null;
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var read) || !(read >= minimum && read <= maximum))
            return Fault(path, FormattableString.Invariant($"This must be a number from {minimum} to {maximum}."));
        number = read;
        return null;
    }

    public static AppError? ReadFlag(JsonElement value, string path, out bool? flag)
    {
        flag = value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };
        return flag is not null || value.ValueKind == JsonValueKind.Null
            ? null
            : Fault(path, "This must be true or false.");
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
