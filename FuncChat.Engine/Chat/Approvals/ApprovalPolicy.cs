using FuncChat.Engine.Turns;
using FuncChat.Tools;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Chat.Approvals;

/// <summary>Decides which tool calls need a person's approval.</summary>
public sealed class ApprovalPolicy(IOptions<ApprovalOptions> approvals, IOptions<TurnOptions> turns)
{
    // A tie is decided by the order: the strictest mode first.
    private readonly (string Pattern, ApprovalMode Mode)[] _patterns =
    [
        .. approvals.Value.Always.Select(pattern => (pattern, ApprovalMode.Always)),
        .. approvals.Value.Annotation.Select(pattern => (pattern, ApprovalMode.Annotation)),
        .. approvals.Value.Never.Select(pattern => (pattern, ApprovalMode.Never)),
    ];

    /// <summary>How long a request waits. A turn that is removed can't be answered.</summary>
    public TimeSpan Expiry { get; } = approvals.Value.Expiry < turns.Value.Retention ? approvals.Value.Expiry : turns.Value.Retention;

    /// <summary>Whether members of a role approve the calls, and not each user their own.</summary>
    public bool IsByRole => approvals.Value.Approvers.Count > 0;

    /// <summary>Whether a client without a turn, which asks its own user, may call the tool: no other approval is required.</summary>
    public bool AllowsDirectCalls(Tool tool) => ModeOf(tool) switch
    {
        ApprovalMode.Never => true,
        ApprovalMode.Annotation => !IsByRole,
        _ => false,
    };

    /// <summary>When the tool's calls need an approval.</summary>
    public ApprovalMode ModeOf(Tool tool)
    {
        var mode = SettingOf(tool);
        return mode == ApprovalMode.Annotation && tool.Policy.ReadOnly ? ApprovalMode.Never : mode;
    }

    /// <summary>Whether a person may be asked about the tool for another reason, even if its calls need no approval. Not where the settings say `Never`.</summary>
    public bool AsksAbout(Tool tool) => SettingOf(tool) != ApprovalMode.Never;

    private ApprovalMode SettingOf(Tool tool) => _patterns.Where(each => ToolNamePattern.Matches(each.Pattern, tool.Name))
        .OrderByDescending(each => each.Pattern.Length)
        .Select(each => (ApprovalMode?)each.Mode).FirstOrDefault() ?? approvals.Value.Default;
}
