namespace FuncChat.Engine.Chat;

/// <summary>The types of signals that answer a request, as they appear in signals and in `request_answered`.</summary>
public static class SignalType
{
    public const string Approve = "approve";
    public const string Deny = "deny";
    public const string Answer = "answer";

    /// <summary>Only in `request_answered`: the request expired.</summary>
    internal const string Expired = "expired";
}
