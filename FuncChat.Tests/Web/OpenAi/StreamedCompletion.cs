using System.Text.Json;
using System.Text.Json.Nodes;

namespace FuncChat.Tests.Web.OpenAi;

/// <summary>The chunks of a stream, and what they add up to, as an SDK adds them.</summary>
internal sealed record StreamedCompletion(IReadOnlyList<string> Records)
{
    public IReadOnlyList<JsonElement> Chunks { get; } = [.. Records.Where(record => record.StartsWith('{')).Select(record => JsonElement.Parse(record))];

    public string? FinishReason => Choices.Select(choice => choice.GetProperty("finish_reason").GetString()).LastOrDefault(reason => reason is not null);

    public JsonElement? Usage => Chunks.Where(chunk => chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        .Select(chunk => (JsonElement?)chunk.GetProperty("usage")).LastOrDefault();

    private IEnumerable<JsonElement> Choices => Chunks.Where(chunk => chunk.TryGetProperty("choices", out _))
        .SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray());

    public static StreamedCompletion Parse(string stream) => new([.. stream.Split('\n')
        .Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line["data: ".Length..])]);

    /// <summary>The message: text that comes in pieces is joined, other values are those of their chunk.</summary>
    public JsonObject Message()
    {
        var message = new JsonObject();
        foreach (var field in Choices.SelectMany(choice => choice.GetProperty("delta").EnumerateObject()))
        {
            if (field.Value.ValueKind == JsonValueKind.String && message[field.Name] is { } before)
                message[field.Name] = before.GetValue<string>() + field.Value.GetString();
            else
                message[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        }

        foreach (var call in (message["tool_calls"] as JsonArray ?? []).OfType<JsonObject>())
            call.Remove("index");
        return message;
    }
}
