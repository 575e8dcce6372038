using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using FuncChat.Web.OpenAi;

namespace FuncChat.Web.Responses;

/// <summary>Reads the fields that a response repeats of its request.</summary>
internal static class ResponseFields
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ResponseSettings Read(JsonElement body, CompletionFields fields, DateTimeOffset now)
    {
        var defaults = new ResponseSettings();
        return defaults with
        {
            CreatedAt = now.ToUnixTimeSeconds(),
            PreviousResponseId = fields.Text("previous_response_id"),
            Conversation = ConversationIn(body),
            Instructions = fields.Text("instructions"),
            Tools = ToolsIn(body) ?? defaults.Tools,
            ToolChoice = Raw(body, "tool_choice", JsonValueKind.String, JsonValueKind.Object) ?? defaults.ToolChoice,
            ParallelToolCalls = Raw(body, "parallel_tool_calls", JsonValueKind.False) is null,
            Text = With(defaults.Text, body, "text"),
            Reasoning = With(defaults.Reasoning, body, "reasoning"),
            Temperature = fields.Number("temperature", 0, 2) ?? defaults.Temperature,
            TopP = fields.Number("top_p", 0, 1) ?? defaults.TopP,
            MaxOutputTokens = fields.Limit("max_output_tokens"),
            Store = Raw(body, "store", JsonValueKind.False) is null,
            Background = fields.Flag("background"),
            Metadata = Raw(body, "metadata", JsonValueKind.Object) ?? defaults.Metadata,
            ServiceTier = fields.Text("service_tier") is { } tier and not "auto" ? tier : defaults.ServiceTier,
            User = fields.Text("user"),
            SafetyIdentifier = fields.Text("safety_identifier"),
            PromptCacheKey = fields.Text("prompt_cache_key"),
        };
    }

    private static ConversationReference? ConversationIn(JsonElement body)
    {
        if (!body.TryGetProperty("conversation", out var conversation) || conversation.ValueKind == JsonValueKind.Null)
            return null;
        if (conversation.ValueKind == JsonValueKind.Object && conversation.TryGetProperty("id", out var id))
            conversation = id;
        return new ConversationReference(JsonField.TryGetText(conversation, out var text) ? text! : "");
    }

    // As OpenAI returns them: a function with all its fields, and a tool of this server as one of MCP.
    private static RawJson? ToolsIn(JsonElement body)
    {
        if (!body.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
            return null;
        var shown = new JsonArray();
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.ValueKind == JsonValueKind.String)
                shown.Add(new JsonObject { ["type"] = "mcp", ["server_label"] = OpenCalls.OwnLabel, ["allowed_tools"] = new JsonArray(tool.GetString()) });
            else if (JsonNode.Parse(tool.GetRawText()) is JsonObject given)
                shown.Add(given["type"]?.ToString() == "function" ? Whole(given) : given);
        }

        return Json(shown);
    }

    private static JsonObject Whole(JsonObject function)
    {
        foreach (var name in (string[])["description", "parameters", "strict"])
            function.TryAdd(name, null);
        return function;
    }

    // The fields of the request, and the defaults of those that it lacks.
    private static RawJson With(RawJson defaults, JsonElement body, string name)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Object)
            return defaults;
        var merged = (JsonObject)JsonNode.Parse(defaults.Utf8.Span)!;
        foreach (var field in value.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
            merged[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        return Json(merged);
    }

    private static RawJson Json(JsonNode json) => new(JsonSerializer.SerializeToUtf8Bytes(json, Relaxed));

    private static RawJson? Raw(JsonElement body, string name, params JsonValueKind[] kinds) =>
        body.TryGetProperty(name, out var value) && kinds.Contains(value.ValueKind) ? RawJson.Of(value) : null;
}
