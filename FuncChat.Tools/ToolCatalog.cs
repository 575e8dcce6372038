namespace FuncChat.Tools;

/// <summary>The tools of all sources. A source that is unavailable costs its own tools only.</summary>
public sealed class ToolCatalog
{
    private readonly BuiltInTools _builtIn;
    private readonly Dictionary<string, IToolSource> _sources;

    /// <param name="others">The sources other than the built-in tools.</param>
    public ToolCatalog(BuiltInTools builtIn, IEnumerable<IToolSource> others)
    {
        _builtIn = builtIn;
        _sources = others.DistinctBy(source => source.Name, StringComparer.Ordinal).ToDictionary(source => source.Name, StringComparer.Ordinal);
    }

    public ToolCatalog(IEnumerable<Tool> builtIn) : this(new BuiltInTools(builtIn), []) { }

    /// <summary>Every tool that the user may use: the built-in ones first, then source by source. Sources that are unavailable are left out.</summary>
    public async ValueTask<IReadOnlyList<Tool>> ListAsync(ToolUser user, CancellationToken cancellationToken)
    {
        if (_sources.Count == 0)
            return _builtIn.All;
        var others = await Task.WhenAll(_sources.Values.Select(source => TryListAsync(source, user, cancellationToken)));
        return [.. _builtIn.All, .. others.SelectMany(tools => tools)];
    }

    /// <summary>The tool; null where its source does not have it, or no longer as it was when the reference was made.</summary>
    /// <exception cref="ToolSourceException">The tool's source is unavailable.</exception>
    public async ValueTask<Tool?> OpenAsync(ToolRef reference, ToolUser user, CancellationToken cancellationToken)
    {
        if (_builtIn.Find(reference.Name) is { } builtIn)
            return builtIn;
        if (reference.Source is not { } name || !_sources.TryGetValue(name, out var source))
            return null;
        var tools = await source.ListAsync(user, cancellationToken);
        var tool = tools.FirstOrDefault(tool => tool.Name == reference.Name);
        return reference.SchemaHash is null || tool?.Reference.SchemaHash == reference.SchemaHash ? tool : null;
    }

    /// <summary>Whether this server may have a tool to which the pattern applies: a built-in one, or any of another source, which may be unavailable.</summary>
    /// <param name="pattern">A name, in which `*` stands for any characters.</param>
    /// <param name="matches">Whether a pattern applies to a name.</param>
    public bool MayHave(string pattern, Func<string, string, bool> matches)
    {
        if (_builtIn.All.Any(tool => matches(pattern, tool.Name)))
            return true;
        var start = pattern.Split('*')[0];
        var isWhole = start.Length == pattern.Length;
        return _sources.Keys.Select(source => $"{source}{ToolName.Separator}")
            .Any(prefix => start.StartsWith(prefix, StringComparison.Ordinal) || (!isWhole && prefix.StartsWith(start, StringComparison.Ordinal)));
    }

    public bool IsBuiltIn(string name) => _builtIn.Find(name) is not null;

    /// <summary>Whether results of a tool of this name come from outside, also where its source no longer exists.</summary>
    public bool ReturnsUntrusted(string name) => _builtIn.Find(name) is { } tool ? tool.Policy.ReturnsUntrusted : ToolName.SourceOf(name) is not null;

    /// <summary>Whether results of a tool of this name list their sources (<see cref="ToolPolicy.ReturnsSources"/>). Only built-in tools declare it.</summary>
    public bool ReturnsSources(string name) => _builtIn.Find(name) is { Policy.ReturnsSources: true };

    private static async Task<IReadOnlyList<Tool>> TryListAsync(IToolSource source, ToolUser user, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ListAsync(user, cancellationToken);
        }
        catch (ToolSourceException)
        {
            return [];
        }
    }
}
