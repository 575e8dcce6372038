using System.Globalization;
using System.Net;
using FuncChat.Tests.Tools.Fetch;
using FuncChat.Tools;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Tools.Scrape;

public class PageReaderRedirectTests
{
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_is_followed_to_another_site(int status)
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/old", Redirect("//other.test/new?x=1#part", status));
        web.Server.On("/new", "there", "text/plain");

        var page = await web.ReadAsync("/old");

        Assert.Equal("there", page.Content);
        Assert.Equal("other.test", page.Url.Host);
        Assert.Equal(["site.test", "other.test"], web.Network.Lookups);
    }

    [Theory]
    [InlineData("http://127.0.0.1/secret")]
    [InlineData("http://2130706433/secret")]
    [InlineData("http://169.254.169.254/secret")]
    [InlineData("http://[::1]/secret")]
    [InlineData("http://inside.test/secret")]
    [InlineData("//inside.test/secret")]
    [InlineData("file:///secret")]
    [InlineData("ftp://site.test/secret")]
    [InlineData("http://user:pass@site.test/secret")]
    [InlineData("javascript:secret")]
    public async Task Redirect_is_refused_when_it_leads_where_a_page_may_not(string location)
    {
        await using var web = await TestWeb.StartAsync();
        web.Network.Name("inside.test", [IPAddress.Parse("10.0.0.7")]);
        web.Server.On("/", Redirect(location));
        web.Server.On("/secret", "secret", "text/plain");

        await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/"));

        Assert.Equal(["/"], web.Server.Requests);
    }

    [Fact]
    public async Task Redirect_is_followed_five_times_and_no_more()
    {
        await using var web = await TestWeb.StartAsync();
        for (var i = 0; i < 7; i++)
            web.Server.On($"/{i}", Redirect((i + 1).ToString(CultureInfo.InvariantCulture)));
        web.Server.On("/7", "there", "text/plain");

        Assert.Equal("there", (await web.ReadAsync("/2")).Content);
        var exception = await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/1"));

        Assert.Equal("The page redirects more than 5 times.", exception.Message);
    }

    [Fact]
    public async Task Redirect_ends_when_it_leads_to_itself()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", Redirect("/"));

        await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/"));

        Assert.Equal(6, web.Server.Requests.Count);
    }

    private static RequestDelegate Redirect(string location, int status = 302) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    };
}
