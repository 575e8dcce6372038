using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Http;

/// <summary>Reads fields of messages, which stay raw JSON, and describes errors in them.</summary>
internal static class JsonField
{
    private const int MaxEchoLength = 64;

    public static AppError Error(string path, string message) => new(ErrorCode.InvalidRequest, message) { Path = path };

    /// <summary>The JSON path of a member, whose name can be anything.</summary>
    public static string PathTo(string path, string name)
    {
        var isPlain = name.Length is > 0 and <= MaxEchoLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (isPlain)
            return $"{path}.{name}";
        var shown = name.Length <= MaxEchoLength ? name : name[..MaxEchoLength] + "…";
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
}
