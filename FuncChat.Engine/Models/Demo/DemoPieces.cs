namespace FuncChat.Engine.Models.Demo;

/// <summary>Cuts text into the pieces that it is streamed in: words with the space after them.</summary>
internal static class DemoPieces
{
    private const int Longest = 24;

    public static IEnumerable<string> Of(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = start;
            while (end < text.Length && end - start < Longest && !char.IsWhiteSpace(text[end]))
                end++;
            while (end < text.Length && char.IsWhiteSpace(text[end]))
                end++;

            // Both halves of a surrogate pair stay in one piece.
            if (end < text.Length && char.IsLowSurrogate(text[end]))
                end++;
            yield return text[start..end];
            start = end;
        }
    }
}
