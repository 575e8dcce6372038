namespace FuncChat.Engine.Models;

/// <summary>The ids of tool calls in one request. Turns whose model sent none have the same ids, and some providers refuse an id that a conversation has twice.</summary>
internal sealed class SentCallIds(ToolCallIdForm form = ToolCallIdForm.Usual)
{
    private readonly Dictionary<string, string> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    // Of each id, the number for the next call that has it too: a search from the start would take longer for each.
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    /// <summary>The id to send for a call.</summary>
    /// <param name="original">The id that the model itself chose, which is sent as it is; null for another form of the turn's.</param>
    public string Add(string id, string? original = null)
    {
        var sent = original ?? ToolCallIds.ToForm(id, form);
        while (!_taken.Add(sent) && original is null)
        {
            var next = _next.GetValueOrDefault(id, 2);
            _next[id] = next + 1;
            sent = ToolCallIds.ToForm($"{id}_{next}", form);
        }

        return _sent[id] = sent;
    }

    /// <summary>The id to send with the result of a call: that of the last call with the id.</summary>
    public string Of(string id) => _sent.GetValueOrDefault(id) ?? ToolCallIds.ToForm(id, form);
}
