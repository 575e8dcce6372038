using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol.Protocol;

namespace FuncChat.Web.Mcp;

/// <summary>A task of the extension `io.modelcontextprotocol/tasks`: what `tools/call` returns in place of a result, and `tasks/get` after it.</summary>
internal sealed class McpTaskResult : Result
{
    public required string TaskId { get; init; }

    /// <summary>`working`, `completed` or `cancelled`. A tool's own failure is a result of a completed task.</summary>
    public required string Status { get; init; }

    public string? StatusMessage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUpdatedAt { get; init; }

    public long? TtlMs { get; init; }

    public long? PollIntervalMs { get; init; }

    /// <summary>The result of `tools/call`, once the task is completed.</summary>
    [JsonPropertyName("result")]
    public JsonElement? Outcome { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(McpTaskResult))]
internal sealed partial class McpTaskJson : JsonSerializerContext;
