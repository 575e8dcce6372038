using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>What is stored with a turn that continues a message of the client, so that its stream names the same message whenever it is read.</summary>
internal sealed record StoredUiMessage(string MessageId)
{
    public static StoredUiMessage? Of(RawJson? protocolData) =>
        ProtocolData.Read(protocolData, UiMessageJson.Relaxed.StoredUiMessage) is { MessageId: not null } stored ? stored : null;

    public RawJson ToJson() => new(JsonSerializer.SerializeToUtf8Bytes(this, UiMessageJson.Relaxed.StoredUiMessage));
}
