using System.Globalization;
using System.Text.Json;
using FuncChat.Tools;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Models;

/// <summary>Collects the sources of one answer. They are untrusted: those that are no web address are left out, and the others are bounded and cleaned.</summary>
internal sealed class AnswerSources
{
    /// <summary>The most sources of an answer. Further ones are left out.</summary>
    public const int Most = 100;

    private const int LongestTitle = 300;

    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);
    private readonly List<ModelSource> _sources = [];
    private readonly HashSet<int> _places = [];

    /// <summary>Adds a source. One that is known gets the title and the place that it had not.</summary>
    /// <param name="place">The number by which the text cites it.</param>
    public void Add(string? address, string? title, int? place = null)
    {
        if (UrlOf(address) is not { } url)
            return;
        var key = CanonicalUrl.Of(url) ?? url;
        if (_positions.TryGetValue(key, out var known))
        {
            var source = _sources[known];
            _sources[known] = source with { Title = source.Title.Length > 0 ? source.Title : TitleOf(title), Place = source.Place ?? Take(place) };
            return;
        }

        if (_sources.Count >= Most)
            return;
        _positions.Add(key, _sources.Count);
        _sources.Add(new ModelSource(url, TitleOf(title), Take(place)));
    }

    /// <summary>Adds the source of an annotation: the fields of OpenAI's Responses, or these in an object `url_citation`, as chat completions have them.</summary>
    public void AddAnnotation(JsonElement annotation)
    {
        if (MessageJson.Text(annotation, "type") is not "url_citation")
            return;
        var citation = annotation.TryGetProperty("url_citation", out var nested) && nested.ValueKind is JsonValueKind.Object ? nested : annotation;
        Add(MessageJson.Text(citation, "url"), MessageJson.Text(citation, "title"));
    }

    /// <summary>Adds the sources of a list that the text cites by their places in it, from 1. An element is an address, or an object with `url` and `title`.</summary>
    public void AddList(JsonElement list)
    {
        if (list.ValueKind is not JsonValueKind.Array)
            return;
        foreach (var (index, source) in list.EnumerateArray().Take(Most).Index())
        {
            if (source.ValueKind is JsonValueKind.String)
                Add(JsonStringBytes.TextOf(source), null, index + 1);
            else
                Add(MessageJson.Text(source, "url"), MessageJson.Text(source, "title"), index + 1);
        }
    }

    /// <summary>The chunk of all sources; null where there are none.</summary>
    public ModelChunk? ToChunk() => _sources.Count == 0
        ? null
        : ModelChunk.OfSources([.. _sources.Select(source => source.Title.Length > 0 ? source : source with { Title = new Uri(source.Url).Host })]);

    private int? Take(int? place) => place is { } number && _places.Add(number) ? number : null;

    private static string? UrlOf(string? address)
    {
        if (address is null || address.Length > WebUrl.MaxLength || !Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || !WebUrl.IsHttp(uri) || uri.UserInfo.Length > 0 || uri.Host.Length == 0)
            return null;

        // As it was sent, the address can be found in the text.
        var url = address.All(static c => c is > ' ' and < '\x7F' and not ('"' or '<' or '>' or '\\' or '`')) ? address : uri.AbsoluteUri;
        return url.Length <= WebUrl.MaxLength && url.All(static c => IsVisible(c)) ? url : null;
    }

    private static bool IsVisible(char c) =>
        char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate) && !char.IsWhiteSpace(c);

    private static string TitleOf(string? title) =>
        string.Join(' ', ForeignText.Clean(title, LongestTitle - 1).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
