using System.Globalization;
using System.Text.Json;
using FuncChat.Sandbox;

namespace FuncChat.Tools.JavaScript;

/// <summary>Makes an outcome of what a child says, and of its silence.</summary>
internal sealed class OutcomeReader(SandboxProcess child, TimeSpan timeout, JavaScriptOptions options)
{
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

    /// <summary>The runtime leaves a word on standard error when it gives up.</summary>
    private async Task<ScriptOutcome> SilentEndAsync()
    {
        child.Kill();
        var errors = await child.ReadErrorsAsync();
        return errors.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) ? OutOfMemory() : Crashed();
    }

    private ScriptOutcome TimedOut() => Failed(
        ScriptEnd.TimedOut,
        string.Create(CultureInfo.InvariantCulture, $"The script ran longer than {timeout.TotalSeconds} s and was stopped."));

    private ScriptOutcome OutOfMemory() => Failed(
        ScriptEnd.OutOfMemory,
        string.Create(CultureInfo.InvariantCulture, $"The script needed more than {options.MemoryMegabytes} MB of memory and was stopped."));

    private ScriptOutcome Crashed() => Failed(
        ScriptEnd.Crashed,
        "The script brought its interpreter down, most likely by its memory or by recursion that is too deep.");

    private ScriptOutcome Failed(ScriptEnd end, string failure) => new(end, _console, _truncated) { Failure = failure };
}
