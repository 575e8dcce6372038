using FuncChat.Engine.Events;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tools;

namespace FuncChat.Engine.Chat.Approvals;

/// <summary>What happens to a tool call next.</summary>
internal enum CallVerdict
{
    /// <summary>It runs.</summary>
    Run,

    /// <summary>A person must be asked first.</summary>
    Ask,

    /// <summary>It waits for the person's answer.</summary>
    Wait,

    /// <summary>It does not run, as the person decided.</summary>
    Deny,

    /// <summary>It does not run: the model made up the address that it fetches, and no person can be asked.</summary>
    RefuseAddress,
}

/// <summary>The approvals of the tool calls of one turn.</summary>
/// <param name="owner">The id of the user whose turn it is.</param>
/// <param name="approvedTools">Patterns of the tools whose calls the user has approved for this chat. They do not count where a role approves.</param>
/// <param name="mayAsk">Whether the client can answer requests: one that can't return to the turn can't.</param>
internal sealed class ToolApprovals(
    ApprovalPolicy policy, string owner, IReadOnlyList<string> approvedTools, bool mayAsk, PersonRequests requests, TimeProvider time)
{
    private const int MaxQuestions = 10;
    private const int MaxMessage = 4000;
    private const int MaxSchemaBytes = 64 * 1024;

    /// <summary>The names of the tools whose calls each need an approval, whatever the settings say.</summary>
    public IReadOnlyList<string> AskedTools { get; init; } = [];

    /// <summary>What the person's answers decide, whatever has become of the tool meanwhile; null if the call has no request, or was approved.</summary>
    public CallVerdict? AnswerTo(ToolCall call) =>
        requests.Of(call.Id).Any(request => request.Answer is null) ? CallVerdict.Wait
        : RequestOf(call) is { Answer.Type: not SignalType.Approve } ? CallVerdict.Deny
        : null;

    /// <summary>What happens to a call that neither waits nor was denied (<see cref="AnswerTo"/>).</summary>
    /// <param name="isMadeUp">The call fetches an address that the model made up (<see cref="AddressCheck"/>).</param>
    public CallVerdict VerdictOn(ToolCall call, Tool tool, bool isMadeUp)
    {
        if (RequestOf(call) is not null)
            return CallVerdict.Run;
        if (isMadeUp)
            return mayAsk && (policy.AsksAbout(tool) || AskedTools.Contains(tool.Name)) ? CallVerdict.Ask : CallVerdict.RefuseAddress;
        return ModeOf(tool) switch
        {
            ApprovalMode.Never => CallVerdict.Run,
            ApprovalMode.Annotation when IsApprovedForTurn(tool) || IsApprovedForChat(tool) => CallVerdict.Run,
            _ => CallVerdict.Ask,
        };
    }

    public ApprovalRequestEvent Ask(ToolCall call, Tool tool, string arguments, bool isMadeUp)
    {
        var always = ModeOf(tool) == ApprovalMode.Always;
        var (code, reason) = isMadeUp ? ("made_up_address", AddressCheck.Reason)
            : always ? ("each_call", "Each call of this tool needs an approval.")
            : tool.Policy.Destructive ? ("deletes", "This tool may delete or overwrite something.")
            : ("changes", "This tool may change something.");
        return new ApprovalRequestEvent(requests.NextId, call.Id, tool.Name, arguments, time.GetUtcNow() + policy.Expiry)
        {
            Reason = reason,
            ReasonCode = code,
            AllowsAlways = always || isMadeUp ? null : true,
            Owner = policy.IsByRole ? owner : null,
        };
    }

    /// <summary>Asks the person the question of a call; null if the call has asked too many.</summary>
    public InputRequestEvent? Ask(ToolCall call, ToolQuestion question) =>
        AnswersTo(call).Count >= MaxQuestions || question.Schema.Utf8.Length > MaxSchemaBytes
            ? null
            : new InputRequestEvent(
                requests.NextId, call.Id, TextCut.Ellipsize(question.Message, MaxMessage), question.Schema, time.GetUtcNow() + policy.Expiry)
            {
                Url = question.Url,
                SignIn = question.SignIn,
            };

    /// <summary>The person's answers to the questions of a call.</summary>
    public IReadOnlyList<ToolAnswer> AnswersTo(ToolCall call) =>
    [
        .. from request in requests.Of(call.Id)
           where request.Event is InputRequestEvent && request.Answer is not null
           select new ToolAnswer(request.Answer!.Content),
    ];

    /// <summary>The number of runs of a call that have ended with a question, or with a request to raise a budget, that was answered.</summary>
    public int RunsBefore(ToolCall call) => requests.Of(call.Id).Count(request => request.Event is not ApprovalRequestEvent && request.Answer is not null);

    /// <summary>The arguments to run the call with: those that the person changed, or the model's.</summary>
    public string ArgumentsOf(ToolCall call, string arguments) => RequestOf(call)?.Answer?.Arguments ?? arguments;

    /// <summary>What the model reads in place of the result of a denied call.</summary>
    public string DenialOf(ToolCall call) => RequestOf(call)!.Answer! switch
    {
        { Type: SignalType.Expired } => "The call was not approved in time, so it did not run. Continue without it.",
        { Reason: { Length: > 0 } reason } => $"The user denied the call, so it did not run. The reason: {reason}",
        _ => "The user denied the call, so it did not run. Do not retry it; continue without it, or ask the user.",
    };

    /// <summary>A note to the model on a call that ran with other arguments than its own; null if it did not.</summary>
    public string? NoteOn(ToolCall call) => RequestOf(call)?.Answer?.Arguments is { } changed
        ? $"\n[The user approved the call with other arguments, and this is their result: {changed}]"
        : null;

    private ApprovalMode ModeOf(Tool tool) => AskedTools.Contains(tool.Name) ? ApprovalMode.Always : policy.ModeOf(tool);

    // What users approved in their own turns before others were made approvers no longer counts. A request has an owner where a role approves.
    private bool IsApprovedForTurn(Tool tool) => requests.AlwaysApproved(tool.Name)
        .Any(request => !policy.IsByRole || request.Answer!.By != owner || ((ApprovalRequestEvent)request.Event).Owner is not null);

    private bool IsApprovedForChat(Tool tool) => !policy.IsByRole && approvedTools.Any(pattern => ToolNamePattern.Matches(pattern, tool.Name));

    private PersonRequest? RequestOf(ToolCall call) => requests.Of(call.Id).FirstOrDefault(request => request.Event is ApprovalRequestEvent);
}
