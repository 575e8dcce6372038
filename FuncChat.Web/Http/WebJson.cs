using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using FuncChat.Web.Catalog;
using FuncChat.Web.Files;
using FuncChat.Web.Formats.OpenAiChat;
using FuncChat.Web.Mcp;
using FuncChat.Web.OpenAi;
using FuncChat.Web.Threads;
using FuncChat.Web.Turns;
using FuncChat.Web.Usage;

namespace FuncChat.Web.Http;

/// <summary>How the HTTP API writes JSON: snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ClientMetadataDocument))]
[JsonSerializable(typeof(ProtectedResourceDocument))]
[JsonSerializable(typeof(McpServerList))]
[JsonSerializable(typeof(StartedSignIn))]
[JsonSerializable(typeof(CompletedSignIn))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ToolList))]
[JsonSerializable(typeof(FileDescription))]
[JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(HealthReportDocument))]
[JsonSerializable(typeof(ConfigDocument))]
[JsonSerializable(typeof(SignalReceipt))]
[JsonSerializable(typeof(UsageReport))]
[JsonSerializable(typeof(ThreadList))]
[JsonSerializable(typeof(ThreadReport))]
[JsonSerializable(typeof(ThreadTurnList))]
[JsonSerializable(typeof(ThreadExport))]
[JsonSerializable(typeof(ThreadShareReport))]
[JsonSerializable(typeof(FuncChat.Web.Approvals.ApprovalList))]
[JsonSerializable(typeof(SharedThreadReport))]
[JsonSerializable(typeof(AllUsageReport))]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(CompletionChunk))]
[JsonSerializable(typeof(CompletionUsageChunk))]
[JsonSerializable(typeof(OpenAiCompletion))]
[JsonSerializable(typeof(List<Annotation>))]
[JsonSerializable(typeof(ChunkError))]
[JsonSerializable(typeof(OpenAiError))]
[JsonSerializable(typeof(OpenAiModelList))]
[JsonSerializable(typeof(OpenAiModel))]
internal sealed partial class WebJson : JsonSerializerContext
{
    public static WebJson Relaxed { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
