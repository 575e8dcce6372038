using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.OpenAi;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>The fast way must say what <see cref="ChunkParser"/> says, or nothing.</summary>
public sealed class ChunkTemplateTests
{
    private static readonly string[] Texts =
    [
        "Hello", " ", "a", "é€😀漢字", @"\n\t\r\b\f\/\\", @"say \""hi\""", @"\u00e9\uD83D\uDE00", @"half \ud83d", @"\udE00 half", "\u007f", "}}]}", "[DONE]",
        @"{\""content\"":\""x\""}", @"\""},\""finish_reason\"":\""stop\""", @"\\", @"\\\\\""", "\"content\":\"", "x\",\"finish_reason\":\"stop", "x\",\"content\":\"y",
        "x\"},\"finish_reason\":\"stop\"}],\"usage\":null}", "", @"\", @"\x", @"\u12", @"\u12G4", "a\nb", "a\0b", "tab\there",
    ];

    private static readonly string[] Shapes =
    [
        """{"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"$"},"logprobs":null,"finish_reason":null}]}""",
        """{"choices":[{"delta":{"content":"$","role":"assistant"},"index":0}],"created":1,"id":"1","object":"chat.completion.chunk","usage":null}""",
        """{ "choices" : [ { "finish_reason" : null , "delta" : { "role" : "assistant" , "content" : "$" } } ] }""",
        """{"id":"content\":\"","choices":[{"index":0,"delta":{"content":"$"}}],"obfuscation":"AbC"}""",
        """{"id":"1","obfuscation":"AbC","choices":[{"index":0,"delta":{"content":"$"}}]}""",
        """{"choices":[{"index":0,"delta":{"content":null,"reasoning_content":"$"}}]}""",
        """{"choices":[{"index":0,"delta":{"reasoning":"$","reasoning_content":"r"}}]}""",
        """{"choices":[{"index":0,"delta":{"reasoning_content":"r","reasoning":"$"}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"$"},"finish_reason":"stop"}]}""",
        """{"choices":[{"index":0,"delta":{"content":"$"},"finish_reason":""}]}""",
        """{"choices":[{"index":1,"delta":{"content":"$"}}]}""",
        """{"choices":[{"index":1,"delta":{"content":"$"}},{"index":0,"delta":{"content":"zero"}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"zero"}},{"index":1,"delta":{"content":"$"}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"$"}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""",
        """{"choices":[{"index":0,"delta":{"content":"$","tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}}]}""",
        """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"$"}}]}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"$","content":"again"}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"$","refusal":"no"}}]}""",
        """{"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"$"}]}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"$"}}],"error":null}""",
        """{"choices":[{"index":0,"delta":{"content":"$"}}],"error":{"message":"x"}}""",
        """{"note":"$","choices":[{"index":0,"delta":{"content":"text"}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"$"}}]""",
        """{"choices":[{"index":0,"delta":{"content":"$"}}]} x""",
    ];

    [Fact]
    public void Shape_says_what_the_reader_says_for_every_chunk_after_every_other()
    {
        var chunks = (from shape in Shapes from text in Texts select shape.Replace("$", text, StringComparison.Ordinal)).ToArray();
        var matches = 0;
        foreach (var learned in chunks)
        {
            var shape = new ChunkTemplate();
            if (!TryTeach(shape, learned))
                continue;
            foreach (var chunk in chunks)
                matches += Check(shape, chunk) ? 1 : 0;
        }
        Assert.True(matches > 2000, $"The shape matched {matches} times: it is not used.");
    }

    [Fact]
    public void Shape_says_what_the_reader_says_when_any_byte_of_a_chunk_is_another()
    {
        var random = new Random(7);
        foreach (var learned in Shapes.Select(shape => shape.Replace("$", @"text \u00e9 é", StringComparison.Ordinal)))
        {
            var shape = new ChunkTemplate();
            if (!TryTeach(shape, learned))
                continue;
            var bytes = Encoding.UTF8.GetBytes(learned);
            for (var at = 0; at < bytes.Length; at++)
            {
                foreach (var value in (byte[])[(byte)'"', (byte)'\\', (byte)'{', (byte)'}', (byte)',', 0, 0x80, 0xFF, (byte)random.Next(256)])
                {
                    var changed = bytes.ToArray();
                    changed[at] = value;
                    Check(shape, changed);
                }
                Check(shape, [.. bytes[..at], .. bytes[(at + 1)..]]);
                Check(shape, bytes[..at]);
            }
        }
    }

    [Fact]
    public void Shape_knows_the_chunks_of_a_padding_provider_however_long_the_padding_is()
    {
        var shape = new ChunkTemplate();
        Assert.True(TryTeach(shape, """{"choices":[{"index":0,"delta":{"content":"a"}}],"obfuscation":"AbC"}"""));

        Assert.True(shape.TryMatch("""{"choices":[{"index":0,"delta":{"content":"bc"}}],"obfuscation":"XyZ09xx"}"""u8, out var text));
        Assert.Equal(2, text.Length);
        Assert.False(shape.TryMatch("""{"choices":[{"index":0,"delta":{"content":"bc"}}],"obfuscation":"x","usage":{}}"""u8, out _));
    }

    private static bool Check(ChunkTemplate shape, string chunk) => Check(shape, Encoding.UTF8.GetBytes(chunk));

    private static bool Check(ChunkTemplate shape, byte[] chunk)
    {
        if (!shape.TryMatch(chunk, out var place))
            return false;
        var parser = new ChunkParser();
        Assert.True(parser.TryParse(chunk), Encoding.UTF8.GetString(chunk));
        var only = Assert.Single(parser.Found);
        Assert.Equal(only.Kind, shape.Kind);
        Assert.Equal(Encoding.UTF8.GetString(only.EscapedText.Span), Encoding.UTF8.GetString(chunk.AsSpan(place.Start, place.Length)));
        Assert.Null(parser.FinishReason);
        Assert.False(parser.HasToolCalls);
        Assert.NotNull(JsonNode.Parse(chunk));
        return true;
    }

    private static bool TryTeach(ChunkTemplate shape, string chunk)
    {
        var parser = new ChunkParser();
        try
        {
            if (!parser.TryParse(Encoding.UTF8.GetBytes(chunk)))
                return false;
        }
        catch (JsonException)
        {
            return false;
        }
        parser.Teach(shape);
        return shape.Kind is ModelChunkKind.Text or ModelChunkKind.Reasoning && shape.TryMatch(Encoding.UTF8.GetBytes(chunk), out _);
    }
}
