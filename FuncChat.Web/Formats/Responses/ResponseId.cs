using System.Globalization;
using FuncChat.Engine;
using FuncChat.Engine.Store;

namespace FuncChat.Web.Formats.Responses;

/// <summary>
/// The id of a response: a turn's id and, from the second part of the turn on, a point and the part's number. A turn that is parked for an approval ends a part,
/// since OpenAI's API continues after an approval with another response.
/// </summary>
internal sealed record ResponseId(string TurnId, int Part = 1)
{
    private const string ApprovalPrefix = "mcpr_";
    private const string RequestPrefix = "req_";
    private const int MaxPart = 10_000;

    /// <summary>Returns a new id that is impossible to guess.</summary>
    public static string NewTurnId() => $"resp_{Guid.NewGuid():N}";

    /// <summary>Parses an id; null if no response can have it.</summary>
    public static ResponseId? Parse(string? text)
    {
        if (text is null)
            return null;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var turnId = point < 0 ? text : text[..point];
        var part = 1;
        if (point >= 0 && !(WholeNumber.TryRead(text.AsSpan(point + 1), out part) && part is > 1 and <= MaxPart))
            return null;
        return TurnKey.IsTurnId(turnId) ? new ResponseId(turnId, part) : null;
    }

    /// <summary>The id of an item: the number of the event that adds it makes it unique in the turn.</summary>
    public string ItemId(string prefix, long sequenceNumber) => $"{prefix}_{TurnId}_{sequenceNumber.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Finds the turn of an item; null if the id is not of one.</summary>
    public static string? TurnOfItem(string itemId)
    {
        var (start, end) = (itemId.IndexOf('_', StringComparison.Ordinal) + 1, itemId.LastIndexOf('_'));
        return start > 0 && end > start && TurnKey.IsTurnId(itemId[start..end]) ? itemId[start..end] : null;
    }

    /// <summary>The id of an item that asks for an approval.</summary>
    public string ApprovalId(string requestId) => $"{ApprovalPrefix}{TurnId}_{requestId}";

    /// <summary>Splits the id of an item that asks for an approval; null if it is none.</summary>
    public static (string TurnId, string RequestId)? ParseApproval(string text)
    {
        var end = text.LastIndexOf($"_{RequestPrefix}", StringComparison.Ordinal);
        return text.StartsWith(ApprovalPrefix, StringComparison.Ordinal) && end > ApprovalPrefix.Length && TurnKey.IsTurnId(text[ApprovalPrefix.Length..end])
            ? (text[ApprovalPrefix.Length..end], text[(end + 1)..])
            : null;
    }

    public override string ToString() => Part == 1 ? TurnId : string.Create(CultureInfo.InvariantCulture, $"{TurnId}.{Part}");
}
