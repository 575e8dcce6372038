using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Tools that read the web, whose pages the test holds back until it has seen what the page shows in the meantime.</summary>
[Trait("Category", "Browser")]
public sealed class ToolTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private ScriptedModelServer _model = null!;
    private ScriptedWebServer _site = null!;
    private PageServer _server = null!;
    private ChatPage _page = null!;

    public async Task InitializeAsync()
    {
        _model = await ScriptedModelServer.StartAsync();
        _site = await ScriptedWebServer.StartAsync();
        _server = await PageServer.StartAsync(
            ("FuncChat__Providers__scripted__Url", _model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"),
            ("SEARXNG_URL", _site.Url.ToString()), ("FuncChat__Web__AllowedPrivateHosts", _site.Url.Authority));
        _page = await chrome.OpenAsync(_server.Address);
    }

    public async Task DisposeAsync()
    {
        await _page.DisposeAsync();
        await _server.DisposeAsync();
        await _site.DisposeAsync();
        await _model.DisposeAsync();
    }

    [Fact]
    public async Task Card_shows_the_progress_of_a_long_run_and_then_its_sources()
    {
        var goOn = new ManualSignal();
        Finds("/first", "/second");
        _site.On("/first", "<!doctype html><title>First page</title><p>The sea rises.</p>");
        _site.On("/second", async context =>
        {
            await goOn.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("<!doctype html><title>Second page</title><p>The sea falls.</p>", context.RequestAborted);
        });
        _model.Calls(("research", """{"question":"Why tides?","max_sources":2}"""))
            .Says("""["tides"]""").Says("It rises.").Says("It falls.").Says("It rises [1] and falls [2].").Says("Because of the moon.");

        await _page.SayAsync("Research the tides.");

        var card = _page.Tool("Research", "Running");
        await Expect(card.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", "1");
        await Expect(card.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("max", "2");
        goOn.Set();
        var done = _page.Tool("Research", "Complete");
        await Expect(done).ToBeVisibleAsync();
        await Expect(_page.Answer).ToContainTextAsync("Because of the moon.");
        await done.Locator("summary").First.ClickAsync();
        await Expect(done.GetByRole(AriaRole.Listitem).GetByRole(AriaRole.Link)).ToHaveTextAsync(["First page", "Second page"]);
        await _page.Answer.GetByText("2 sources").ClickAsync();
        await Expect(_page.Answer.GetByRole(AriaRole.List, new() { Name = "Sources" }).GetByRole(AriaRole.Link)).ToHaveTextAsync(["First page", "Second page"]);
        Assert.Empty(await _page.AxeAsync());
    }

    [Fact]
    public async Task Text_cites_the_sources_of_all_calls_of_a_turn_by_the_numbers_that_the_model_was_given()
    {
        _site.On("/own", "<!doctype html><title>Own page</title><p>The sea rises.</p>");
        _site.On("/search", context => context.Response.WriteAsJsonAsync(
            new
            {
                results = (context.Request.Query["q"] == "ebb" ? ["/second", "/third"] : new[] { "/first", "/second" })
                    .Select(path => new { url = new Uri(_site.Url, path), title = $"Page {path}", content = "Found." }),
            },
            context.RequestAborted));
        _model.Calls(("scrape_web_content", $$"""{"url":"{{_site.Url}}own"}"""))
            .Calls(("search_web", """{"query":"flood"}""")).Calls(("search_web", """{"query":"ebb"}"""))
            .Says("Own [1], first [2], second [3], third [4], none [5].");

        await _page.SayAsync("Read and search.");

        await Expect(_page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        var chips = _page.Answer.Locator(".source-chip a");
        await Expect(chips).ToHaveTextAsync(["1", "2", "3", "4"]);
        string[] paths = ["own", "first", "second", "third"];
        for (var i = 0; i < paths.Length; i++)
            await Expect(chips.Nth(i)).ToHaveAttributeAsync("href", $"{_site.Url}{paths[i]}");
        await Expect(_page.Answer).ToContainTextAsync("none [5].");
        await _page.Answer.GetByText("4 sources").ClickAsync();
        await Expect(_page.Answer.GetByRole(AriaRole.List, new() { Name = "Sources" }).GetByRole(AriaRole.Link))
            .ToHaveTextAsync(["Own page", "Page /first", "Page /second", "Page /third"]);
        Assert.Empty(await _page.AxeAsync());
    }

    [Fact]
    public async Task Calls_of_one_round_are_a_group_in_call_order_and_a_failed_one_shows_why()
    {
        Finds("/tides");
        _model.Calls(("search_web", """{"query":"tides"}"""), ("scrape_web_content", $$"""{"url":"{{_site.Url}}gone"}""")).Says("Both done.");

        await _page.SayAsync("Search and read.");

        await Expect(_page.Answer).ToContainTextAsync("Both done.");
        var group = _page.Answer.GetByRole(AriaRole.Group, new() { Name = "2 tool calls" });
        await Expect(group).ToContainTextAsync("Search the web, Read a web page");
        await Expect(group).ToContainTextAsync("1 failed");
        await group.Locator("summary").First.ClickAsync();
        await Expect(_page.Tool("Search the web", "Complete")).ToBeVisibleAsync();
        var failed = _page.Tool("Read a web page", "Failed");
        await failed.Locator("summary").ClickAsync();
        await Expect(failed).ToContainTextAsync("404");
        await Expect(_page.Answer.Locator("[data-tool]")).ToHaveCountAsync(2);
        await Expect(_page.Answer.Locator("[data-tool]").First).ToHaveAttributeAsync("data-tool", "search_web");
    }

    [Fact]
    public async Task Stop_ends_a_tool_that_is_running()
    {
        var left = new ManualSignal();
        _site.On("/slow", async context =>
        {
            context.RequestAborted.Register(left.Set);
            await left.WaitAsync();
        });
        _model.Calls(("scrape_web_content", $$"""{"url":"{{_site.Url}}slow","timeout":60}"""));
        await _page.SayAsync("Read it.");
        await Expect(_page.Tool("Read a web page", "Running")).ToBeVisibleAsync();

        await _page.Stop.ClickAsync();

        await Expect(_page.Tool("Read a web page", "Stopped")).ToBeVisibleAsync();
        await left.WaitAsync();
        await Expect(_page.Send).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Panel_lists_every_model_call_of_the_turn()
    {
        Finds("/tides");
        _model.Calls(("search_web", """{"query":"tides"}""")).Says("Found.");
        await _page.SayAsync("Search.");
        await Expect(_page.Answer).ToContainTextAsync("Found.");

        await _page.OpenModelCallsAsync();

        await Expect(_page.ModelCalls.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(_page.ModelCalls.Locator("tbody tr").First).ToContainTextAsync("scripted:actor");
    }

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task Card_of_a_source_is_whole_within_the_window(int width)
    {
        await _page.Page.SetViewportSizeAsync(width, 800);
        Finds("/a-page-whose-name-is-so-long-that-its-card-is-as-wide-as-a-card-can-be");
        _model.Calls(("search_web", """{"query":"tides"}"""))
            .Says("Tides [1] are regular, which is known, they rise and fall [1], twice a day [1], each day.\n\n| what | where | when | from |\n|---|---|---|---|\n| tides | everywhere | always | [1] |");
        await _page.SayAsync("Search.");
        var chips = _page.Answer.Locator(".source-chip");
        await Expect(chips).ToHaveCountAsync(4);

        foreach (var chip in await chips.AllAsync())
        {
            await chip.HoverAsync();

            var card = chip.Locator(".source-card");
            await Expect(card).ToBeVisibleAsync();
            await Expect(card).ToHaveCSSAsync("opacity", "1");
            Assert.Equal("", await card.EvaluateAsync<string>(
                """
                card => {
                  const { left, right, top, bottom, width } = card.getBoundingClientRect();
                  const isOutside = left < 0 || right > innerWidth || top < 0 || bottom > innerHeight;
                  card.style.pointerEvents = "auto";
                  const isCovered = [[left + 4, top + 4], [right - 4, bottom - 4]].some(([x, y]) => !card.contains(document.elementFromPoint(x, y)));
                  return isOutside || isCovered ? `${left}-${right}, ${top}-${bottom} ${isCovered}` : "";
                }
                """));
        }
        await _page.Page.Mouse.MoveAsync(2, 2);
        await Expect(_page.Answer.Locator(".source-card:popover-open")).ToHaveCountAsync(0);
        Assert.Empty(_page.Errors);
    }

    private void Finds(params string[] paths) => _site.On("/search", context => context.Response.WriteAsJsonAsync(
        new { results = paths.Select(path => new { url = new Uri(_site.Url, path), title = $"Page {path}", content = "Found." }) }, context.RequestAborted));
}
