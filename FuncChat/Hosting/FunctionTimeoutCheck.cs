using FuncChat.Engine.Turns;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Hosting;

/// <summary>
/// Checks the timeout of functions, and that turns and calls of tools end before the host kills the function that serves them, and with it every other turn of the
/// worker.
/// </summary>
internal sealed class FunctionTimeoutCheck(TimeSpan? functionTimeout, string? error = null, IConfiguration? configuration = null) : IValidateOptions<TurnOptions>
{
    // A call within a turn ends with it; one of a long run, or of an MCP client, is in no turn.
    private static readonly (string Section, string Setting)[] Calls = [("FuncChat:Mcp:Servers", "MaxDuration"), ("FuncChat:OpenApi", "Timeout")];

    public ValidateOptionsResult Validate(string? name, TurnOptions options)
    {
        if (error is not null)
            return ValidateOptionsResult.Fail(error);
        if (functionTimeout is not { } timeout)
            return ValidateOptionsResult.Success;
        var failures = new List<string>();
        if (options.MaxDuration >= timeout)
            failures.Add(Message("FuncChat__Turns__MaxDuration", $"{options.MaxDuration:c}", timeout, "00:20:00"));
        foreach (var (section, setting) in configuration is null ? [] : Calls)
        {
            failures.AddRange(
                from server in configuration!.GetSection(section).GetChildren()
                where server[setting]?.Trim() is { } text && SettingText.DurationOf(text) >= timeout
                select Message(SettingMessage.NameOf($"{server.Path}:{setting}"), $"{server[setting]}{(server[setting]!.Contains(':', StringComparison.Ordinal) ? "" : " seconds")}", timeout, "600"));
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string Message(string setting, string value, TimeSpan timeout, string example) =>
        $"{setting} is {value}, but the host ends functions after {timeout:c}: see functionTimeout in host.json. It must be shorter. Example: {example}";
}
