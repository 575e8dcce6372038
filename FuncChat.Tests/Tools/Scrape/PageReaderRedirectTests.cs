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
    public async Task Redirect_is_followed_twenty_times_and_no_more()
    {
        await using var web = await TestWeb.StartAsync();
        for (var i = 0; i < 22; i++)
            web.Server.On($"/{i}", Redirect((i + 1).ToString(CultureInfo.InvariantCulture)));
        web.Server.On("/22", "there", "text/plain");

        Assert.Equal("there", (await web.ReadAsync("/2")).Content);
        var exception = await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/1"));

        Assert.Equal("The page redirects more than 20 times.", exception.Message);
    }

    [Fact]
    public async Task Redirect_ends_when_it_leads_to_itself()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", Redirect("/"));

        await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/"));

        Assert.Equal(21, web.Server.Requests.Count);
    }

    [Theory]
    [InlineData("<meta http-equiv='refresh' content='0; url=/real'>")]
    [InlineData("<meta content=\"0;URL='/real'\" http-equiv=Refresh>")]
    [InlineData("<meta http-equiv=refresh content='0 /real'>")]
    [InlineData("<meta http-equiv=refresh content='1, url = //other.test/real'>")]
    public async Task Refresh_of_the_markup_is_followed_when_it_comes_at_once(string meta)
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", $"<head>{meta}</head>Moved");
        web.Server.On("/real", "there", "text/plain");

        Assert.Equal("there", (await web.ReadAsync("/")).Content);
    }

    [Theory]
    [InlineData("http://169.254.169.254/secret")]
    [InlineData("http://inside.test/secret")]
    [InlineData("http://user:pass@site.test/secret")]
    [InlineData("file:///secret")]
    public async Task Refresh_of_the_markup_is_not_followed_when_it_leads_where_a_page_may_not(string location)
    {
        await using var web = await TestWeb.StartAsync();
        web.Network.Name("inside.test", [IPAddress.Parse("10.0.0.7")]);
        web.Server.On("/", $"<meta http-equiv=refresh content='0;url={location}'>");
        web.Server.On("/secret", "secret", "text/plain");

        await Record.ExceptionAsync(() => web.ReadAsync("/"));

        Assert.Equal(["/"], web.Server.Requests);
    }

    [Fact]
    public async Task Refresh_of_the_markup_is_reported_when_it_comes_later()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", "<meta http-equiv=refresh content='5;url=/next'>Wait");

        var page = await web.ReadAsync("/");

        Assert.Equal(("Wait", "The page sends its reader to http://site.test/next after 5 seconds."), (page.Content, page.Note));
    }

    [Fact]
    public async Task Refresh_of_the_markup_ends_when_it_leads_in_a_circle()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/a", "<meta http-equiv=refresh content='0;url=/b'>");
        web.Server.On("/b", "<meta http-equiv=refresh content='0;url=/a'>");

        await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/a"));

        Assert.Equal(21, web.Server.Requests.Count);
    }

    [Fact]
    public async Task Cookies_are_kept_within_one_reading_and_for_their_site()
    {
        await using var web = await TestWeb.StartAsync();
        var seen = new List<string>();
        web.Server.On("/wall", context =>
        {
            var cookie = context.Request.Headers.Cookie.ToString();
            seen.Add(cookie);
            context.Response.ContentType = "text/plain";
            if (cookie.Contains("seen=1", StringComparison.Ordinal))
                return context.Response.WriteAsync("inside");
            context.Response.Headers.SetCookie = "seen=1; Path=/";
            return Redirect("/wall")(context);
        });
        web.Server.On("/away", context =>
        {
            context.Response.Headers.SetCookie = "mine=1; Path=/";
            return Redirect("//other.test/wall")(context);
        });

        Assert.Equal("inside", (await web.ReadAsync("/wall")).Content);
        Assert.Equal("inside", (await web.ReadAsync("/away")).Content);

        Assert.Equal(["", "seen=1", "", "seen=1"], seen);
    }

    private static RequestDelegate Redirect(string location, int status = 302) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    };
}
