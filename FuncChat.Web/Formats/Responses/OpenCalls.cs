using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Events;
using FuncChat.Tools;

namespace FuncChat.Web.Formats.Responses;

/// <summary>The calls of tools that this server runs, as items: a search of the web, or a call of MCP's shape for every other tool.</summary>
/// <param name="before">The calls of the part before, which later ones refer to.</param>
internal sealed class OpenCalls(ResponseId response, ResponseOutput output, ResponseSequence sequence, OpenCalls? before = null)
{
    public const string SearchTool = "search_web";

    /// <summary>The label of this server's own tools.</summary>
    public const string OwnLabel = "funcchat";

    private readonly Dictionary<string, (int Index, string ItemId, bool IsSearch)> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _arguments = before?._arguments ?? new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _approvals = before?._approvals ?? new(StringComparer.Ordinal);
    private readonly List<CitationEvent> _found = [];

    /// <summary>Remembers the arguments of a call that may have no start of its own.</summary>
    public void Note(string callId, string arguments) => _arguments[callId] = arguments;

    /// <summary>Remembers a source: it belongs to the next result.</summary>
    public void Note(CitationEvent source) => _found.Add(source);

    /// <summary>Remembers that a call was approved in answer to this request.</summary>
    public void NoteApproval(ApprovalRequestEvent asked)
    {
        Note(asked.CallId, asked.Arguments);
        _approvals[asked.CallId] = response.ApprovalId(asked.Id);
    }

    public void Start(ToolCallStartEvent call)
    {
        Note(call.Id, call.Arguments);
        Open(call.Id, call.Name);
    }

    public void End(ToolCallResultEvent call)
    {
        // A call that was refused never started, and one that asked the user a question started in an earlier part.
        if (!_open.Remove(call.Id, out var open))
        {
            Open(call.Id, call.Name);
            _open.Remove(call.Id, out open);
        }

        var failed = call.Error == true;
        var status = failed ? ItemStatus.Failed : ItemStatus.Completed;
        if (open.IsSearch)
        {
            if (!failed)
                output.Emit("response.web_search_call.completed", open.Index, open.ItemId);
            output.Finish(open.Index, Search(open.ItemId, call.Id, status, [.. _found.Select(source => new WebSearchSource(source.Url))]));
        }
        else
        {
            output.Emit(failed ? "response.mcp_call.failed" : "response.mcp_call.completed", open.Index, open.ItemId);
            output.Finish(open.Index, Call(open.ItemId, call.Id, call.Name, status, call.Content));
        }

        _found.Clear();
    }

    /// <summary>Ends the calls that have no result, when the response ends.</summary>
    public void CloseAll(Func<string, string> nameOf)
    {
        foreach (var (callId, open) in _open.OrderBy(each => each.Value.Index).ToList())
        {
            output.Finish(
                open.Index,
                open.IsSearch ? Search(open.ItemId, callId, ItemStatus.Incomplete, []) : Call(open.ItemId, callId, nameOf(callId), ItemStatus.Incomplete, null));
        }

        _open.Clear();
    }

    public void Ask(IPersonRequest request)
    {
        if (request is ApprovalRequestEvent asked)
            NoteApproval(asked);
        output.AddWhole(sequence.Next(), ResponseSequence.Json(ItemOf(response, request), ResponsesJson.Relaxed.ApprovalRequestItem));
    }

    /// <summary>The item that asks a person.</summary>
    public static ApprovalRequestItem ItemOf(ResponseId response, IPersonRequest request)
    {
        var (name, arguments) = request switch
        {
            ApprovalRequestEvent approval => (approval.Name, approval.Arguments),
            InputRequestEvent question => ("answer_question", Question(question)),
            _ => ("raise_budget", "{}"),
        };
        return new ApprovalRequestItem(response.ApprovalId(request.Id), LabelOf(name), name, arguments);
    }

    private static string LabelOf(string tool) => ToolName.SourceOf(tool) ?? OwnLabel;

    private static string Question(InputRequestEvent question) =>
        $"{{\"message\":{JsonSerializer.Serialize(question.Message, ResponsesJson.Relaxed.String)},\"schema\":{Encoding.UTF8.GetString(question.Schema.Utf8.Span)}{FieldOf("url", question.Url)}{FieldOf("sign_in", question.SignIn)}}}";

    private static string FieldOf(string name, string? value) => value is null ? "" : $",\"{name}\":{JsonSerializer.Serialize(value, ResponsesJson.Relaxed.String)}";

    private void Open(string callId, string name)
    {
        var isSearch = name == SearchTool;
        var number = sequence.Next();
        var itemId = response.ItemId(isSearch ? "ws" : "mcp", number);
        var index = output.Add(
            number, isSearch ? Search(itemId, callId, ItemStatus.InProgress, []) : Call(itemId, callId, name, ItemStatus.InProgress, null, withArguments: false));
        _open[callId] = (index, itemId, isSearch);
        if (isSearch)
        {
            output.Emit("response.web_search_call.in_progress", index, itemId);
            output.Emit("response.web_search_call.searching", index, itemId);
            return;
        }

        var arguments = ArgumentsOf(callId);
        output.Emit("response.mcp_call.in_progress", index, itemId);
        output.Emit("response.mcp_call_arguments.delta", index, itemId, e => e with { Delta = JsonText.Of(arguments) });
        output.Emit("response.mcp_call_arguments.done", index, itemId, e => e with { Arguments = arguments });
    }

    private string ArgumentsOf(string callId) => _arguments.GetValueOrDefault(callId, "{}");

    private RawJson Search(string itemId, string callId, string status, IReadOnlyList<WebSearchSource> sources) => ResponseSequence.Json(
        new WebSearchItem(itemId, status, new WebSearchAction(QueryIn(ArgumentsOf(callId))) { Sources = sources.Count > 0 ? sources : null }),
        ResponsesJson.Relaxed.WebSearchItem);

    private RawJson Call(string itemId, string callId, string name, string status, string? content, bool withArguments = true) => ResponseSequence.Json(
        new McpCallItem(itemId, status, LabelOf(name), name, withArguments ? ArgumentsOf(callId) : "")
        {
            Output = status == ItemStatus.Completed ? content : null,
            Error = status == ItemStatus.Failed ? new McpCallError([new McpErrorText(content ?? "")]) : null,
            ApprovalRequestId = _approvals.GetValueOrDefault(callId),
        },
        ResponsesJson.Relaxed.McpCallItem);

    private static string QueryIn(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.TryGetProperty("query", out var query) && query.ValueKind == JsonValueKind.String ? query.GetString()! : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return ""; // The model wrote it.
        }
    }
}
