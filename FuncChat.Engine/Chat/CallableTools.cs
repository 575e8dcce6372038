using FuncChat.Tools;

namespace FuncChat.Engine.Chat;

/// <summary>The tools that the model of a turn may call.</summary>
/// <param name="own">Those of this server.</param>
/// <param name="gone">The names of those that the turn began with and that can't be opened any more.</param>
/// <param name="others">The names of those that the client runs.</param>
internal sealed class CallableTools(IReadOnlyList<Tool> own, IEnumerable<string> gone, IEnumerable<string> others)
{
    public Tool? Find(string name) => own.FirstOrDefault(tool => tool.Name == name);

    /// <summary>What the model reads when it has called a tool that is not there.</summary>
    public string ErrorOf(string name)
    {
        if (gone.Contains(name))
            return "The call did not run: the tool is not available any more. It has changed or was removed since this turn began, or its server can't be reached. Continue without it.";
        var names = string.Join(", ", own.Select(tool => tool.Name).Concat(others));
        return names.Length > 0 ? $"Unknown tool. Available tools: {names}." : "No tools are available in this chat. Answer without them.";
    }
}
