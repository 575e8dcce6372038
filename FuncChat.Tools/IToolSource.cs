namespace FuncChat.Tools;

/// <summary>The port to where tools come from, other than this program: an MCP server, an HTTP API.</summary>
public interface IToolSource
{
    /// <summary>The prefix of its tools' names (<see cref="ToolName"/>).</summary>
    string Name { get; }

    /// <summary>The tools that the user may use, always in the same order. Called for each request, so a source keeps its list.</summary>
    /// <exception cref="ToolSourceException">The source is unavailable.</exception>
    ValueTask<IReadOnlyList<Tool>> ListAsync(ToolUser user, CancellationToken cancellationToken);
}

/// <summary>A source of tools is unavailable. The message is for the model and the user: it contains no address and no credential.</summary>
public sealed class ToolSourceException(string message, Exception? innerException = null) : Exception(message, innerException);
