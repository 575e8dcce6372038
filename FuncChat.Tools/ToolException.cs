namespace FuncChat.Tools;

/// <summary>A tool's failure. The message is a sentence for the model and the person: what went wrong, and what to do instead.</summary>
public sealed class ToolException : Exception
{
    public ToolException(string message) : base(message) { }

    public ToolException(string message, Exception innerException) : base(message, innerException) { }

    public ToolException() : base("The tool failed.") { }
}
