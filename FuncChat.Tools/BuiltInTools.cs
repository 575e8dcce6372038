namespace FuncChat.Tools;

/// <summary>The tools of this program, in the order of registration.</summary>
public sealed class BuiltInTools(IEnumerable<Tool> tools)
{
    public IReadOnlyList<Tool> All { get; } = [.. tools];

    internal Tool? Find(string name) => All.FirstOrDefault(tool => tool.Name == name);
}
