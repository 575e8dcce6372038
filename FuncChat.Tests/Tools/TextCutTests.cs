using FuncChat.Tools;

namespace FuncChat.Tests.Tools;

public sealed class TextCutTests
{
    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc…")]
    [InlineData("ab😀d", 3, "ab…")]
    [InlineData("ab😀d", 4, "ab😀…")]
    [InlineData("😀", 1, "…")]
    public void Text_is_cut_between_characters(string text, int limit, string expected) => Assert.Equal(expected, TextCut.Ellipsize(text, limit));
}
