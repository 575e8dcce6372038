using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.OpenAi;

namespace FuncChat.Web.Responses;

/// <summary>Reads the fields that a response repeats of its request.</summary>
internal static class ResponseFields
{
    public static ResponseSettings Read(JsonElement body, CompletionFields fields, DateTimeOffset now)
    {
        var defaults = new ResponseSettings();
        return defaults with
        {
            CreatedAt = now.ToUnixTimeSeconds(),
            PreviousResponseId = fields.Text("previous_response_id"),
            Instructions = fields.Text("instructions"),
            Tools = Raw(body, "tools", JsonValueKind.Array) ?? defaults.Tools,
            ToolChoice = Raw(body, "tool_choice", JsonValueKind.String, JsonValueKind.Object) ?? defaults.ToolChoice,
            ParallelToolCalls = Raw(body, "parallel_tool_calls", JsonValueKind.False) is null,
            Text = Raw(body, "text", JsonValueKind.Object) ?? defaults.Text,
            Reasoning = Raw(body, "reasoning", JsonValueKind.Object) ?? defaults.Reasoning,
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

    private static RawJson? Raw(JsonElement body, string name, params JsonValueKind[] kinds) =>
        body.TryGetProperty(name, out var value) && kinds.Contains(value.ValueKind) ? RawJson.Of(value) : null;
}
