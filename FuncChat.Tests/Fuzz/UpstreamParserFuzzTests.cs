using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.OpenAi;

namespace FuncChat.Tests.Fuzz;

/// <summary>A provider may send anything: an answer comes out of it, or an error with a code, and its text goes whole into an event.</summary>
public sealed class UpstreamParserFuzzTests() : FuzzTests("upstream-parser", seed: 601)
{
    private readonly Random _splits = new(602);
    private readonly ArrayBufferWriter<byte> _frame = new();

    protected override IReadOnlyList<string> Good { get; } =
    [
        """
        data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{"content":"é \ud83d\ude00 \"q\" \n"}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{"content":" and more"}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}

        data: [DONE]


        """,
        """
        : comment

        data: {"choices":[{"index":0,"delta":{"reasoning_content":"Hm"}}]}

        data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\""}}]}}]}

        data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}},{"index":1,"id":"b","function":{"name":"g","arguments":""}}]}}]}

        data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}

        data: [DONE]


        """,
        "data: {\"choices\":[{\"delta\":{\"content\":\"Well\"}}]}\n\ndata: {\"error\":{\"message\":\"failed\",\"code\":\"x\"}}\n\n",
        "event: error\r\ndata: {\"message\":\"failed\"}\r\n\r\n",
        """{"choices":[{"message":{"reasoning_content":"Hm","content":"é"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""",
        "<!doctype html><title>Gateway</title>",
    ];

    protected override IReadOnlyList<string> Tokens { get; } =
    [
        "\n", "\r", "\r\n", "\n\n", "data: ", "data:", "event: error\n", "id: 1\n", ": ", "[DONE]", "{", "}", "[", "]", "\"", "\\", "\\u", "\\ud83d", "\\ude00",
        "\\u0000", "null", "true", "-1", "1e999", "99999999999999999999", "\uFEFF", "\u2028", "\"choices\":", "\"delta\":", "\"content\":", "\"tool_calls\":",
        "\"index\":-1", "\"index\":2147483648", "\"arguments\":", "\"finish_reason\":\"length\"", "\"usage\":{}", "\"error\":", "\"error\":\"\\ud800\"", "[[[[[[[[",
    ];

    protected override void Check(byte[] input)
    {
        using var answer = new AnswerReader(new ProviderErrorMapper("p", "the-key"));
        var step = _splits.Next(1, 200);
        try
        {
            for (var at = 0; !answer.IsOver;)
            {
                while (answer.TryRead(out var chunk))
                    CheckChunk(chunk);
                if (answer.IsOver)
                    break;
                var space = answer.Space();
                var count = Math.Min(Math.Min(step, space.Length), input.Length - at);
                input.AsMemory(at, count).CopyTo(space);
                answer.Received(count);
                at += count;
            }
        }
        catch (ModelException told)
        {
            Assert.NotEmpty(told.Error.Message);
        }
    }

    private void CheckChunk(ModelChunk chunk)
    {
        if (chunk.Kind is not (ModelChunkKind.Text or ModelChunkKind.Reasoning))
            return;
        _frame.ResetWrittenCount();
        EventFrames.WriteText(_frame, 1, DeltaEvent.WireName, chunk.EscapedText.Span);
        var frame = EventFrames.Parse(_frame.WrittenMemory);
        var data = frame.Data;
        Assert.Equal(chunk.EscapedText.Span, Assert.IsType<DeltaEvent>(frame.Decode()).Content.Utf8.Span[1..^1]);
        Assert.True(Utf8.IsValid(data.Span));
        Assert.Equal(_frame.WrittenCount - 2, _frame.WrittenSpan.IndexOf("\n\n"u8));
        using var json = JsonDocument.Parse(data);
        Assert.Equal(1, json.RootElement.GetPropertyCount());
        Assert.DoesNotContain('\r', Encoding.UTF8.GetString(data.Span));
    }
}
