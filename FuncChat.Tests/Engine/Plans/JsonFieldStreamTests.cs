using System.Text;
using FuncChat.Engine.Plans;

namespace FuncChat.Tests.Engine.Plans;

public sealed class JsonFieldStreamTests
{
    private const string Tricky =
        """
        Here it is:
        ```json
        {"a":{"reasoning":"no","x":["reasoning","no",{"reasoning":1}]},"reasoningX":"no","key \"reasoning\"":"no","n":-1.5e3,
         "rea\u0073oning" : "Tides: \"high\" \\ low\/\n\t\u00e9\ud83c\udf0a 🌊}],:{ end", "reasoning":"again","text":"reasoning"}
        ```
        """;

    private const string Expected = "Tides: \"high\" \\ low/\n\té🌊 🌊}],:{ end";

    [Fact]
    public void Field_is_read_whole_from_every_split_in_two()
    {
        for (var split = 0; split <= Tricky.Length; split++)
            Assert.Equal(Expected, Read(Tricky[..split], Tricky[split..]));
    }

    [Fact]
    public void Field_is_read_whole_one_character_at_a_time()
    {
        var pieces = Tricky.Select(c => c.ToString()).ToArray();

        Assert.Equal(Expected, Read(pieces));
    }

    [Fact]
    public void Piece_never_holds_half_a_surrogate_pair()
    {
        var stream = new JsonFieldStream("reasoning");

        var pieces = """{"reasoning":"\ud83c\udf0a🌊"}""".Select(c => stream.Add(c.ToString())).Where(piece => piece.Length > 0);

        Assert.Equal(["🌊", "🌊"], pieces);
    }

    [Fact]
    public void Text_is_given_as_soon_as_it_is_there()
    {
        var stream = new JsonFieldStream("reasoning");

        Assert.Equal("The t", stream.Add("""{"reasoning":"The t"""));
        Assert.Equal("ide", stream.Add("ide"));
        Assert.Equal(".", stream.Add("""."}"""));
        Assert.Equal("", stream.Add("""{"reasoning":"more"}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("No JSON at all, only \"reasoning\": \"words\".")]
    [InlineData("""["reasoning","x"]""")]
    [InlineData("""{"reasoning":5,"x":"reasoning"}""")]
    [InlineData("""{"reasoning":["x",{"reasoning":"y"}]}""")]
    [InlineData("""}}}]]]"reasoning":"x" """)]
    public void Nothing_is_given_when_there_is_no_such_string(string json) => Assert.Equal("", Read(json));

    [Fact]
    public void Half_a_pair_at_the_end_of_the_string_is_given_for_what_it_is() =>
        Assert.Equal("x\ud83c", Read("""{"reasoning":"x\ud83c"}"""));

    [Fact]
    public void Escape_that_is_none_ends_the_text() => Assert.Equal("x", Read("""{"reasoning":"x\u00zzy"}"""));

    private static string Read(params string[] pieces)
    {
        var stream = new JsonFieldStream("reasoning");
        var text = new StringBuilder();
        foreach (var piece in pieces)
            text.Append(stream.Add(piece));
        return text.ToString();
    }
}
