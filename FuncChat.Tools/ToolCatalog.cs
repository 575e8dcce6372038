using System.Diagnostics.CodeAnalysis;

namespace FuncChat.Tools;

/// <summary>The tools that this server has, by name.</summary>
public sealed class ToolCatalog
{
    private readonly Dictionary<string, Tool> _tools;

    public ToolCatalog(IEnumerable<Tool> tools)
    {
        All = [.. tools];
        _tools = All.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    }

    /// <summary>Every tool, in the order of registration.</summary>
    public IReadOnlyList<Tool> All { get; }

    public bool TryGet(string name, [NotNullWhen(true)] out Tool? tool) => _tools.TryGetValue(name, out tool);
}
