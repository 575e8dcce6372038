using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;

namespace FuncChat.Tools.JavaScript;

/// <summary>The tool that runs the model's JavaScript. The code is taken for hostile: docs/security-javascript.md says what holds it.</summary>
internal sealed class JavaScriptTool(SandboxRunner runner)
{
    private const int MaxCodeLength = 200_000;

    public Tool AsTool() => Tool.FromMethod(
        ExecuteAsync,
        "execute_javascript",
        "Runs JavaScript (ES2025) and gives back the value of the last expression and everything written to the console. For calculations, text and "
        + "data work. There is no network, no file access, no modules, no timers and no DOM; top-level await works. Each run starts afresh.",
        readOnly: true);

    private async Task<JavaScriptResult> ExecuteAsync(
        [Description("The script. Its last expression is the result.")] string code,
        CancellationToken cancellationToken,
        [Description("Seconds after which the script is stopped."), Range(1, 10)] int timeout = 5)
    {
        if (code.Length > MaxCodeLength)
            throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"The code has {code.Length} characters; at most {MaxCodeLength} are run."));

        var outcome = await runner.RunAsync(code, TimeSpan.FromSeconds(timeout), cancellationToken);
        return outcome is { End: ScriptEnd.Value, Value: { } value }
            ? new JavaScriptResult(value, outcome.Console, outcome.Truncated ? true : null)
            : throw new ToolException(Describe(outcome));
    }

    private static string Describe(ScriptOutcome outcome)
    {
        var text = new StringBuilder(outcome.Failure);
        if (outcome.Console.Count > 0)
            text.Append("\n\nConsole output until then:\n").AppendJoin('\n', outcome.Console);
        return text.ToString();
    }
}
