namespace FuncChat.Tools;

/// <summary>Shortens text without splitting a surrogate pair.</summary>
public static class TextCut
{
    /// <summary>The number of characters to keep so that at most <paramref name="limit"/> remain.</summary>
    public static int LengthWithin(ReadOnlySpan<char> text, int limit) =>
        text.Length <= limit ? text.Length : limit > 0 && char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;

    /// <summary>The text, or its beginning if it has more than <paramref name="limit"/> characters.</summary>
    public static string Start(string text, int limit) => text.Length <= limit ? text : text[..LengthWithin(text, limit)];

    /// <summary>The text if it has at most <paramref name="limit"/> characters; otherwise its beginning and an ellipsis.</summary>
    public static string Ellipsize(string text, int limit) =>
        text.Length <= limit ? text : string.Concat(text.AsSpan(0, LengthWithin(text, limit)), "…");
}
