namespace FuncChat.Tools;

/// <summary>A tool's failure. The message is a sentence for the model and the person: what went wrong, and what to do instead.</summary>
public sealed class ToolException(string message, Exception? innerException = null) : Exception(message, innerException);
