using System.Text;
using BenchmarkDotNet.Attributes;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.OpenAi;

namespace FuncChat.Benchmarks;

/// <summary>The upstream's stream, from bytes to chunks: 1,000 chunks of 258 bytes, received in reads of 16 KB.</summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private const int Events = 1000;
    private const int ReadSize = 16 * 1024;

    private readonly ProviderErrorMapper _failures = new("bench", apiKey: null);
    private byte[] _answer = [];

    [GlobalSetup]
    public void Setup() => _answer = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, Events).Select(number => Chunk($$"""{"content":" word{{number}}"}""", "null")))
        + Chunk("{}", "\"stop\"") + "data: [DONE]\n\n");

    [Benchmark(OperationsPerInvoke = Events)]
    public long Parse()
    {
        using var reader = new AnswerReader(_failures);
        var sum = 0L;
        var read = 0;
        while (!reader.IsOver)
        {
            var space = reader.Space();
            var count = Math.Min(Math.Min(space.Length, ReadSize), _answer.Length - read);
            _answer.AsSpan(read, count).CopyTo(space.Span);
            reader.Received(count);
            read += count;
            while (reader.TryRead(out var chunk))
                sum += chunk.EscapedText.Length;
        }

        return sum;
    }

    private static string Chunk(string delta, string finishReason) =>
        $$"""data: {"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUvWxYz012","object":"chat.completion.chunk","created":1764000000,"model":"gpt-4o-mini-2024-07-18","system_fingerprint":"fp_0123456789","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finishReason}}}]}""" + "\n\n";
}
