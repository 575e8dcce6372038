using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Tools.Search;

public class DuckDuckGoSearchTests
{
    private const string Page = """
        <!DOCTYPE html><html><head><title>kites at DuckDuckGo</title></head><body><div class="serp__results"><div id="links" class="results">
        <div class="result results_links results_links_deep result--ad ">
          <div class="links_main links_deep result__body"><h2 class="result__title">
            <a rel="nofollow" class="result__a" href="https://duckduckgo.com/y.js?ad_domain=shop.test&amp;ad_provider=bingv7aa">Buy kites</a></h2>
            <a class="result__snippet" href="https://duckduckgo.com/y.js?ad_domain=shop.test">Cheap</a></div></div>
        <div class="result results_links results_links_deep web-result ">
          <div class="links_main links_deep result__body"><h2 class="result__title">
            <a rel="nofollow" class="result__a" href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fkites.test%2Fa%3Fb%3D1%26c%3D%252F&amp;rut=0a1b">Kite &amp; wind</a></h2>
            <div class="result__extras"><div class="result__extras__url"><a class="result__url" href="x">kites.test</a></div></div>
            <a class="result__snippet" href="//duckduckgo.com/l/?uddg=x">A <b>kite</b> is a tethered craft.</a></div></div>
        <div class="result results_links results_links_deep web-result ">
          <h2 class="result__title"><a class="result__a" href="https://direct.test/">Direct</a></h2></div>
        <div class="nav-link"><form action="/html/" method="post">
          <input type="submit" class='btn btn--alt' value="Next" />
          <input type="hidden" name="q" value="kites" /><input type="hidden" name="s" value="10" />
          <input type="hidden" name="nextParams" value="" /><input type="hidden" name="vqd" value="4-1&amp;2" />
        </form></div></div></div></body></html>
        """;

    [Fact]
    public async Task Results_are_read_from_its_page_without_the_advertisements()
    {
        await using var bench = await SearchBench.StartAsync();
        string? form = null;
        bench.Web.Server.On("/html/", async context =>
        {
            form = await new StreamReader(context.Request.Body).ReadToEndAsync();
            await context.Response.WriteAsync(Page);
        });

        var results = await bench.FindAsync(bench.DuckDuckGo, "kites & wind", limit: 2);

        Assert.Equal(
            [
                new("Kite & wind", "https://kites.test/a?b=1&c=%2F", "A kite is a tethered craft.", "duckduckgo"),
                new("Direct", "https://direct.test/", "", "duckduckgo"),
            ], results);
        Assert.Equal("q=kites+%26+wind&b=", form);
    }

    [Fact]
    public async Task Next_page_is_asked_for_by_the_form_of_the_last()
    {
        await using var bench = await SearchBench.StartAsync();
        var forms = new List<string>();
        bench.Web.Server.On("/html/", async context =>
        {
            forms.Add(await new StreamReader(context.Request.Body).ReadToEndAsync());
            await context.Response.WriteAsync(forms.Count == 1
                ? Page
                : """<div class="result web-result"><a class="result__a" href="https://third.test/">Third</a></div>""");
        });

        var results = await bench.FindAsync(bench.DuckDuckGo, limit: 50);

        Assert.Equal(["https://kites.test/a?b=1&c=%2F", "https://direct.test/", "https://third.test/"], results.Select(result => result.Url));
        Assert.Equal(["q=kites&b=", "q=kites&s=10&nextParams=&vqd=4-1%262"], forms);
    }

    [Theory]
    [InlineData(202, "<form id='challenge-form' action='//duckduckgo.com/anomaly.js'></form>", "HTTP status 202")]
    [InlineData(200, "<form id='challenge-form' action='//duckduckgo.com/anomaly.js'></form>", "treats this server as a bot")]
    [InlineData(200, "<div class='anomaly-modal__modal'>Unfortunately, bots use DuckDuckGo too.</div>", "treats this server as a bot")]
    [InlineData(403, "", "access refused")]
    [InlineData(200, "<p>All new!</p>", "has an unknown format")]
    [InlineData(200, "", "has an unknown format")]
    public async Task Failure_says_why(int status, string body, string word)
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/html/", context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });

        Assert.Contains(word, await bench.FailAsync(bench.DuckDuckGo), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_found_when_its_page_says_so()
    {
        await using var bench = await SearchBench.StartAsync();
        bench.Web.Server.On("/html/", "<div class='no-results'>No  results found for <b>kites</b></div>");

        Assert.Empty(await bench.FindAsync(bench.DuckDuckGo));
    }
}
