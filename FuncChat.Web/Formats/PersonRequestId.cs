using FuncChat.Engine.Store;

namespace FuncChat.Web.Formats;

/// <summary>The id of a request to a person, for clients that answer it without naming the turn: `turnId.requestId`.</summary>
internal readonly record struct PersonRequestId(string TurnId, string RequestId)
{
    /// <summary>Parses an id; null if no request of this server can have it.</summary>
    public static PersonRequestId? Parse(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return point > 0 && TurnKey.IsTurnId(text[..point]) ? new PersonRequestId(text[..point], text[(point + 1)..]) : null;
    }

    public override string ToString() => $"{TurnId}.{RequestId}";
}
