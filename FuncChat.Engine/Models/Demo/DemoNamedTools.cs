using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models.Demo;

/// <summary>
/// Calls any offered tool that a message names, such as “roll_dice 3” or “roll dice {"count":3}”, so that a new tool can be tried without a key. Arguments
/// are the JSON object of the message, or else its numbers and text, as the tool's schema requires them.
/// </summary>
internal static partial class DemoNamedTools
{
    private const int LongestRead = 2000;

    public static IReadOnlyList<DemoToolCall> In(string message, IReadOnlyList<AIFunctionDeclaration> offered)
    {
        var text = DemoText.Cut(message, LongestRead);
        return [.. offered
            .Where(tool => tool.Name is not (DemoRequests.Search or DemoRequests.Scrape or DemoRequests.JavaScript or DemoRequests.Research))
            .Select(tool => (Tool: tool, End: EndOfName(text, tool.Name)))
            .Where(named => named.End >= 0)
            .OrderBy(named => named.End)
            .Select(named => new DemoToolCall(named.Tool.Name, Arguments(named.Tool.JsonSchema, text[named.End..].Trim(' ', ':', ',', '.', '!', '?'))))];
    }

    // A name may be written with spaces, and must not be part of a longer word.
    private static int EndOfName(string text, string name)
    {
        foreach (var spelling in (string[])[name, name.Replace('_', ' ')])
        {
            for (var at = text.IndexOf(spelling, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(spelling, at + 1, StringComparison.OrdinalIgnoreCase))
            {
                var end = at + spelling.Length;
                if ((at == 0 || !IsOfName(text[at - 1])) && (end == text.Length || !IsOfName(text[end])))
                    return end;
            }
        }

        return -1;
    }

    private static bool IsOfName(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-';

    private static string Arguments(JsonElement schema, string rest)
    {
        if (JsonObject(rest) is { } given)
            return given;
        var arguments = new JsonObject();
        var numbers = new Queue<string>(Number().Matches(rest).Select(match => match.Value));
        if (Member(schema, "required") is { ValueKind: JsonValueKind.Array } required)
        {
            foreach (var name in required.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!))
                arguments[name] = Member(schema, "properties") is { } properties && Member(properties, name) is { } property ? Value(property, rest, numbers) : null;
        }

        return arguments.ToJsonString(EngineJson.ReadableOptions);
    }

    private static string? JsonObject(string rest)
    {
        if (rest.IndexOf('{', StringComparison.Ordinal) is var start && rest.LastIndexOf('}') is var end && (start < 0 || end < start))
            return null;
        var candidate = rest[start..(end + 1)];
        try
        {
            using var document = JsonDocument.Parse(candidate);
            return candidate;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? Value(JsonElement property, string rest, Queue<string> numbers)
    {
        if (Member(property, "enum") is { ValueKind: JsonValueKind.Array } values && values.GetArrayLength() > 0)
            return JsonNode.Parse(values.EnumerateArray().FirstOrDefault(value => rest.Contains(value.ToString(), StringComparison.OrdinalIgnoreCase), values[0]).GetRawText());
        return TypeOf(property) switch
        {
            "integer" or "number" => numbers.TryDequeue(out var number)
                ? JsonNode.Parse(number)
                : Member(property, "minimum") is { } least ? JsonNode.Parse(least.GetRawText()) : 1,
            "boolean" => true,
            "array" => new JsonArray(Member(property, "items") is { } items ? Value(items, rest, numbers) : rest),
            "object" => new JsonObject(),
            _ => rest,
        };
    }

    // A type may be a list, such as ["string", "null"].
    private static string TypeOf(JsonElement property) => Member(property, "type") switch
    {
        null => "string",
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().FirstOrDefault().ToString().ToLower(CultureInfo.InvariantCulture),
        var type => type.Value.ToString(),
    };

    // A schema, which may come from another server, may be `true` where an object is usual.
    private static JsonElement? Member(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var value) ? value : null;

    [GeneratedRegex(@"(?<![\w.])-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?(?![\w.]*[0-9])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Number();
}
