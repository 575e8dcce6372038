using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.OpenAi;

namespace FuncChat.Tests.Engine.Models.OpenAi;

public sealed class ChunkParserTests
{
    [Theory]
    [InlineData("""{"content":"a"}""", "Text a")]
    [InlineData("""{"content":null}""", "")]
    [InlineData("""{"content":""}""", "")]
    [InlineData("""{"content":{"odd":1}}""", "")]
    [InlineData("""{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}""", "Text a|Text b")]
    [InlineData("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"}]},{"type":"text","text":"b"}]}""", "Reasoning a|Text b")]
    [InlineData("""{"refusal":"no"}""", "Refusal no")]
    [InlineData("""{"content":[null,"x",[1],{"type":"text","text":"a"},{"type":"image","source":{"text":"b"}}]}""", "Text x|Text a")]
    [InlineData("""{"tool_calls":[null],"content":"a"}""", "Text a")]
    [InlineData("""{"tool_calls":[[],{}],"content":"a"}""", "Call 0 - - -|Text a")]
    [InlineData("""{"reasoning_content":"a","content":"b"}""", "Reasoning a|Text b")]
    [InlineData("""{"reasoning":"a","reasoning_content":"a"}""", "Reasoning a")]
    [InlineData("""{"reasoning":"","reasoning_content":"a"}""", "Reasoning a")]
    [InlineData("""{"reasoning":null,"reasoning_content":"a"}""", "Reasoning a")]
    [InlineData("""{"thinking":"a","content":"b"}""", "Reasoning a|Text b")]
    [InlineData("""{"reasoning_text":"a"}""", "Reasoning a")]
    [InlineData("""{"reasoning_content":"a","thinking":"a","reasoning_text":"a"}""", "Reasoning a")]
    [InlineData("""{"thinking":{"type":"enabled"},"content":"b"}""", "Text b")]
    [InlineData("""{"c\u006fntent":"a"}""", "Text a")]
    [InlineData("""{"content":"\ud83d\n"}""", @"Text \ud83d\n")]
    [InlineData("""{"function_call":{"name":"f","arguments":"{}"}}""", "Call 0 - f {}")]
    public void Parser_finds_what_a_delta_holds(string delta, string expected) =>
        Assert.Equal(expected, Found($$"""{"choices":[{"index":0,"delta":{{delta}}}]}"""));

    [Theory]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}},{"index":1,"id":"b","function":{"name":"g","arguments":"2"}}]""", "Call 0 a f 1|Call 1 b g 2")]
    [InlineData("""[{"index":1,"id":"b","function":{"name":"g"}},{"index":0,"id":"a","function":{"name":"f"}},{"index":1,"function":{"arguments":"2"}}]""", "Call 0 b g -|Call 1 a f -|Call 0 - - 2")]
    [InlineData("""[{"index":"1","id":"b","function":{"name":"g"}},{"index":"0","id":"a","function":{"name":"f"}},{"index":"1","function":{"arguments":"2"}}]""", "Call 0 b g -|Call 1 a f -|Call 0 - - 2")]
    [InlineData("""[{"function":{"name":"f","arguments":"1"}},{"function":{"name":"g","arguments":"2"}}]""", "Call 0 - f 1|Call 1 - g 2")]
    [InlineData("""[{"id":"a","function":{"name":"f"}},{"function":{"arguments":"1"}},{"id":"b","function":{"name":"f"}},{"id":"a","function":{"arguments":"2"}}]""", "Call 0 a f -|Call 0 - - 1|Call 1 b f -|Call 0 - - 2")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}},{"index":0,"id":"b","function":{"name":"g","arguments":"2"}}]""", "Call 0 a f 1|Call 1 b g 2")]
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f"}},{"index":0,"id":"a","function":{"name":"f","arguments":"1"}}]""", "Call 0 a f -|Call 0 - - 1")]
    [InlineData("""[{"index":0,"function":{"name":"f","arguments":{"q":"x", "n":[1]}}}]""", """Call 0 - f {"q":"x", "n":[1]}""")]
    [InlineData("""[{"index":0,"id":null,"function":{"name":"f","arguments":null}}]""", "Call 0 - f -")]
    [InlineData("""[{"index":0,"id":"","function":{"name":"","arguments":"x"}}]""", "Call 0 - - x")]
    [InlineData("""[{"function":{"arguments":"\"\u00e9"},"index":0}]""", "Call 0 - - \"é")]
    [InlineData("""[null,"x",[{"id":"z"}],{"index":0,"id":"a","function":{"name":"f","arguments":"1"}},7]""", "Call 0 a f 1")]
    [InlineData("null", "")]
    public void Parser_places_each_piece_of_a_tool_call(string calls, string expected) =>
        Assert.Equal(expected, Found($$$"""{"choices":[{"index":0,"delta":{"tool_calls":{{{calls}}}}}]}"""));

    [Fact]
    public void Parser_joins_a_character_whose_halves_come_in_two_pieces_of_arguments()
    {
        var parser = new ChunkParser();
        var arguments = new StringBuilder();
        foreach (var half in (string[])[@"\ud83d", @"\ude00 \\ \n"])
        {
            Assert.True(parser.TryParse(Encoding.UTF8.GetBytes(
                $$$"""{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{{{half}}}"}}]}}]}""")));
            arguments.Append(parser.Found[0].ToolCall.Arguments);
        }
        Assert.Equal("😀 \\ \n", arguments.ToString());
    }

    [Theory]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}""", "Usage 3 4 - -")]
    [InlineData("""{"usage":{"prompt_tokens":3,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":1,"x":{}}}}""", "Usage 3 4 2 1")]
    [InlineData("""{"choices":[],"x_groq":{"id":"r","usage":{"queue_time":0.1,"prompt_tokens":3,"completion_tokens":4}}}""", "Usage 3 4 - -")]
    [InlineData("""{"usage":{"prompt_tokens":3.5,"completion_tokens":null}}""", "")]
    [InlineData("""{"usage":null}""", "")]
    [InlineData("""{"usage":[1]}""", "")]
    [InlineData("""{"choices":null}""", "")]
    [InlineData("""{"choices":[{"delta":null}]}""", "")]
    [InlineData("""{"choices":[{"delta":{"content":"one"},"index":1},{"delta":{"content":"zero"},"index":0}]}""", "Text zero")]
    [InlineData("""{"choices":[{"delta":{"content":"first"}},{"delta":{"content":"second"}}]}""", "Text first")]
    [InlineData("""{"object":"chat.completion","choices":[{"message":{"role":"assistant","content":"whole"}}]}""", "Text whole")]
    [InlineData("""{"type":"ping"}""", "")]
    public void Parser_finds_what_a_chunk_holds(string chunk, string expected) => Assert.Equal(expected, Found(chunk));

    [Theory]
    [InlineData("\"length\"", "length")]
    [InlineData("\"content_filter\"", "content_filter")]
    [InlineData("\"tool_calls\"", "tool_calls")]
    [InlineData("\"function_call\"", "tool_calls")]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    public void Parser_reads_the_finish_reason(string json, string? expected)
    {
        var parser = new ChunkParser();
        Assert.True(parser.TryParse(Encoding.UTF8.GetBytes($$"""{"choices":[{"index":0,"delta":{},"finish_reason":{{json}}}]}""")));
        Assert.Equal(expected, parser.FinishReason);
    }

    [Theory]
    [InlineData("""{"error":{"message":"x"}}""")]
    [InlineData("""{"error":"x"}""")]
    [InlineData("""{"choices":[],"error":{"message":"x"}}""")]
    [InlineData("""{"x_groq":{"error":"x"}}""")]
    [InlineData("""{"object":"error","message":"x"}""")]
    [InlineData("""{"type":"error","error":{"message":"x"}}""")]
    [InlineData("""{"choices":[{"index":0,"error":{"message":"x"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}""")]
    public void Parser_sees_an_error_in_each_known_shape(string chunk) =>
        Assert.False(new ChunkParser().TryParse(Encoding.UTF8.GetBytes(chunk)));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{\"choices\":[1]}")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"a")]
    [InlineData("{\"usage\":{\"prompt_tokens\":")]
    [InlineData("{}{}")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"\\x\"}}]}")]
    public void Parser_throws_when_it_is_no_chunk(string chunk) =>
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => new ChunkParser().TryParse(Encoding.UTF8.GetBytes(chunk)));

    [Fact]
    public void Parser_replaces_bytes_that_are_no_utf8()
    {
        byte[] chunk = [.. """{"choices":[{"delta":{"content":"a"""u8, 0xC3, 0xFF, .. "b\\n\"}}]}"u8];
        var parser = new ChunkParser();
        Assert.True(parser.TryParse(chunk));
        Assert.Equal("a\uFFFD\uFFFDb\\n", Encoding.UTF8.GetString(parser.Found[0].EscapedText.Span));
    }

    private static string Found(string chunk)
    {
        var parser = new ChunkParser();
        Assert.True(parser.TryParse(Encoding.UTF8.GetBytes(chunk)));
        return string.Join('|', parser.Found.Select(Line));
    }

    private static string Line(ModelChunk chunk) => chunk.Kind switch
    {
        ModelChunkKind.ToolCall => $"Call {chunk.ToolCall.Index} {chunk.ToolCall.Id ?? "-"} {chunk.ToolCall.Name ?? "-"} {chunk.ToolCall.Arguments ?? "-"}",
        ModelChunkKind.Usage => $"Usage {chunk.Usage.InputTokens} {chunk.Usage.OutputTokens} "
            + $"{chunk.Usage.CachedInputTokens?.ToString() ?? "-"} {chunk.Usage.ReasoningTokens?.ToString() ?? "-"}",
        _ => $"{chunk.Kind} {Encoding.UTF8.GetString(chunk.EscapedText.Span)}",
    };
}
