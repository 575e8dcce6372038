using System.Globalization;
using FuncChat.Engine;
using FuncChat.Engine.Store;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>
/// Identifies the stream of one response, so that a client that counts its chunks can continue it: the turn, the event after which the stream began, and the
/// event up to which text that a crash made void was left out. Written as `turnId`, `turnId.57` or `turnId.57.99`.
/// </summary>
internal readonly record struct UiRunId(string TurnId, long After = 0, long FoldedTo = 0)
{
    /// <summary>Parses an id; false if no response can have it.</summary>
    public static bool TryParse(string text, out UiRunId id)
    {
        id = default;
        var parts = text.Split('.');
        long after = 0, foldedTo = 0;
        if (parts.Length > 3 || !TurnKey.IsTurnId(parts[0]) || !TryRead(1, out after) || !TryRead(2, out foldedTo))
            return false;
        id = new UiRunId(parts[0], after, foldedTo);
        return true;

        bool TryRead(int place, out long number)
        {
            number = 0;
            return place >= parts.Length || WholeNumber.TryRead(parts[place], out number);
        }
    }

    public override string ToString() => (After, FoldedTo) switch
    {
        (0, 0) => TurnId,
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{TurnId}.{After}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{TurnId}.{After}.{FoldedTo}"),
    };
}
