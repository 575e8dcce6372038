using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using FuncChat.Bench.Wire;

namespace FuncChat.Bench.Upstream;

/// <summary>What the scripted upstream sends, as bytes made before: OpenAI's chunks, each in an HTTP chunk of its own, as providers flush them.</summary>
internal static class Answers
{
    // The size of a text chunk of gpt-4o-mini.
    private const int EventLength = 258;

    private static readonly ConcurrentDictionary<int, byte[]> Texts = new();

    /// <summary>The head, and the chunk that names the role.</summary>
    public static byte[] Start { get; } =
        [.. "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"u8,
         .. Chunk("""{"role":"assistant","content":""}""", "null")];

    /// <summary>Finish, usage, and the end of the stream.</summary>
    public static byte[] End { get; } = EndOf("stop");

    /// <summary>A call of `search_web`, its arguments in pieces.</summary>
    public static byte[] SearchCall { get; } = ToolCall("search_web", "query");

    /// <summary>A call of `research`.</summary>
    public static byte[] ResearchCall { get; } = ToolCall("research", "question");

    /// <summary>A page that a search has found.</summary>
    public static byte[] Page { get; } = Whole(
        "text/html", $"<html><head><title>A page</title></head><body><main>{string.Concat(Enumerable.Repeat("<p>A page about benchmarks has many sentences, and each of them is of this length.</p>", 20))}</main></body></html>");

    /// <summary>A chunk of text whose piece is written at <see cref="PieceAt"/>.</summary>
    public static byte[] TextChunk { get; } = Chunk(PaddedDelta(), "null");

    public static int PieceAt { get; } = TextChunk.AsSpan().IndexOf((byte)'#');

    /// <summary>A whole answer of that many pieces.</summary>
    public static byte[] Text(int pieces) => Texts.GetOrAdd(pieces, static count =>
    {
        var answer = new byte[Start.Length + (count * TextChunk.Length) + End.Length];
        Start.CopyTo(answer, 0);
        for (var number = 0; number < count; number++)
        {
            var chunk = answer.AsSpan(Start.Length + (number * TextChunk.Length));
            TextChunk.CopyTo(chunk);
            Piece.Write(chunk[PieceAt..], number, time: 0);
        }

        End.CopyTo(answer, answer.Length - End.Length);
        return answer;
    });

    /// <summary>SearXNG's answer to a search.</summary>
    public static byte[] SearchOf(IPEndPoint upstream)
    {
        var results = new[] { ("One", "The first."), ("Two", "The second."), ("Three", "The third.") }
            .Select((page, index) => $$"""{"title":"{{page.Item1}}","url":"http://{{upstream}}/page/{{index + 1}}","content":"{{page.Item2}}"}""");
        return Whole("application/json", $$"""{"results":[{{string.Join(',', results)}}]}""");
    }

    private static byte[] ToolCall(string name, string argument) =>
    [
        .. Start,
        .. Chunk($$$"""{"tool_calls":[{"index":0,"id":"call_0","type":"function","function":{"name":"{{{name}}}","arguments":""}}]}""", "null"),
        .. Chunk($$$"""{"tool_calls":[{"index":0,"function":{"arguments":"{\"{{{argument}}}\":"}}]}""", "null"),
        .. Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"\"benchmarks\"}"}}]}""", "null"),
        .. EndOf("tool_calls"),
    ];

    private static string PaddedDelta()
    {
        var piece = new byte[Piece.Length];
        Piece.Write(piece, 0, 0);
        return $$"""{"content":"{{Encoding.UTF8.GetString(piece)}}"}""";
    }

    private static byte[] EndOf(string reason) =>
    [
        .. Chunk("{}", $"\"{reason}\""),
        .. HttpChunk("""data: {"id":"chatcmpl-0","object":"chat.completion.chunk","created":1764000000,"model":"scripted","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18}}""" + "\n\n"),
        .. HttpChunk("data: [DONE]\n\n"),
        .. "0\r\n\r\n"u8,
    ];

    private static byte[] Chunk(string delta, string finishReason)
    {
        var rest = $$"""
            ","object":"chat.completion.chunk","created":1764000000,"model":"scripted","system_fingerprint":"fp_0123456789","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finishReason}}}]}
            """ + "\n\n";
        const string Begin = """data: {"id":"chatcmpl-""";
        return HttpChunk(Begin + new string('x', Math.Max(1, EventLength - Begin.Length - Encoding.UTF8.GetByteCount(rest))) + rest);
    }

    private static byte[] HttpChunk(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture)), .. "\r\n"u8, .. bytes, .. "\r\n"u8];
    }

    private static byte[] Whole(string type, string body) =>
        Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
