using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;

namespace FuncChat.Engine.Turns;

/// <summary>What starts a turn, checked: every message is a sound OpenAI chat message, every tool is one that this server has.</summary>
public sealed record TurnRequest
{
    /// <summary>The model, as `provider:name`.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<RawJson> Messages { get; init; }

    /// <summary>The names of the tools that are offered to the model.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>A hash of what was sent, by which the same turn sent again is told from another one under the same id.</summary>
    public required string Fingerprint { get; init; }
}

/// <summary>The head of a turn's log: all that is needed to continue the turn elsewhere.</summary>
internal sealed record TurnHeader(string TurnId, string User, DateTimeOffset Started, TurnRequest Request)
{
    /// <summary>The header as the log's first bytes: JSON, and an empty line.</summary>
    public ReadOnlyMemory<byte> ToFrame()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Relaxed.TurnHeader);

        // Messages are kept as they were sent, and JSON may hold empty lines between its tokens. Within strings there are none.
        json.AsSpan().Replace((byte)'\n', (byte)' ');
        return (byte[])[.. json, .. EventFrames.End];
    }
}
