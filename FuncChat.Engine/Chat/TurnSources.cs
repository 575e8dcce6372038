using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Tools;
using FuncChat.Tools.Fetch;

namespace FuncChat.Engine.Chat;

/// <summary>
/// The sources of a turn, numbered over all of its tool calls and answers: each tool numbers its own from 1, so without it "[2]" could be any of several. A
/// page that is found again keeps its number.
/// </summary>
internal sealed partial class TurnSources
{
    // A provider could send others without end. Tools' sources are bounded by their calls.
    private const int MostOfAnswers = 200;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<int> _places = [];
    private readonly HashSet<int> _cited = [];
    private readonly List<string> _sinceCall = [];
    private int _last;

    public void Apply(CitationEvent citation)
    {
        var key = KeyOf(citation.Url);
        _sinceCall.Add(key);
        Set(key, citation.Number);
    }

    /// <summary>
    /// An answer is complete. What its text cites keeps its number: a provider's place may be that of a page which has another number, and no event has the place.
    /// Without sources, brackets cite none.
    /// </summary>
    public void EndAnswer(RawJson message)
    {
        if (_numbers.Count == 0)
            return;
        using var document = JsonDocument.Parse(LoneSurrogates.Replace(message.Utf8));
        if (MessageJson.JoinText(document.RootElement) is { Length: > 0 } text)
            _cited.UnionWith(Reference().Matches(text).Select(match => int.Parse(match.ValueSpan[1..^1], CultureInfo.InvariantCulture)));
    }

    /// <summary>A model call begins.</summary>
    public void BeginCall() => _sinceCall.Clear();

    /// <summary>The answer of the call is void, and its sources: the numbers are free for those of the repeated one.</summary>
    public void ResetCall()
    {
        foreach (var key in _sinceCall)
            _numbers.Remove(key);
        _sinceCall.Clear();
        _last = _numbers.Values.Concat(_places).DefaultIfEmpty().Max();
    }

    /// <summary>The sources of an answer that are new to the turn, by their numbers.</summary>
    public IReadOnlyList<CitationEvent> Number(IReadOnlyList<ModelSource> sources)
    {
        if (sources.Count == 0)
            return []; // As nearly all answers.
        var added = new List<CitationEvent>();

        // The provider's text, which has been shown, cites these by their places. A place that a source of a tool or of an earlier answer has as its number, or by
        // which an earlier answer cites a known page, stays with that source: the later one gets another number, and its marks in the text can't be told from those
        // of the earlier one.
        var ofPlaces = sources.Where(source => source.Place is { } place && !_numbers.ContainsValue(place) && !_places.Contains(place) && !_cited.Contains(place)).OrderBy(source => source.Place).ToList();
        foreach (var source in ofPlaces)
            Add(source, source.Place!.Value);
        _places.UnionWith(sources.Select(source => source.Place ?? 0));
        _last = Math.Max(_last, _places.DefaultIfEmpty().Max());
        foreach (var source in sources.Except(ofPlaces))
            Add(source, Next());
        return [.. added.OrderBy(citation => citation.Number)];

        void Add(ModelSource source, int number)
        {
            var key = KeyOf(source.Url);
            if (_numbers.Count >= MostOfAnswers || _numbers.ContainsKey(key))
                return;
            Set(key, number);
            added.Add(new CitationEvent(number, source.Url, source.Title));
        }
    }

    /// <summary>The result with the turn's numbers in place of the tool's, and the sources that are new to the turn.</summary>
    /// <param name="result">The JSON of a tool that returns sources: an array `results` or `sources` of objects with `n`, `url` and `title`, or one such object.</param>
    public (string Result, IReadOnlyList<CitationEvent> New) Number(string result)
    {
        if (Parse(result) is not { } root)
            return (result, []);
        var added = new List<CitationEvent>();
        var numbers = new Dictionary<int, int>();
        foreach (var source in SourcesOf(root))
        {
            if (source["n"] is not JsonValue n || !n.TryGetValue(out int number) || TextOf(source["url"]) is not { } url)
                continue;
            numbers[number] = NumberOf(url, TextOf(source["title"]) ?? url, added);
            source["n"] = numbers[number];
        }

        if (numbers.All(pair => pair.Key == pair.Value))
            return (result, added);
        foreach (var field in (ReadOnlySpan<string>)["answer", "summary"])
        {
            if (TextOf(root[field]) is { } text)
                root[field] = Reference().Replace(text, match =>
                    int.TryParse(match.ValueSpan[1..^1], out var number) && numbers.TryGetValue(number, out var known) ? $"[{known}]" : match.Value);
        }

        return (root.ToJsonString(EngineJson.ReadableOptions), added);
    }

    private int NumberOf(string url, string title, List<CitationEvent> added)
    {
        var key = KeyOf(url);
        if (_numbers.TryGetValue(key, out var known))
            return known;
        var citation = new CitationEvent(Next(), url, title);
        Set(key, citation.Number);
        added.Add(citation);
        return citation.Number;
    }

    private int Next()
    {
        var next = _last + 1;
        while (_cited.Contains(next))
            next++;
        return next;
    }

    private void Set(string key, int number)
    {
        _numbers[key] = number;
        _last = Math.Max(_last, number);
    }

    private static string KeyOf(string url) => CanonicalUrl.Of(url) ?? url;

    private static JsonObject? Parse(string result)
    {
        try
        {
            return JsonNode.Parse(result) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<JsonObject> SourcesOf(JsonObject root) =>
        (root["results"] ?? root["sources"]) is JsonArray sources ? sources.OfType<JsonObject>() : [root];

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    [GeneratedRegex(@"\[\d{1,3}\]", RegexOptions.NonBacktracking)]
    private static partial Regex Reference();
}
