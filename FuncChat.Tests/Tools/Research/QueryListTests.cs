using FuncChat.Tools.Research;

namespace FuncChat.Tests.Tools.Research;

public sealed class QueryListTests
{
    [Theory]
    [InlineData("""["a","b"]""", "a|b")]
    [InlineData("Sure!\n```json\n[\"a\", \"b\",]\n```\nGood luck [1].", "a|b")]
    [InlineData("""As [asked]: [1, 2] {"queries":["a","b"]}""", "a|b")]
    [InlineData("""[{"query":"a","why":"x"},{"query":"b"}]""", "a|b")]
    [InlineData("1. a\n2) b", "a|b")]
    [InlineData("My queries:\n- \"a\"\n* b  c\n", "a|b c")]
    [InlineData("""["a","A"," a ","","b\nc"]""", "a|b c")]
    [InlineData("""["1","2","3","4","5","6"]""", "1|2|3|4")]
    [InlineData("[]", "")]
    public void List_takes_the_queries_of_an_answer(string answer, string expected)
    {
        Assert.Equal(expected, string.Join('|', QueryList.Parse(answer, 4)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("I can't do that.")]
    [InlineData("[[[[[[[[[")]
    [InlineData("[1,2]")]
    [InlineData("""["\ud800"]""")]
    [InlineData("""["a" """)]
    public void List_is_none_when_the_answer_holds_no_queries(string answer)
    {
        Assert.Null(QueryList.Parse(answer, 4));
    }

    [Fact]
    public void List_leaves_out_a_query_that_is_too_long()
    {
        Assert.Equal(["b"], QueryList.Parse($"""["{new string('a', 201)}","b"]""", 4)!);
    }
}
