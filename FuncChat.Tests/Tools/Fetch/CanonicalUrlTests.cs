using FuncChat.Tools.Fetch;

namespace FuncChat.Tests.Tools.Fetch;

public sealed class CanonicalUrlTests
{
    [Theory]
    [InlineData("https://a.test", "https://a.test/")]
    [InlineData("HTTPS://A.Test:443/Path", "https://a.test/Path")]
    [InlineData("http://a.test:80/", "http://a.test/")]
    [InlineData("http://a.test:8080/", "http://a.test:8080/")]
    [InlineData("https://a.test/p#part", "https://a.test/p")]
    [InlineData("https://a.test/p?#part", "https://a.test/p")]
    [InlineData("https://user:secret@a.test/", "https://a.test/")]
    [InlineData("https://a.test/?utm_source=x&UTM_Medium=y&gclid=1&fbclid=2&msclkid=3", "https://a.test/")]
    [InlineData("https://a.test/?b=2&utm_source=x&a=1&b=3", "https://a.test/?b=2&a=1&b=3")]
    [InlineData("https://a.test/?utm%5Fsource=x&q=a%26b", "https://a.test/?q=a%26b")]
    [InlineData("https://a.test/?my_utm_source=x", "https://a.test/?my_utm_source=x")]
    [InlineData("https://a.test/ö?q=ä", "https://a.test/%C3%B6?q=%C3%A4")]
    [InlineData("https://a.test/a/../b", "https://a.test/b")]
    [InlineData("https://[::1]:443/", "https://[::1]/")]
    public void Address_has_one_spelling(string url, string expected) => Assert.Equal(expected, CanonicalUrl.Of(url));

    [Theory]
    [InlineData("")]
    [InlineData("not an address")]
    [InlineData("/path")]
    [InlineData("ftp://a.test/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    public void Address_that_is_none_of_the_web_has_no_spelling(string url) => Assert.Null(CanonicalUrl.Of(url));
}
