using System.Text.Json;

namespace FuncChat.Tools;

/// <summary>
/// One run of a tool, as the tool sees it. A tool method that takes an <see cref="IToolRun"/> is handed the run it is
/// part of; the parameter is not in the schema that the model sees.
/// </summary>
public interface IToolRun
{
    /// <summary>
    /// The run's id, derived from user, turn and tool call. A run may be carried out again after a crash, under the same
    /// id: whatever a tool does outside of this process is keyed by it.
    /// </summary>
    string Id { get; }

    /// <summary>The user whose turn the run is part of; unknown where it was started on another instance.</summary>
    ToolUser User { get; }

    /// <summary>Reports the run's progress. Only the latest report counts; never blocks.</summary>
    /// <param name="message">A few words for a person, such as "3 of 6 pages read".</param>
    /// <param name="completed">Steps done, where they can be counted.</param>
    /// <param name="total">Steps in all, where that is known.</param>
    void Report(string message, int? completed = null, int? total = null);

    /// <summary>Asks the turn's own model. The turn's followers see the call, and its tokens are counted.</summary>
    /// <param name="phase">What the call is for, in snake_case, such as "page_summary".</param>
    /// <param name="instructions">The system message.</param>
    /// <param name="prompt">The user message. Text from the web in it is wrapped by <see cref="UntrustedText"/>.</param>
    /// <exception cref="ToolException">The model could not answer; the message says why.</exception>
    Task<string> AskModelAsync(string phase, string instructions, string prompt, CancellationToken cancellationToken);

    /// <summary>
    /// Does one step of a long run, once: where the run is carried out again, a step that had ended gives what it gave then.
    /// The result must survive System.Text.Json. A step that throws is not recorded.
    /// </summary>
    /// <param name="name">The step's name, unique and the same in each carrying out of the run.</param>
    Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken);

    /// <summary>
    /// Asks the person a question. If it has not been answered yet, the run ends here: the turn waits, for hours if need be, and the call then runs again from its
    /// start, where this returns the answer. A tool asks the same questions in the same order each time.
    /// </summary>
    /// <param name="message">The question.</param>
    /// <param name="schema">The JSON Schema of the answer: an object with properties of simple types.</param>
    /// <returns>The answer, which matches the schema; null if the person declined or did not answer in time.</returns>
    /// <exception cref="ToolException">No person can be asked.</exception>
    JsonElement? Ask(string message, JsonElement schema) => throw new ToolException("The tool asks the user a question, which is not possible here.");
}
