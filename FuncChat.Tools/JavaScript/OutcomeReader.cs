using System.Globalization;
using System.Text.Json;
using FuncChat.Sandbox;
using FuncChat.Tools.Sandboxes;

namespace FuncChat.Tools.JavaScript;

/// <summary>Determines the outcome from what a child sends, or from its silence.</summary>
internal sealed class OutcomeReader(SandboxProcess child, TimeSpan timeout, JavaScriptOptions options)
{
    private static readonly string[] OutOfMemoryWords = ["out of memory", "std::bad_alloc"];

    private readonly List<string> _console = [];
    private bool _truncated;

    /// <param name="deadline">Cancelled when the child was killed for its time.</param>
    public async Task<ScriptOutcome> ReadAsync(CancellationToken deadline)
    {
        try
        {
            while (await child.ReadAsync() is { } frame)
            {
                if (Take(frame) is { } outcome)
                    return outcome;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or IOException)
        {
            return Crashed();
        }

        return deadline.IsCancellationRequested ? TimedOut() : await SilentEndAsync();
    }

    private ScriptOutcome? Take(Frame frame)
    {
        switch (frame.Kind)
        {
            case SandboxProtocol.ConsoleLine:
                _console.Add(frame.Text);
                return null;
            case SandboxProtocol.Truncated:
                _truncated = true;
                return null;
            case SandboxProtocol.Value:
                using (var json = JsonDocument.Parse(frame.Text))
                    return new ScriptOutcome(ScriptEnd.Value, _console, _truncated) { Value = json.RootElement.Clone() };
            case SandboxProtocol.Error:
                return Failed(ScriptEnd.Error, frame.Text);
            case SandboxProtocol.TimedOut:
                return TimedOut();
            case SandboxProtocol.OutOfMemory:
                return OutOfMemory();
            default:
                return Crashed();
        }
    }

    /// <summary>The engine and the runtime write to standard error why they gave up.</summary>
    private async Task<ScriptOutcome> SilentEndAsync()
    {
        child.Kill();
        var errors = await child.ReadErrorsAsync();
        return OutOfMemoryWords.Any(words => errors.Contains(words, StringComparison.OrdinalIgnoreCase)) ? OutOfMemory() : Crashed();
    }

    private ScriptOutcome TimedOut() => Failed(
        ScriptEnd.TimedOut,
        string.Create(CultureInfo.InvariantCulture, $"The script ran longer than {timeout.TotalSeconds} s and was stopped."));

    private ScriptOutcome OutOfMemory() => Failed(
        ScriptEnd.OutOfMemory,
        string.Create(CultureInfo.InvariantCulture, $"The script needed more than {options.MemoryMegabytes} MB of memory and was stopped."));

    private ScriptOutcome Crashed() => Failed(
        ScriptEnd.Crashed,
        "The script crashed the JavaScript engine. It most likely needed too much memory.");

    private ScriptOutcome Failed(ScriptEnd end, string failure) => new(end, _console, _truncated) { Failure = failure };
}
