using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FuncChat.Tools.Research;

/// <summary>Reads the queries out of a model's answer, which may be less tidy than it was asked to be.</summary>
internal static partial class QueryList
{
    private const int LongestAnswer = 20_000;
    private const int LongestQuery = 200;
    private const int MostTries = 20;

    /// <summary>
    /// The queries of the first JSON array of strings (or of objects with a `query`) anywhere in the answer, else the items of a list, else null.
    /// An empty array is an answer too: no queries.
    /// </summary>
    public static IReadOnlyList<string>? Parse(string answer, int most)
    {
        if (answer.Length > LongestAnswer)
            return null;
        var items = Arrays(answer).FirstOrDefault(items => items is not null)
            ?? (ListItem().Matches(answer) is { Count: > 0 } lines ? lines.Select(line => line.Groups["item"].Value) : null);
        return items is null ? null : [.. items.Select(Clean).Where(query => query.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Take(most)];
    }

    // An array may be between other words or in a code fence, with a word in brackets before it.
    private static IEnumerable<List<string>?> Arrays(string answer)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        var start = -1;
        for (var tries = 0; tries < MostTries; tries++)
        {
            var next = bytes.AsSpan(start + 1).IndexOf((byte)'[');
            if (next < 0)
                yield break;
            start += next + 1;
            yield return ArrayAt(bytes, start);
        }
    }

    private static List<string>? ArrayAt(byte[] bytes, int start)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(start), new JsonReaderOptions { AllowTrailingCommas = true });
            using var array = JsonDocument.ParseValue(ref reader);
            var items = array.RootElement.EnumerateArray().Select(TextOf).ToList();
            return items.Contains(null) ? null : [.. items.OfType<string>()];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => item.GetString(),
        JsonValueKind.Object when item.TryGetProperty("query", out var query) && query.ValueKind == JsonValueKind.String => query.GetString(),
        _ => null,
    };

    private static string Clean(string query)
    {
        var line = Space().Replace(query, " ").Trim(' ', '"');
        return line.Length <= LongestQuery ? line : "";
    }

    [GeneratedRegex(@"^[ \t]*([-*•]|\d{1,2}[.)])[ \t]+(?<item>.+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ListItem();

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
