using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Events;

namespace FuncChat.Tests.Fuzz;

/// <summary>Whatever an event contains, the framework's own parser reads it as one event with the same text.</summary>
public sealed class EventWriterFuzzTests() : FuzzTests("event-writer", seed: 621)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    protected override IReadOnlyList<string> Good { get; } =
        ["search_web", """{"query":"rust"}""", "\n\nevent: complete\ndata: {}\n\n", "\r\rid: 9\r\r", "Wörds, 世界 😀", "\u2028\u2029\u0085", ""];

    protected override IReadOnlyList<string> Tokens { get; } =
        ["\n", "\r", "\n\n", "\r\n\r\n", "data: ", "event: error", "id: 7", ":", "\0", "\u001b", "\u007f", "\u0085", "\u2028", "\ufeff", "\ufffe", "\"", "\\", "\\u000a", "😀", "</script>"];

    protected override void Check(byte[] input)
    {
        // Two characters of each pair of bytes too, so that half pairs of surrogates come up.
        var text = input.Length % 3 == 0 ? string.Concat(input.Chunk(2).Select(pair => (char)((pair[0] << 8) | pair[^1]))) : Encoding.UTF8.GetString(input);
        var half = text[..(text.Length / 2)];
        TurnEvent[] events =
        [
            new StatusEvent("processing", half, text, half, true),
            new ToolCallStartEvent(half, text, text),
            new ToolCallProgressEvent(text, half, "executing") { Message = text },
            new ToolCallResultEvent(half, text, text, 0.5) { Error = true },
            new ErrorEvent(text, ErrorCode.Internal, true),
        ];
        _buffer.ResetWrittenCount();
        for (var id = 0; id < events.Length; id++)
            EventFrames.Write(_buffer, id + 1, events[id]);

        using var stream = new MemoryStream(_buffer.WrittenSpan.ToArray());
        var read = SseParser.Create(stream).Enumerate().ToList();
        Assert.Equal(events.Length, read.Count);
        for (var id = 0; id < events.Length; id++)
        {
            Assert.Equal($"{id + 1}", read[id].EventId);
            Assert.Equal(TurnEventCodec.TypeOf(events[id]).Name, read[id].EventType);
            Assert.NotNull(TurnEventCodec.Decode(Encoding.UTF8.GetBytes(read[id].EventType), Encoding.UTF8.GetBytes(read[id].Data)));
        }

        // Half a pair of surrogates is no text: it becomes the mark for what is none.
        var sound = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        Assert.Equal(sound, JsonSerializer.Deserialize<JsonElement>(read[3].Data).GetProperty("content").GetString());
    }
}
