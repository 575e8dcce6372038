namespace FuncChat.Tools;

/// <summary>The tools of this program, in the order of registration.</summary>
public sealed class BuiltInTools(IEnumerable<Tool> tools) : IToolSource
{
    private readonly IReadOnlyList<Tool> _tools = [.. tools];

    public string? Name => null;

    public ValueTask<IReadOnlyList<Tool>> ListAsync(ToolUser user, CancellationToken cancellationToken) => new(_tools);

    internal Tool? Find(string name) => _tools.FirstOrDefault(tool => tool.Name == name);
}
