namespace FuncChat.Engine.Models.OpenAi;

/// <summary>
/// Finds the call that a piece of a tool call belongs to. The standard uses `index`, but some providers send none (complete calls, one
/// after another), and some send 0 for every call, so a piece with a name of its own and another id is treated as another call.
/// </summary>
internal sealed class ToolCallAssembler
{
    private readonly Dictionary<int, Call> _byUpstreamIndex = [];
    private readonly Dictionary<string, Call> _byId = new(StringComparer.Ordinal);
    private Call? _last;
    private int _count;

    public bool IsEmpty => _count == 0;

    /// <summary>The index of the call that was placed last.</summary>
    public int LastIndex => _last?.Index ?? 0;

    /// <summary>The piece with its right index, and with id and each part of the name only once for each call; null when it adds nothing.</summary>
    public ToolCallPiece? Place(int? upstreamIndex, string? id, string? name, string? arguments)
    {
        id = NullIfEmpty(id);
        name = NullIfEmpty(name);
        arguments = NullIfEmpty(arguments);

        var call = Find(upstreamIndex, id);
        var isNew = call is null || IsAnother(call, upstreamIndex, id, name);
        if (isNew)
            call = Add(upstreamIndex);

        var newId = call!.Id is null ? id : null;
        var newName = call.AddName(name);
        if (newId is not null)
        {
            call.Id = newId;
            _byId.TryAdd(newId, call);
        }

        call.HasArguments |= arguments is not null;
        _last = call;
        return isNew || newId is not null || newName is not null || arguments is not null
            ? new ToolCallPiece(call.Index, newId, newName, arguments)
            : null;
    }

    private Call Add(int? upstreamIndex)
    {
        var call = new Call(_count++);
        if (upstreamIndex is { } place)
            _byUpstreamIndex[place] = call;
        return call;
    }

    private Call? Find(int? upstreamIndex, string? id) =>
        upstreamIndex is { } place ? _byUpstreamIndex.GetValueOrDefault(place)
        : id is not null && _byId.TryGetValue(id, out var known) ? known
        : _last;

    private static bool IsAnother(Call last, int? upstreamIndex, string? id, string? name)
    {
        if (name is null || !last.IsNamed)
            return false;
        return id is null ? upstreamIndex is null : last.Id is not null && !string.Equals(last.Id, id, StringComparison.Ordinal);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private sealed class Call(int index)
    {
        // No tool has a longer one.
        private const int MaxName = 1024;

        private string _name = "";

        public int Index { get; } = index;

        public string? Id { get; set; }

        public bool IsNamed => _name.Length > 0;

        public bool HasArguments { get; set; }

        // A name may come in parts before the arguments, and some providers repeat it, or what has come of it, with each piece.
        public string? AddName(string? name)
        {
            if (name is null || name == _name || (IsNamed && HasArguments) || _name.Length > MaxName)
                return null;
            var added = name.StartsWith(_name, StringComparison.Ordinal) ? name[_name.Length..] : name;
            _name += added;
            return added;
        }
    }
}
