namespace FuncChat.Engine.Models.OpenAi;

/// <summary>
/// Tells which call a piece of a tool call belongs to. By the standard its `index` does. But some providers send none (whole calls, one
/// after another), and some send 0 for every call, so a piece with a name of its own and another id is taken for another call.
/// </summary>
internal sealed class ToolCallAssembler
{
    private readonly List<Call> _calls = [];

    public bool IsEmpty => _calls.Count == 0;

    /// <summary>The piece with its right index, and with id and name only once for each call; null when nothing new is in it.</summary>
    public ToolCallPiece? Place(int? upstreamIndex, string? id, string? name, string? arguments)
    {
        id = NullIfEmpty(id);
        name = NullIfEmpty(name);
        arguments = NullIfEmpty(arguments);

        var call = Find(upstreamIndex, id);
        var isNew = call is null || IsAnother(call, upstreamIndex, id, name);
        if (isNew)
        {
            call = new Call(_calls.Count, upstreamIndex);
            _calls.Add(call);
        }

        var newId = call!.Id is null ? id : null;
        var newName = call.IsNamed ? null : name;
        call.Id ??= id;
        call.IsNamed |= name is not null;
        return isNew || newId is not null || newName is not null || arguments is not null
            ? new ToolCallPiece(call.Index, newId, newName, arguments)
            : null;
    }

    private Call? Find(int? upstreamIndex, string? id) =>
        upstreamIndex is not null ? _calls.FindLast(call => call.UpstreamIndex == upstreamIndex)
        : id is not null && _calls.Find(call => string.Equals(call.Id, id, StringComparison.Ordinal)) is { } known ? known
        : _calls.LastOrDefault();

    private static bool IsAnother(Call last, int? upstreamIndex, string? id, string? name)
    {
        if (name is null || !last.IsNamed)
            return false;
        return id is null ? upstreamIndex is null : last.Id is not null && !string.Equals(last.Id, id, StringComparison.Ordinal);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private sealed class Call(int index, int? upstreamIndex)
    {
        public int Index { get; } = index;

        public int? UpstreamIndex { get; } = upstreamIndex;

        public string? Id { get; set; }

        public bool IsNamed { get; set; }
    }
}
