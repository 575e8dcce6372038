using FuncChat.Tools.Mcp;

namespace FuncChat.Tests.Mcp;

public sealed class ScopeSetTests
{
    [Theory]
    [InlineData("read write", "read write")]
    [InlineData("  read   write read ", "read write")]
    [InlineData("https://example.com/mail.read openid", "https://example.com/mail.read openid")]
    [InlineData("re\"ad wri\\te ok", "ok")]
    [InlineData("l\u00f6schen \u202eread ok\r\n", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Text_that_is_no_scope_is_left_out(string? text, string scopes) => Assert.Equal(scopes, ScopeSet.Parse(text).ToString());

    [Fact]
    public void Scopes_that_are_too_long_together_are_none()
    {
        var half = ScopeSet.Parse(string.Join(' ', Enumerable.Range(1000, 250)));

        Assert.False(half.IsEmpty);
        Assert.True(half.With(ScopeSet.Parse(string.Join(' ', Enumerable.Range(2000, 250)))).IsEmpty);
    }

    [Theory]
    [InlineData("read", "read write", true)]
    [InlineData("", "read", true)]
    [InlineData("read admin", "read write", false)]
    [InlineData("Read", "read", false)]
    public void Scopes_are_within_others_when_all_of_them_are(string some, string others, bool expected) =>
        Assert.Equal(expected, ScopeSet.Parse(some).IsWithin(ScopeSet.Parse(others)));
}
