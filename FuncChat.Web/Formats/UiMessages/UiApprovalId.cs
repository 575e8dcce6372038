using FuncChat.Engine.Store;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>The id of an approval: the turn and its request, written as `turnId.requestId`.</summary>
internal readonly record struct UiApprovalId(string TurnId, string RequestId)
{
    /// <summary>Parses an id; null if no approval of this server can have it.</summary>
    public static UiApprovalId? Parse(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point > 0 && TurnKey.IsTurnId(text[..point]) ? new UiApprovalId(text[..point], text[(point + 1)..]) : null;
    }

    public override string ToString() => $"{TurnId}.{RequestId}";
}
