using System.Buffers;
using BenchmarkDotNet.Attributes;
using FuncChat.Engine.Events;

namespace FuncChat.Benchmarks;

/// <summary>Events as bytes: a piece of text, which is nearly all of them, and one that is serialized.</summary>
[MemoryDiagnoser]
public class EventBenchmarks
{
    private static readonly ToolCallProgressEvent Progress = new("call_0", "search_web", "executing") { Message = "Searching the web" };

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    [Benchmark]
    public int Text()
    {
        _buffer.ResetWrittenCount();
        EventFrames.WriteText(_buffer, 1234, DeltaEvent.WireName, " word of \\\"text\\\""u8);
        return _buffer.WrittenCount;
    }

    [Benchmark]
    public int Json()
    {
        _buffer.ResetWrittenCount();
        EventFrames.Write(_buffer, 1234, Progress);
        return _buffer.WrittenCount;
    }
}
