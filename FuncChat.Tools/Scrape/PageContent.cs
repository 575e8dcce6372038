using System.Text.Json.Serialization;

namespace FuncChat.Tools.Scrape;

/// <summary>A page as text.</summary>
public sealed record PageContent
{
    /// <summary>Where the page was in the end, after redirects.</summary>
    public required Uri Url { get; init; }

    public string? Title { get; init; }

    /// <summary>The media type, such as text/html.</summary>
    [JsonPropertyName("content_type")]
    public required string ContentType { get; init; }

    /// <summary>The text: Markdown with whole links for HTML, and anything else as it is.</summary>
    public required string Content { get; init; }

    /// <summary>Says that the text was cut, and how long it was.</summary>
    public string? Note { get; init; }

    /// <summary>The same page with at most so many characters of text, and a note if that cut it.</summary>
    public PageContent CutTo(int limit)
    {
        if (Content.Length <= limit)
            return this;
        var end = char.IsHighSurrogate(Content[limit - 1]) ? limit - 1 : limit;
        return this with
        {
            Content = Content[..end],
            Note = string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"The text was cut: these are the first {end:N0} of {Content.Length:N0} characters."),
        };
    }
}
