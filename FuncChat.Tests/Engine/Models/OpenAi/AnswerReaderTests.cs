using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.OpenAi;

namespace FuncChat.Tests.Engine.Models.OpenAi;

public sealed class AnswerReaderTests
{
    private const string Stream = """
        : comment

        data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{"reasoning_content":"Hm"}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{"content":"é"}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{"content":"\ud83d\ude00 \"q\""}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}

        data: {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

        data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}

        data: [DONE]


        """;

    private const string Expected = "Reasoning Hm|Text é|Text \\ud83d\\ude00 \\\"q\\\"|ToolCall a f {}|Usage 1 2|State reasoning_content 0|Finish tool_calls";

    private const string Whole = """
        {"choices":[{"index":0,"message":{"reasoning_content":"Hm","content":"é"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}
        """;

    private const string Perplexity = """
        data: {"citations":["https://one.test/a","https://two.test/"],"search_results":[{"title":"One","url":"https://one.test/a"},{"title":"Two","url":"https://two.test/"}],"choices":[{"index":0,"delta":{"content":"So "},"message":{"content":"So "}}]}

        data: {"citations":["https://one.test/a","https://two.test/"],"search_results":[{"title":"One","url":"https://one.test/a"},{"title":"Two","url":"https://two.test/"}],"choices":[{"index":0,"delta":{"content":"[2]."},"message":{"content":"So [2]."}}]}

        data: {"citations":["https://one.test/a","https://two.test/"],"search_results":[{"title":"One","url":"https://one.test/a"},{"title":"Two","url":"https://two.test/"}],"choices":[{"index":0,"delta":{"content":""},"message":{"content":"So [2]."},"finish_reason":"stop"}]}


        """;

    private const string Annotated = """
        data: {"choices":[{"index":0,"delta":{"content":"See [one](https://one.test/a)."}}]}

        data: {"choices":[{"index":0,"delta":{"content":"","annotations":[{"type":"url_citation","url_citation":{"url":"https://one.test/a","title":"One","start_index":4,"end_index":29}},{"type":"url_citation","url_citation":{"url":"https://two.test/"}}]}}]}

        data: {"choices":[{"index":0,"delta":{"content":" Bye","annotations":[{"type":"url_citation","url":"https://one.test/a#x","title":"Again"},{"type":"file_citation","url":"https://no.test/"}]},"finish_reason":"stop"}]}

        data: [DONE]


        """;

    private const string WholeAnnotated = """
        {"citations":["https://one.test/a"],"choices":[{"index":0,"message":{"content":"a [1]","annotations":[{"type":"url_citation","url_citation":{"url":"https://two.test/","title":"Two"}}]},"finish_reason":"stop"}]}
        """;

    [Theory]
    [InlineData(Perplexity, "Text So |Text [2].|Sources 1 https://one.test/a One, 2 https://two.test/ Two|Finish stop")]
    [InlineData(Annotated, "Text See [one](https://one.test/a).|Text  Bye|Sources  https://one.test/a One,  https://two.test/ two.test|Finish stop")]
    [InlineData(WholeAnnotated, "Text a [1]|Sources 1 https://one.test/a one.test,  https://two.test/ Two|Finish stop")]
    [InlineData(Stream, Expected)]
    [InlineData(Whole, "Reasoning Hm|Text é|Usage 1 2|State reasoning_content 0|Finish stop")]
    [InlineData("\uFEFF \r\n" + Whole + "\n", "Reasoning Hm|Text é|Usage 1 2|State reasoning_content 0|Finish stop")]
    public void Reader_gives_the_same_chunks_however_the_bytes_are_split(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        Assert.Equal(expected, Read(bytes, bytes.Length));
        for (var size = 1; size < 64; size++)
            Assert.Equal(expected, Read(bytes, size));
    }

    [Fact]
    public void Reader_gives_valid_chunks_or_a_model_exception_whatever_it_is_fed()
    {
        var random = new Random(42);
        var good = Encoding.UTF8.GetBytes(Stream);
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        for (var round = 0; round < 3000; round++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (round % 10 == 0)
                random.NextBytes(bytes);
            var outcome = Read(bytes, bytes.Length, strict);
            Assert.Equal(outcome, Read(bytes, random.Next(1, 50), strict));
        }
    }

    [Fact]
    public void Reader_allocates_nothing_for_a_piece_of_text_whose_shape_it_knows()
    {
        const int Count = 40;
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Count).Select(
            number => $$$"""data: {"id":"1","choices":[{"index":0,"delta":{"content":"word {{{number}}} é \n"}}]}""" + "\n\n")));
        using var answer = new AnswerReader(new ProviderErrorMapper("p", null));
        Feed(answer, bytes);
        for (var piece = 0; piece < 10; piece++)
            Assert.True(answer.TryRead(out _));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var pieces = 10;
        while (answer.TryRead(out _))
            pieces++;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Count, pieces);
        Assert.Equal(0, allocated);
    }

    private static void Feed(AnswerReader answer, ReadOnlySpan<byte> bytes)
    {
        var space = answer.Space();
        Assert.True(space.Length >= bytes.Length);
        bytes.CopyTo(space.Span);
        answer.Received(bytes.Length);
    }

    /// <summary>What comes out, chunks joined by `|`, when so many bytes come at a time; the last is an error's code.</summary>
    private static string Read(byte[] bytes, int size, Encoding? encoding = null)
    {
        var lines = new List<string>();
        using var answer = new AnswerReader(new ProviderErrorMapper("p", null));
        try
        {
            for (var at = 0; !answer.IsOver;)
            {
                while (answer.TryRead(out var chunk))
                    lines.Add(Line(chunk, encoding ?? Encoding.UTF8));
                if (answer.IsOver)
                    break;
                var space = answer.Space();
                var count = Math.Min(Math.Min(size, space.Length), bytes.Length - at);
                bytes.AsMemory(at, count).CopyTo(space);
                answer.Received(count);
                at += count;
            }
        }
        catch (ModelException failure)
        {
            lines.Add(failure.Error.Code.ToString());
        }
        return string.Join('|', lines);
    }

    private static string Line(ModelChunk chunk, Encoding encoding) => $"{chunk.Kind} " + chunk.Kind switch
    {
        ModelChunkKind.ToolCall => $"{chunk.ToolCall.Id} {chunk.ToolCall.Name} {chunk.ToolCall.Arguments}",
        ModelChunkKind.Usage => $"{chunk.Usage.InputTokens} {chunk.Usage.OutputTokens}",
        ModelChunkKind.Sources => string.Join(", ", chunk.Sources.Select(source => $"{source.Place} {source.Url} {source.Title}")),
        ModelChunkKind.Finish => chunk.FinishReason,
        ModelChunkKind.State => $"{chunk.State.ReasoningField} {chunk.State.ToolCalls.Count}",
        _ => Valid(encoding.GetString(chunk.EscapedText.Span)),
    };

    /// <summary>The inside of a JSON string, which must be one.</summary>
    private static string Valid(string escaped)
    {
        using var parsed = System.Text.Json.JsonDocument.Parse($"\"{escaped}\"");
        Assert.Equal(System.Text.Json.JsonValueKind.String, parsed.RootElement.ValueKind);
        return escaped;
    }
}
