namespace FuncChat.Sandbox.Scripts;

/// <summary>A failure of the script that has no JavaScript error; the message is for the model.</summary>
internal sealed class ScriptException(string message) : Exception(message);
