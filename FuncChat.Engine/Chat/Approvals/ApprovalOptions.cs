using System.ComponentModel.DataAnnotations;
using FuncChat.Tools.Configuration;

namespace FuncChat.Engine.Chat.Approvals;

/// <summary>Which tool calls need a person's approval, and who may give it. Bound from `FuncChat:Approvals`.</summary>
/// <remarks>In the lists, `*` stands for any characters. The longest pattern that matches a tool's name applies.</remarks>
public sealed record ApprovalOptions
{
    public const string Section = "FuncChat:Approvals";

    /// <summary>For tools that no list names: `Annotation` (tools that only read need no approval, all others do), `Always` or `Never`. Default `Annotation`.</summary>
    public ApprovalMode Default { get; set; } = ApprovalMode.Annotation;

    /// <summary>The tools of which each call needs an approval, separated by commas.</summary>
    [Example("github__delete_*")]
    public IReadOnlyList<string> Always { get; set; } = [];

    /// <summary>The tools that need no approval, separated by commas.</summary>
    [Example("github__get_*,github__list_*")]
    public IReadOnlyList<string> Never { get; set; } = [];

    /// <summary>The tools that need an approval unless they only read, separated by commas.</summary>
    [Example("github__*")]
    public IReadOnlyList<string> Annotation { get; set; } = [];

    /// <summary>How long a request waits for its answer; then it counts as denied. At most `FuncChat__Turns__Retention`. Default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan Expiry { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The app roles and groups whose members approve tool calls, for their own turns and those of others; `key:name` is an API key. By default users approve the
    /// calls of their own turns.
    /// </summary>
    [Example("Approvers")]
    public IReadOnlyList<string> Approvers { get; set; } = [];
}
