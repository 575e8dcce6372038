using System.Text;
using System.Text.Json;

namespace FuncChat.Engine.Models.Demo;

/// <summary>
/// An answer built from the tools' results. It depends on a result's shape and not on the tool's name, so it can present any tool's result:
/// an error, pages with titles and addresses, a page's text, a script's value, an answer with sources, or else the JSON as it is.
/// </summary>
internal static class DemoReport
{
    private const int MostItems = 10;
    private const int LongestQuote = 600;

    public static string Of(IReadOnlyList<DemoToolResult> results)
    {
        var text = new StringBuilder("Here are the results. (This is a scripted demo, not an AI.)\n");
        foreach (var result in results)
            text.Append('\n').Append(Section(result).TrimEnd()).Append('\n');
        if (results.Any(WebFailed))
            text.Append("\nIf this machine has no Internet connection, web tools can't work. “What is 17 * 23?” works without one.");
        return text.ToString().TrimEnd();
    }

    private static string Section(DemoToolResult result)
    {
        if (Parse(result.Content) is not { } json)
            return Quote(result.Content);
        if (json.ValueKind != JsonValueKind.Object)
            return $"`{result.Tool}` returned {Value(json)}.";
        if (Text(json, "error") is { Length: > 0 } error)
            return Failure(result.Tool, error);
        if (json.TryGetProperty("results", out var found) && found.ValueKind == JsonValueKind.Array)
            return Search(json, found);
        if (Text(json, "answer") is { Length: > 0 } answer)
            return Research(json, answer);
        if (Text(json, "content") is { Length: > 0 } content)
            return Page(json, content);
        if (json.TryGetProperty("result", out _) || json.TryGetProperty("console", out _))
            return Script(json);
        return $"`{result.Tool}`:\n\n{Quote(result.Content)}";
    }

    private static string Failure(string tool, string error) =>
        $"`{tool}` failed: {DemoText.Cut(DemoText.Plain(error), LongestQuote)}";

    private static bool WebFailed(DemoToolResult result) =>
        result.Tool is DemoRequests.Search or DemoRequests.Scrape or DemoRequests.Research
        && Parse(result.Content) is { } json && Text(json, "error").Length > 0;

    private static string Search(JsonElement json, JsonElement found)
    {
        var query = Text(json, "query");
        var text = new StringBuilder($"**Results{(query.Length > 0 ? $" for “{Inline(query)}”" : "")}**\n\n");
        var summary = Text(json, "summary");
        if (summary.Length > 0)
            text.Append(DemoText.Cut(summary, LongestQuote * 2)).Append("\n\n");
        if (Text(json, "summary_error") is { Length: > 0 } error)
            text.Append($"No summary: {Inline(DemoText.Cut(error, LongestQuote))}\n\n");
        foreach (var (index, page) in found.EnumerateArray().Take(MostItems).Index())
        {
            text.Append($"{index + 1}. {Link(page)}");
            if (DemoText.Cut(Inline(Text(page, "description")), 200) is { Length: > 0 } description)
                text.Append(" – ").Append(description);
            text.Append('\n');
        }

        return found.GetArrayLength() == 0 ? text.Append("No results.").ToString() : text.ToString();
    }

    private static string Page(JsonElement json, string content) =>
        $"**{Link(json)}**\n\n{Inline(DemoText.FirstSentences(content, 3, LongestQuote))}";

    private static string Script(JsonElement json)
    {
        var text = new StringBuilder("The script returned ")
            .Append(json.TryGetProperty("result", out var result) ? Value(result) : "`undefined`").Append('.');
        if (json.TryGetProperty("console", out var console) && console.ValueKind == JsonValueKind.Array && console.GetArrayLength() > 0)
            text.Append(" It printed:\n\n").Append(Quote(string.Join('\n', console.EnumerateArray().Select(Plain))));
        return text.ToString();
    }

    private static string Research(JsonElement json, string answer)
    {
        var text = new StringBuilder(answer).Append('\n');
        foreach (var source in Items(json, "sources"))
            text.Append($"\n{(source.TryGetProperty("n", out var number) ? Plain(number) : "-")}. {Link(source)}");
        if (Items(json, "failed") is { Count: > 0 } failed)
            text.Append("\n\nNot read: ").AppendJoin(", ", failed.Select(item => Inline(Text(item, "url") + Text(item, "query"))));
        return text.ToString();
    }

    private static List<JsonElement> Items(JsonElement json, string property) =>
        json.TryGetProperty(property, out var items) && items.ValueKind == JsonValueKind.Array
            ? [.. items.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)]
            : [];

    private static string Link(JsonElement page)
    {
        var url = Text(page, "url");
        var title = Text(page, "title") is { Length: > 0 } given ? given : url;
        var isLink = Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https";
        return isLink ? $"[{DemoText.Cut(Inline(title), 120)}](<{parsed!.AbsoluteUri}>)" : DemoText.Cut(Inline(title), 120);
    }

    private static string Value(JsonElement json)
    {
        var text = Plain(json);
        return text.Length <= 80 && text.AsSpan().IndexOfAny('`', '\n') < 0 && text.Length > 0 ? $"`{text}`" : $"\n\n{Quote(text)}\n";
    }

    // Longer than any fence that the text could hold.
    private static string Quote(string text) => $"~~~~~~\n{DemoText.Cut(text, LongestQuote).Replace("~~~~~~", "~~~", StringComparison.Ordinal)}\n~~~~~~";

    // A page's own words must not become markup of the answer.
    private static string Inline(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in DemoText.Plain(text))
            (letter is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '#' ? escaped.Append('\\') : escaped).Append(letter);
        return escaped.ToString();
    }

    private static string Text(JsonElement json, string property) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? Plain(value)
            : "";

    private static string Plain(JsonElement json)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return json.GetRawText();
        }
    }

    private static JsonElement? Parse(string content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
