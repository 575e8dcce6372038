using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace FuncChat.Tools.JavaScript;

/// <summary>The tool that runs the model's JavaScript. The code is treated as hostile: docs/security-javascript.md describes the sandbox.</summary>
internal sealed class JavaScriptTool(SandboxRunner runner)
{
    private const int MaxCodeLength = 200_000;

    public Tool AsTool() => Tool.FromMethod(
        ExecuteAsync,
        "execute_javascript",
        "Runs JavaScript (V8, ES2025) and returns the value of the last expression and the console output. Use it for calculations, and to process text and "
        + "data. Top-level await, timers, Intl with all locales, URL, TextEncoder, structuredClone and crypto.randomUUID are available. There is no network, no "
        + "file access, no modules, no DOM, and no TypeScript. Each run starts with a new engine.",
        readOnly: true);

    private async Task<JavaScriptResult> ExecuteAsync(
        [Description("The script. The value of its last expression is the result."), MaxLength(MaxCodeLength)] string code,
        IToolRun run,
        CancellationToken cancellationToken,
        [Description("Time limit in seconds."), Range(1, 10)] int timeout = 5)
    {
        if (code.Length > MaxCodeLength)
            throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"The code has {code.Length} characters; the limit is {MaxCodeLength}."));

        var outcome = await runner.RunAsync(code, TimeSpan.FromSeconds(timeout), cancellationToken, run.User.Id);
        return outcome is { End: ScriptEnd.Value, Value: { } value }
            ? new JavaScriptResult(value, outcome.Console, outcome.Truncated ? true : null)
            : throw new ToolException(Describe(outcome));
    }

    private static string Describe(ScriptOutcome outcome)
    {
        var text = new StringBuilder(outcome.Failure);
        if (outcome.Console.Count > 0)
            text.Append("\n\nConsole output:\n").AppendJoin('\n', outcome.Console);
        return text.ToString();
    }
}
