using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>The page for searches, over a search engine that answers when the test allows it.</summary>
[Trait("Category", "Browser")]
public sealed class SearchTests(Chrome chrome) : IClassFixture<Chrome>
{
    [Fact]
    public async Task Results_show_query_by_query_with_the_best_at_the_end_and_stay_in_the_history()
    {
        var goOn = new ManualSignal();
        await using var site = await ScriptedWebServer.StartAsync();
        site.On("/search", async context =>
        {
            if (context.Request.Query["q"] == "slow")
                await goOn.WaitAsync(context.RequestAborted);
            var results = new[] { new { url = new Uri(site.Url, "shared"), title = "Shared page", content = "Of " + context.Request.Query["q"] } };
            await context.Response.WriteAsJsonAsync(new { results }, context.RequestAborted);
        });
        await using var server = await PageServer.StartAsync(
            ("SEARXNG_URL", site.Url.ToString()), ("FuncChat__Web__AllowedPrivateHosts", site.Url.Authority));
        await using var page = await chrome.OpenAsync(server);
        await page.PressButtonAsync("Web search");

        await page.Field("One query per line").FillAsync("quick\nslow");
        await page.Field("One query per line").PressAsync("Enter");

        await Expect(page.Region("quick").GetByRole(AriaRole.Link)).ToHaveTextAsync(["Shared page"]);
        await Expect(page.Region("slow")).ToContainTextAsync("Searching");
        goOn.Set();
        await Expect(page.Region("slow").GetByRole(AriaRole.Link)).ToHaveCountAsync(1);
        await Expect(page.Region("Best results")).ToContainTextAsync("Found by: quick, slow");
        Assert.Empty(await page.AxeAsync());

        // The same turn is shown again, without another search.
        var asked = site.Requests.Count;
        await page.ReloadAsync();
        await Expect(page.Region("Best results")).ToContainTextAsync("Found by: quick, slow");
        Assert.Equal(asked, site.Requests.Count);

        // The results outlive the tab.
        await page.Page.EvaluateAsync("() => sessionStorage.clear()");
        await page.ReloadAsync();
        await Expect(page.Region("Best results")).ToHaveCountAsync(0);
        await page.Region("Earlier searches").GetByRole(AriaRole.Button, new() { Name = "quick · slow" }).ClickAsync();
        await Expect(page.Region("Best results")).ToContainTextAsync("Found by: quick, slow");
        Assert.Equal(asked, site.Requests.Count);
        Assert.Empty(page.Errors);
    }
}
