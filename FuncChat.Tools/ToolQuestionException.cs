using System.Text.Json;

namespace FuncChat.Tools;

/// <summary>Ends a run that asks the person a question (<see cref="IToolRun.Ask"/>).</summary>
public sealed class ToolQuestionException(string message, JsonElement schema) : Exception(message)
{
    /// <summary>The JSON Schema of the answer.</summary>
    public JsonElement Schema => schema;
}
