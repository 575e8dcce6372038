using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FuncChat.Engine.Store;

/// <summary>A signal to a turn.</summary>
/// <param name="Type">What it asks for, such as <see cref="Stop"/>. Turn kinds may define their own.</param>
public sealed record TurnSignal(string Type)
{
    /// <summary>Ends the turn.</summary>
    public const string Stop = "stop";

    /// <summary>The id of the request that it answers, if it answers one.</summary>
    public string? RequestId { get; init; }

    /// <summary>The id of the user who sent it, if it answers a request.</summary>
    public string? By { get; init; }

    /// <summary>When it was sent, if it answers a request.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>JSON that comes with it, if any.</summary>
    public RawJson? Payload { get; init; }

    /// <summary>What its sender may answer. By default that of a turn's owner, who never raises budgets.</summary>
    [JsonIgnore]
    public SignalRights Rights { get; init; } = SignalRights.Owner | SignalRights.ApproveTools;

    /// <summary>Whether an earlier answer of this type counts as this one, also that of another user and with other details: its sender only continues the turn then.</summary>
    [JsonIgnore]
    public bool JoinsEarlier { get; init; }

    /// <summary>Whether an earlier answer is the same: one of the same user with the same payload, at whatever time, or one that this signal joins.</summary>
    public bool IsSameAs(TurnSignal earlier) =>
        Type == earlier.Type && (JoinsEarlier || (By == earlier.By && (Payload ?? default).Utf8.Span.SequenceEqual((earlier.Payload ?? default).Utf8.Span)));

    /// <summary>The signal as a line of JSON, line feed included.</summary>
    public ReadOnlyMemory<byte> ToLine()
    {
        var line = new ArrayBufferWriter<byte>();
        var json = JsonSerializer.SerializeToUtf8Bytes(this, EngineJson.Relaxed.TurnSignal);

        // A payload is kept as it was sent, and may contain line feeds between its tokens.
        json.AsSpan().Replace((byte)'\n', (byte)' ');
        line.Write(json);
        line.Write("\n"u8);
        return line.WrittenMemory;
    }

    /// <summary>Parses lines. A line that a crash cut off, or that is damaged, is skipped.</summary>
    public static IReadOnlyList<TurnSignal> ParseLines(ReadOnlySpan<byte> lines)
    {
        var signals = new List<TurnSignal>();
        foreach (var range in lines.Split((byte)'\n'))
        {
            try
            {
                if (!lines[range].IsEmpty && JsonSerializer.Deserialize(lines[range], EngineJson.StoredType<TurnSignal>()) is { } signal)
                    signals.Add(signal);
            }
            catch (JsonException)
            {
                // Not whole.
            }
        }

        return signals;
    }
}
