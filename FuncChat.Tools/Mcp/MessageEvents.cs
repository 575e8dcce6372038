using System.Buffers;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// An event stream as the SDK reads it: each message has an event of its own, also those in an array (version 2025-03-26), and the id of a response is a number
/// (<see cref="ResponseId"/>).
/// </summary>
internal sealed class MessageEvents(Stream body) : ReadStream(body)
{
    private IAsyncEnumerator<SseItem<byte[]>>? _events;
    private ReadOnlyMemory<byte> _ready;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _events ??= SseParser.Create(Body, static (_, data) => data.ToArray()).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (_ready.IsEmpty)
        {
            if (!await _events.MoveNextAsync())
                return 0;
            _ready = Write(_events.Current);
        }

        var count = Math.Min(buffer.Length, _ready.Length);
        _ready[..count].CopyTo(buffer);
        _ready = _ready[count..];
        return count;
    }

    private static ReadOnlyMemory<byte> Write(SseItem<byte[]> item)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var message in MessagesIn(item.Data))
        {
            ResponseId.Repair(message);
            WriteField("event", item.EventType);
            if (item.EventId is { } id)
                WriteField("id", id);
            if (item.ReconnectionInterval is { } interval)
                WriteField("retry", ((long)interval.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
            foreach (var line in message.AsSpan().Split((byte)'\n'))
            {
                output.Write("data: "u8);
                output.Write(message.AsSpan(line));
                output.Write("\n"u8);
            }

            output.Write("\n"u8);
        }

        return output.WrittenMemory;

        void WriteField(string name, string value) => output.Write(Encoding.UTF8.GetBytes($"{name}: {value}\n"));
    }

    private static IReadOnlyList<byte[]> MessagesIn(byte[] data)
    {
        if (data.AsSpan().TrimStart(" \t\r\n"u8) is not [(byte)'[', ..])
            return [data];
        try
        {
            using var batch = JsonDocument.Parse(data);
            return [.. batch.RootElement.EnumerateArray().Where(message => message.ValueKind is JsonValueKind.Object).Select(message => JsonMarshal.GetRawUtf8Value(message).ToArray())];
        }
        catch (JsonException)
        {
            return [data];
        }
    }
}
