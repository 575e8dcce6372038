using System.Text.Json;

namespace FuncChat.Engine.Chat;

/// <summary>A person's answer to a request: what a signal carries besides its type.</summary>
public sealed record RequestAnswer
{
    /// <summary>Changed arguments of an approved call, a JSON object as text; null leaves them as they are.</summary>
    public string? Arguments { get; init; }

    /// <summary>The answer to a question, a JSON object.</summary>
    public RawJson? Content { get; init; }

    public string? Reason { get; init; }

    /// <summary>Whether an approval holds for later calls of the tool in this turn.</summary>
    public bool? Always { get; init; }

    public RawJson ToJson() => new(JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Relaxed.RequestAnswer));

    internal static RequestAnswer Parse(RawJson? json) =>
        json is { } given && JsonSerializer.Deserialize(given.Utf8.Span, EngineJson.Default.RequestAnswer) is { } answer ? answer : new RequestAnswer();
}
