using FuncChat.Engine.Turns;
using Microsoft.Extensions.Options;

namespace FuncChat.Hosting;

/// <summary>Checks the timeout of functions, and that turns end before the host kills the function that serves them, and with it every other turn of the worker.</summary>
internal sealed class FunctionTimeoutCheck(TimeSpan? functionTimeout, string? error = null) : IValidateOptions<TurnOptions>
{
    public ValidateOptionsResult Validate(string? name, TurnOptions options) =>
        error is not null ? ValidateOptionsResult.Fail(error)
        : functionTimeout is { } timeout && options.MaxDuration >= timeout ? ValidateOptionsResult.Fail(
            $"FuncChat__Turns__MaxDuration is {options.MaxDuration:c}, but the host ends functions after {timeout:c}: see functionTimeout in host.json. It must be shorter. Example: 00:20:00")
        : ValidateOptionsResult.Success;
}
