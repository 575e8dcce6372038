using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Engine.Threads;

/// <summary>The title of a thread that the user has not named.</summary>
internal static class ThreadTitle
{
    public const int MaxLength = 200;

    private const int LongestLine = 60;

    /// <summary>The first line of the first message of the user, cut at a word; empty if it has no text.</summary>
    public static string Of(IEnumerable<RawJson> messages) => messages.Select(UserText).FirstOrDefault(text => text is not null) is { } text ? Cut(text) : "";

    /// <summary>The text of a user's message; null for another message.</summary>
    public static string? UserText(RawJson message)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        return IsOfUser(document.RootElement) ? TextOf(document.RootElement) : null;
    }

    /// <summary>Whether the user has sent the message.</summary>
    public static bool IsOfUser(RawJson message)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        return IsOfUser(document.RootElement);
    }

    /// <summary>The text of a message; null if it has none.</summary>
    public static string? TextOf(RawJson message)
    {
        using var document = JsonDocument.Parse(message.Utf8);
        return TextOf(document.RootElement);
    }

    private static bool IsOfUser(JsonElement message) => message.GetProperty("role").ValueEquals("user");

    private static string? TextOf(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
            return null;
        if (content.ValueKind == JsonValueKind.String)
            return content.GetString();

        // The page puts attachments before the text.
        return content.ValueKind == JsonValueKind.Array
            ? content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null)
                .LastOrDefault(text => text is not null)
            : null;
    }

    /// <summary>The first line of a text, cut at a word.</summary>
    public static string Cut(string text)
    {
        var line = text.Trim().Split('\n', 2)[0].Trim();
        if (line.Length <= LongestLine)
            return line;
        var end = TextCut.LengthWithin(line, LongestLine);
        var space = line.LastIndexOf(' ', end - 1);
        return (space > LongestLine / 2 ? line[..space] : line[..end]).TrimEnd() + "…";
    }
}
