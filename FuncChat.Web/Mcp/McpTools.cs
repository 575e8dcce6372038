using System.Text.Json;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Chat.Approvals;
using FuncChat.Tools;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ServerTool = ModelContextProtocol.Protocol.Tool;
using Tool = FuncChat.Tools.Tool;

namespace FuncChat.Web.Mcp;

/// <summary>
/// The tools of one request's user. Only built-in tools: with those of MCP servers, two servers that use each other would call each other
/// forever. Tools whose calls need an approval here are omitted: the client asks its own user.
/// </summary>
internal sealed class McpTools(HttpContext http)
{
    private static readonly TimeSpan ListLifetime = TimeSpan.FromMinutes(5);

    private readonly ToolUser _user = Caller.ToolUserOf(http);

    public ListToolsResult List() => new()
    {
        Tools = [.. BuiltIn().Select(Describe)],
        TimeToLive = ListLifetime,
        CacheScope = CacheScope.Private,
    };

    /// <summary>The result of a call.</summary>
    public static CallToolResult ResultOf(ToolRunOutcome outcome) => new() { Content = [new TextContentBlock { Text = outcome.Content }], IsError = outcome.Failed };

    public async ValueTask<ResultOrAlternate<CallToolResult>> CallAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        var call = context.Params!;
        if (BuiltIn().FirstOrDefault(tool => tool.Name == call.Name) is not { } tool)
            throw new McpProtocolException($"Unknown tool: '{call.Name}'", McpErrorCode.InvalidParams);
        var arguments = JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, JsonElement>());
        if (McpTasks.Accepts(context.JsonRpcRequest, tool))
            return await new McpTasks(http).StartAsync(tool, arguments, cancellationToken);
        var progress = new Progress(context.Server, call.ProgressToken);
        var outcome = await http.RequestServices.GetRequiredService<DirectToolCall>().RunAsync(
            tool, _user, Guid.NewGuid().ToString("N"), arguments, snapshot => progress.ReportAsync(snapshot, cancellationToken), cancellationToken);
        return ResultOf(outcome);
    }

    private IEnumerable<Tool> BuiltIn() =>
        http.RequestServices.GetRequiredService<BuiltInTools>().All.Where(http.RequestServices.GetRequiredService<ApprovalPolicy>().AllowsDirectCalls);

    private static ServerTool Describe(Tool tool) => new()
    {
        Name = tool.Name,
        Description = tool.Description,
        InputSchema = tool.Function.JsonSchema,
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = tool.Policy.ReadOnly,
            DestructiveHint = tool.Policy.Destructive,
            OpenWorldHint = tool.Policy.ReturnsUntrusted,
        },
    };

    /// <summary>Sends progress to a client that asked for it. The protocol requires increasing numbers.</summary>
    private sealed class Progress(McpServer server, ProgressToken? token)
    {
        private float _last;

        public async Task ReportAsync(ToolRunSnapshot snapshot, CancellationToken cancellationToken)
        {
            if (token is not { } asked || snapshot.Message is null)
                return;
            _last = Math.Max(snapshot.Completed ?? 0, _last + 0.001f);
            await server.NotifyProgressAsync(
                asked, new ProgressNotificationValue { Progress = _last, Total = snapshot.Total, Message = snapshot.Message }, cancellationToken: cancellationToken);
        }
    }
}
