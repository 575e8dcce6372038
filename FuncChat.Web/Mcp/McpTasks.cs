using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Turns;
using FuncChat.Tools;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tool = FuncChat.Tools.Tool;

namespace FuncChat.Web.Mcp;

/// <summary>Long-running tools as tasks of the extension `io.modelcontextprotocol/tasks`, for clients that declare it in their request.</summary>
internal sealed class McpTasks(HttpContext http)
{
    public const string Extension = "io.modelcontextprotocol/tasks";

    private const long PollIntervalMs = 2000;
    private const int MaxIdLength = 64;

    private readonly ToolUser _user = Caller.ToolUserOf(http);

    /// <summary>The handlers of the extension's methods.</summary>
    public IList<McpServerRequestHandler> Handlers =>
    [
        new() { Method = "tasks/get", RoutingNameParameter = "taskId", Handler = GetAsync },
        new() { Method = "tasks/cancel", RoutingNameParameter = "taskId", Handler = CancelAsync },

        // No tool asks for input here, so nothing waits for it.
        new() { Method = "tasks/update", RoutingNameParameter = "taskId", Handler = UpdateAsync },
    ];

    /// <summary>Whether the call becomes a task.</summary>
    public static bool Accepts(JsonRpcRequest request, Tool tool) => tool.Policy.LongRunning && IsDeclaredIn(request);

    /// <summary>Starts the call.</summary>
    public async Task<ResultOrAlternate<CallToolResult>> StartAsync(Tool tool, string arguments, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        var (started, error) = await Tasks().StartAsync(tool, _user, id, arguments, cancellationToken);
        return error is null
            ? ResultOrAlternate<CallToolResult>.FromAlternate(Describe(id, new ToolTask(started), "task"), McpTaskJson.Default.McpTaskResult)
            : McpTools.ResultOf(error);
    }

    private async ValueTask<JsonNode?> GetAsync(RequestContext<JsonNode?> context, CancellationToken cancellationToken)
    {
        var id = IdIn(context.JsonRpcRequest);
        return await Tasks().FindAsync(_user, id, cancellationToken) is { } task
            ? JsonSerializer.SerializeToNode(Describe(id, task, "complete"), McpTaskJson.Default.McpTaskResult)
            : throw Unknown();
    }

    private async ValueTask<JsonNode?> CancelAsync(RequestContext<JsonNode?> context, CancellationToken cancellationToken) =>
        await Tasks().CancelAsync(_user, IdIn(context.JsonRpcRequest), cancellationToken) ? Done() : throw Unknown();

    private async ValueTask<JsonNode?> UpdateAsync(RequestContext<JsonNode?> context, CancellationToken cancellationToken) =>
        await Tasks().FindAsync(_user, IdIn(context.JsonRpcRequest), cancellationToken) is not null ? Done() : throw Unknown();

    private McpTaskResult Describe(string id, ToolTask task, string resultType) => new()
    {
        ResultType = resultType,
        TaskId = id,
        Status = task.IsCancelled ? "cancelled" : task.Outcome is not null ? "completed" : "working",
        StatusMessage = task.Message,
        CreatedAt = task.Started,
        LastUpdatedAt = task.HasEnded ? task.Started : http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
        TtlMs = (long)http.RequestServices.GetRequiredService<IOptions<TurnOptions>>().Value.Retention.TotalMilliseconds,
        PollIntervalMs = PollIntervalMs,
        Outcome = task.Outcome is { } outcome ? JsonSerializer.SerializeToElement(McpTools.ResultOf(outcome), McpJsonUtilities.DefaultOptions) : null,
    };

    private static string IdIn(JsonRpcRequest request)
    {
        if (!IsDeclaredIn(request))
        {
            throw new MissingRequiredClientCapabilityException(
                new ClientCapabilities { Extensions = new Dictionary<string, object> { [Extension] = new JsonObject() } }, $"The request must declare the extension {Extension}.");
        }

        return request.Params?["taskId"] is JsonValue value && value.TryGetValue<string>(out var id) && id.Length <= MaxIdLength ? id : throw Unknown();
    }

    private static bool IsDeclaredIn(JsonRpcRequest request) =>
        ((request.Params?["_meta"]?[MetaKeys.ClientCapabilities] as JsonObject)?["extensions"] as JsonObject)?.ContainsKey(Extension) == true;

    private static McpProtocolException Unknown() => new("There is no such task.", McpErrorCode.InvalidParams);

    private static JsonObject Done() => new() { ["resultType"] = "complete" };

    private ToolTasks Tasks() => http.RequestServices.GetRequiredService<ToolTasks>();
}
