using System.Text.Json;

namespace FuncChat.Tools.JavaScript;

/// <summary>How a script ended.</summary>
internal enum ScriptEnd
{
    /// <summary>It ran to its end; <see cref="ScriptOutcome.Value"/> is set, in every other case <see cref="ScriptOutcome.Failure"/> is.</summary>
    Value,

    /// <summary>It threw an exception, or is not valid JavaScript.</summary>
    Error,

    TimedOut,

    OutOfMemory,

    /// <summary>Its process ended without a result, or sent an invalid frame.</summary>
    Crashed,
}

/// <summary>The outcome of a script.</summary>
internal sealed record ScriptOutcome(ScriptEnd End, IReadOnlyList<string> Console, bool Truncated)
{
    public JsonElement? Value { get; init; }

    /// <summary>A sentence for the model.</summary>
    public string? Failure { get; init; }
}
