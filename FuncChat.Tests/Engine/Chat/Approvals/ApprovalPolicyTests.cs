using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Turns;
using FuncChat.Tools;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Engine.Chat.Approvals;

public sealed class ApprovalPolicyTests
{
    [Theory]
    [InlineData(ApprovalMode.Annotation, true, ApprovalMode.Never)]
    [InlineData(ApprovalMode.Annotation, false, ApprovalMode.Annotation)]
    [InlineData(ApprovalMode.Always, true, ApprovalMode.Always)]
    [InlineData(ApprovalMode.Never, false, ApprovalMode.Never)]
    public void Default_applies_to_tools_that_no_pattern_names(ApprovalMode mode, bool readOnly, ApprovalMode expected) =>
        Assert.Equal(expected, Policy(new ApprovalOptions { Default = mode, Always = ["other"], Never = ["another*"] }).ModeOf(Tool("github__get", readOnly)));

    [Theory]
    [InlineData("github__get_issue", ApprovalMode.Never)]
    [InlineData("github__delete_repo", ApprovalMode.Always)]
    [InlineData("github__delete_draft", ApprovalMode.Never)]
    [InlineData("github__create_issue", ApprovalMode.Annotation)]
    [InlineData("jira__create_issue", ApprovalMode.Always)]
    public void Longest_pattern_that_matches_the_name_applies(string name, ApprovalMode expected) => Assert.Equal(expected, Policy(new ApprovalOptions
    {
        Default = ApprovalMode.Always,
        Annotation = ["github__*"],
        Never = ["github__get_*", "github__delete_draft"],
        Always = ["github__delete_*"],
    }).ModeOf(Tool(name)));

    [Fact]
    public void Strictest_of_two_patterns_of_the_same_length_applies() => Assert.Equal(
        ApprovalMode.Always, Policy(new ApprovalOptions { Never = ["mail__s*"], Annotation = ["mail__s*"], Always = ["mail__s*"] }).ModeOf(Tool("mail__send")));

    [Theory]
    [InlineData("*", "send", true)]
    [InlineData("send", "send", true)]
    [InlineData("send", "send_all", false)]
    [InlineData("*__send", "mail__send", true)]
    [InlineData("mail__*_all", "mail__send_all", true)]
    [InlineData("mail__*_all", "mail__all", false)]
    [InlineData("a*a", "a", false)]
    [InlineData("a*b*c", "a-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("Mail__*", "mail__send", false)]
    public void Star_stands_for_any_characters(string pattern, string name, bool matches) => Assert.Equal(matches, ToolNamePattern.Matches(pattern, name));

    [Theory]
    [InlineData(ApprovalMode.Never, false, true)]
    [InlineData(ApprovalMode.Annotation, false, true)]
    [InlineData(ApprovalMode.Annotation, true, false)]
    [InlineData(ApprovalMode.Always, false, false)]
    public void Client_that_asks_its_own_user_may_call_what_needs_no_other_approval(ApprovalMode mode, bool byRole, bool allowed) => Assert.Equal(
        allowed, Policy(new ApprovalOptions { Default = mode, Approvers = byRole ? ["Approvers"] : [] }).AllowsDirectCalls(Tool("send")));

    private static ApprovalPolicy Policy(ApprovalOptions options) => new(Options.Create(options), Options.Create(new TurnOptions()));

    private static Tool Tool(string name, bool readOnly = false) => FuncChat.Tools.Tool.FromMethod(() => "", name, "A tool.", readOnly: readOnly);
}
