namespace FuncChat.Engine.Chat;

/// <summary>
/// Gives the tool calls of one answer the ids that they have in the turn. The id of a run is derived from that of its call, and some providers send none, the same one
/// twice, or a text of any length.
/// </summary>
/// <param name="iteration">The number of the model call.</param>
/// <param name="isTaken">Whether an earlier call of the turn has the id.</param>
internal sealed class TurnCallIds(int iteration, Func<string, bool> isTaken)
{
    private const int LongestId = 128;

    // Of each id that the provider sent, the number for the next call that has it too: a search from the start would take longer for each.
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <param name="id">The id that the provider sent; null for none.</param>
    /// <param name="place">The place of the call in the answer.</param>
    public string Of(string? id, int place)
    {
        if (id is not { Length: > 0 and <= LongestId } || !id.All(IsIdCharacter))
            id = $"call_{iteration}_{place}";
        var own = id;
        var next = _next.GetValueOrDefault(id, 2);
        while (isTaken(own) || !_taken.Add(own))
            own = $"{id}_{next++}";
        _next[id] = next;
        return own;
    }

    private static bool IsIdCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':';
}
