using System.Text.Json;
using FuncChat.Engine.Models.Http;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>Messages of one role as one message, for models whose templates take no second one.</summary>
internal static class MergedMessages
{
    private const string Separator = "\n\n";

    /// <summary>The conversation in the order that the provider accepts, as far as that is known.</summary>
    /// <param name="sendsDeveloper">Whether the role `developer` is sent as such.</param>
    public static List<JsonElement> Of(List<JsonElement> messages, ModelLimits limits, bool sendsDeveloper)
    {
        if (limits.Allows(MessageOrders.SameRoles))
            return limits.Allows(MessageOrders.LaterInstructions) ? JoinFirst(messages, sendsDeveloper) : JoinInstructions(messages);
        return JoinTurns(JoinInstructions(messages));
    }

    public static bool IsInstruction(JsonElement message) => MessageJson.Role(message) is "system" or "developer";

    // Protocols have several places for instructions, and templates such as Qwen's take one message of them.
    private static List<JsonElement> JoinFirst(List<JsonElement> messages, bool sendsDeveloper)
    {
        var first = messages.TakeWhile(IsInstruction).ToList();
        if (first.Count < 2 || (sendsDeveloper && first.Select(MessageJson.Role).Distinct(StringComparer.Ordinal).Count() > 1)
            || !first.TrueForAll(message => TextOf(message) is not null && MessageJson.Text(message, "name") is null))
            return messages;
        return [Join(MessageJson.Role(first[0]), first), .. messages.Skip(first.Count)];
    }

    private static List<JsonElement> JoinInstructions(List<JsonElement> messages)
    {
        var instructions = messages.Where(IsInstruction).ToList();
        var others = messages.Where(message => !IsInstruction(message));
        return instructions.Count == 0 ? messages : [Join(MessageJson.Role(instructions[0]), instructions), .. others];
    }

    private static List<JsonElement> JoinTurns(List<JsonElement> messages)
    {
        var runs = new List<List<JsonElement>>();
        foreach (var message in messages.Where(message => !IsEmptyAnswer(message)))
        {
            if (runs.Count > 0 && IsMergeable(message) && IsMergeable(runs[^1][0]) && MessageJson.Role(message) == MessageJson.Role(runs[^1][0]))
                runs[^1].Add(message);
            else
                runs.Add([message]);
        }

        return [.. runs.Select(run => run.Count == 1 ? run[0] : Join(MessageJson.Role(run[0]), run))];
    }

    private static bool IsEmptyAnswer(JsonElement message) =>
        MessageJson.Role(message) == "assistant" && !MessageJson.ToolCalls(message).Any() && MessageJson.JoinText(message).Length == 0;

    private static bool IsMergeable(JsonElement message) =>
        MessageJson.Role(message) is var role && (role == "user" || (role == "assistant" && !MessageJson.ToolCalls(message).Any()));

    private static JsonElement Join(string role, List<JsonElement> messages) => JsonElement.Parse(ContentParts.Write(json =>
    {
        json.WriteString("role"u8, role);
        if (role != "user" || messages.TrueForAll(message => TextOf(message) is not null))
            json.WriteString("content"u8, string.Join(Separator, messages.Select(message => TextOf(message) ?? MessageJson.JoinText(message)).Where(text => !string.IsNullOrWhiteSpace(text))));
        else
            WriteParts(json, messages);
        if (messages.Select(message => MessageJson.Text(message, "name")).Distinct(StringComparer.Ordinal).ToList() is [{ } name])
            json.WriteString("name"u8, name);
    }));

    private static void WriteParts(Utf8JsonWriter json, List<JsonElement> messages)
    {
        json.WriteStartArray("content"u8);
        foreach (var message in messages)
        {
            foreach (var part in ContentParts.Of(message))
                part.WriteTo(json);
            if (message.GetProperty("content") is { ValueKind: JsonValueKind.String } content)
            {
                json.WriteStartObject();
                ContentParts.WriteText(json, content.GetString()!);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static string? TextOf(JsonElement message) => message.TryGetProperty("content", out var content) ? ContentParts.TextOnly(content) : null;
}
