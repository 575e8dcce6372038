using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncChat.Web.Formats.Responses;

/// <summary>The JSON of OpenAI's Responses API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredResponse))]
[JsonSerializable(typeof(OpenAiResponse))]
[JsonSerializable(typeof(ResponseItemList))]
[JsonSerializable(typeof(DeletedResponse))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(ResponseErrorEvent))]
[JsonSerializable(typeof(MessageItem))]
[JsonSerializable(typeof(OutputText))]
[JsonSerializable(typeof(OutputRefusal))]
[JsonSerializable(typeof(ReasoningItem))]
[JsonSerializable(typeof(SummaryText))]
[JsonSerializable(typeof(FunctionCallItem))]
[JsonSerializable(typeof(CustomCallItem))]
[JsonSerializable(typeof(McpCallItem))]
[JsonSerializable(typeof(WebSearchItem))]
[JsonSerializable(typeof(ApprovalRequestItem))]
internal sealed partial class ResponsesJson : JsonSerializerContext
{
    public static ResponsesJson Relaxed { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
