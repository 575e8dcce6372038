using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.AgUi;

/// <summary>What is stored with a turn that an AG-UI client started.</summary>
/// <param name="Messages">The client's messages.</param>
/// <param name="State">The client's state.</param>
internal sealed record StoredAgUiRun(string ThreadId, string RunId, RawJson Messages, RawJson? State)
{
    /// <summary>The version of the protocol that the client names; null before 1.0.</summary>
    public string? ProtocolVersion { get; init; }

    public static StoredAgUiRun? Of(RawJson? protocolData) =>
        ProtocolData.Read(protocolData, AgUiJson.Relaxed.StoredAgUiRun) is { ThreadId: not null, RunId: not null, Messages.Utf8.Length: > 0 } stored ? stored : null;

    public RawJson ToJson() => new(JsonSerializer.SerializeToUtf8Bytes(this, AgUiJson.Relaxed.StoredAgUiRun));
}
