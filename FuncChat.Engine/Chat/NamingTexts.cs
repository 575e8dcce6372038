using System.Text;
using System.Text.Json;
using FuncChat.Tools;

namespace FuncChat.Engine.Chat;

/// <summary>
/// The texts of a conversation that can't be the model's own words: the messages of the user and the client's instructions, and of the results of tools that
/// return sources (<see cref="ToolPolicy.ReturnsSources"/>) the fields that the web filled. Any other result may repeat what the model put into the call: a
/// script returns its literals, a search names its query, an error quotes the arguments, and what a tool of another server does is unknown.
/// </summary>
internal sealed class NamingTexts(ToolCatalog tools)
{
    private static readonly string[] Fields = ["url", "content", "description", "note"];

    public IEnumerable<string> In(IEnumerable<RawJson> conversation)
    {
        var results = new ToolResultReader(tools.ReturnsSources);
        foreach (var message in conversation)
        {
            using var document = JsonDocument.Parse(message.Utf8);
            var root = document.RootElement;
            var result = results.Read(root);
            var texts = result is { } known
                ? known.IsWanted ? TextsOfSources(known.Text) : []
                : root.GetProperty("role").ValueEquals("assistant") || !root.TryGetProperty("content", out var content) ? [] : TextsOf(content);
            foreach (var text in texts)
                yield return text;
        }
    }

    private static IEnumerable<string> TextsOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [content.GetString()!],
        JsonValueKind.Array => content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : ""),
        _ => [],
    };

    // The fields of the result, and those of its `results` or `sources`. What follows the JSON is a note of the server; a result that was cut ends within it.
    private static List<string> TextsOfSources(string result)
    {
        var texts = new List<string>();
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(result), isFinalBlock: false, default);
        var list = "";
        var field = "";
        try
        {
            while (json.Read() && !(json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == 0))
            {
                if (json.TokenType == JsonTokenType.PropertyName)
                {
                    field = json.GetString()!;
                    if (json.CurrentDepth == 1)
                        list = field;
                }
                else if (json.TokenType == JsonTokenType.String && Fields.Contains(field, StringComparer.Ordinal)
                    && (json.CurrentDepth == 1 || json.CurrentDepth == 3 && list is "results" or "sources"))
                {
                    texts.Add(json.GetString()!);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, not to its end, or not valid Unicode.
        }

        return texts;
    }
}
