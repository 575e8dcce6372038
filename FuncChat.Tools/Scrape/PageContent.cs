using System.Globalization;
using System.Text.Json.Serialization;

namespace FuncChat.Tools.Scrape;

/// <summary>A page as text.</summary>
public sealed record PageContent
{
    /// <summary>The number to cite it by.</summary>
    public int? N { get; init; }

    /// <summary>The page's address after redirects.</summary>
    public required Uri Url { get; init; }

    public string? Title { get; init; }

    /// <summary>The media type, such as text/html.</summary>
    [JsonPropertyName("content_type")]
    public required string ContentType { get; init; }

    /// <summary>The text: Markdown with absolute links for HTML, text by page for PDF, and anything else as it is.</summary>
    public required string Content { get; init; }

    /// <summary>What the reader should know about the text, such as that it was cut.</summary>
    public string? Note { get; init; }

    /// <summary>The same page with at most so many characters of text, and a note if that is not all of it.</summary>
    /// <param name="offset">Where the text starts.</param>
    public PageContent CutTo(int limit, int offset = 0)
    {
        if (Content.Length <= limit && offset == 0)
            return this;
        var start = TextCut.LengthWithin(Content, offset);
        var rest = Content.AsSpan(start);
        var part = rest[..PartLength(rest, limit)].ToString();
        var end = start + part.Length;
        return this with { Content = part, Note = Join(Note, DescribePart(start, end, part.Length)) };
    }

    /// <summary>The same page with one more note.</summary>
    internal PageContent With(string? note) => this with { Note = Join(Note, note) };

    // A PDF is cut between pages, unless that would waste half of the part.
    private int PartLength(ReadOnlySpan<char> rest, int limit)
    {
        var length = TextCut.LengthWithin(rest, limit);
        if (length == rest.Length || ContentType != MediaType.Pdf)
            return length;
        var nextPage = rest[..length].LastIndexOf($"\n{DocumentText.PageMark}", StringComparison.Ordinal) + 1;
        return nextPage > length / 2 ? nextPage : length;
    }

    private string DescribePart(int offset, int end, int length) => length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"The text has only {Content.Length:N0} characters.")
        : end >= Content.Length
            ? string.Create(CultureInfo.InvariantCulture, $"This is the end of the text: characters {offset + 1:N0} to {Content.Length:N0}.")
            : string.Create(CultureInfo.InvariantCulture,
                $"The text was cut: these are characters {offset + 1:N0} to {end:N0} of {Content.Length:N0}. For the next part, call scrape_web_content with offset {end}.");

    internal static string? Join(string? first, string? second) => first is null ? second : second is null ? first : $"{first} {second}";
}
