namespace FuncChat.Engine.ToolRuns;

/// <summary>The tool run store failed for longer than a run waits for it.</summary>
public sealed class ToolRunStoreException(string message, Exception innerException) : Exception(message, innerException);
