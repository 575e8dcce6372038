using System.Text.Json;

namespace FuncChat.Tools;

/// <summary>
/// One run of a tool, as the tool sees it. A tool method with a parameter of type <see cref="IToolRun"/> receives its run; the parameter is not in the schema
/// that the model sees.
/// </summary>
public interface IToolRun
{
    /// <summary>
    /// The run's id, derived from user, turn and tool call. A run may be repeated after a crash, under the same id: key whatever a tool does outside of this
    /// process by it.
    /// </summary>
    string Id { get; }

    /// <summary>The user whose turn the run is part of; unknown if the run was started on another instance.</summary>
    ToolUser User { get; }

    /// <summary>Reports the run's progress. Only the latest report counts; never blocks.</summary>
    /// <param name="message">A few words for a person, such as "3 of 6 pages read".</param>
    /// <param name="completed">The number of completed steps, if they can be counted.</param>
    /// <param name="total">The number of all steps, if it is known.</param>
    void Report(string message, int? completed = null, int? total = null);

    /// <summary>
    /// Calls the turn's own model. The turn's followers see the call, and its tokens are counted. If a budget must be raised first, the run ends here and the call
    /// runs again, as with <see cref="Ask"/>: make each call in a step of its own.
    /// </summary>
    /// <param name="phase">What the call is for, in snake_case, such as "page_summary".</param>
    /// <param name="instructions">The system message.</param>
    /// <param name="prompt">The user message. Wrap text from the web in it by <see cref="UntrustedText"/>.</param>
    /// <exception cref="ToolException">The model did not answer; the message has the reason.</exception>
    Task<string> AskModelAsync(string phase, string instructions, string prompt, CancellationToken cancellationToken);

    /// <summary>
    /// Runs one step of the run once: if a long run is repeated after a crash, or any run after it waited for a person, a step that had completed
    /// returns its earlier result. The result must survive System.Text.Json. A step that throws is not stored.
    /// </summary>
    /// <param name="name">The step's name: unique in the run, and the same each time.</param>
    Task<T> StepAsync<T>(string name, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken);

    /// <summary>Keeps an image that the tool returns as a file of the user, so that its result can refer to it by an id.</summary>
    /// <returns>The file's id; null if the image can't be kept: it is of no accepted type, the user has no room for it, or the user is unknown.</returns>
    Task<string?> KeepImageAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Reads one of the user's files, whose content stays in memory until the run ends.</summary>
    /// <param name="idOrName">The file's id, or its name: of several with the name, the newest.</param>
    /// <returns>The file; null if the user has none like this, or is unknown.</returns>
    /// <exception cref="ToolException">The file can't be read at the moment.</exception>
    Task<UserFile?> ReadFileAsync(string idOrName, CancellationToken cancellationToken) => Task.FromResult<UserFile?>(null);

    /// <summary>
    /// Asks the person a question. If it has not been answered yet, the run ends here: the turn waits, for hours if need be, and the call then runs again from its
    /// start, where this method returns the answer. A tool asks the same questions in the same order each time.
    /// </summary>
    /// <param name="message">The question.</param>
    /// <param name="schema">The JSON Schema of the answer: an object with properties of simple types.</param>
    /// <returns>The answer, which matches the schema; null if the person declined or did not answer in time.</returns>
    /// <exception cref="ToolException">No person can be asked.</exception>
    JsonElement? Ask(string message, JsonElement schema) => throw new ToolException("The tool asks the user a question, which is not possible here.");

    /// <summary>Asks the person to do something outside of the chat, and waits for a confirmation as <see cref="Ask"/> waits for an answer.</summary>
    /// <returns>Whether the person confirmed it; false if the person declined or did not answer in time.</returns>
    /// <exception cref="ToolException">No person can be asked.</exception>
    bool AskToAct(string message, OutsideAction action) => throw new ToolException("The tool asks the user to do something, which is not possible here.");
}
