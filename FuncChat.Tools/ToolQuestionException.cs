using System.Text.Json;

namespace FuncChat.Tools;

/// <summary>Ends a run that asks the person a question (<see cref="IToolRun.Ask"/>).</summary>
public sealed class ToolQuestionException(string message, JsonElement schema) : Exception(message)
{
    /// <summary>A question whose answer is the confirmation that the person did something, an object without properties.</summary>
    public ToolQuestionException(string message, OutsideAction action) : this(message, JsonElement.Parse("""{"type":"object","properties":{}}""")) => Action = action;

    /// <summary>The JSON Schema of the answer.</summary>
    public JsonElement Schema => schema;

    /// <summary>What the person is asked to do; null for a form.</summary>
    public OutsideAction? Action { get; }
}
