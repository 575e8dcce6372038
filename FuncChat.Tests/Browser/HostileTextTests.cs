using System.Text.Json;
using FuncChat.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>A page from the web attacks the reader: in the result of a tool, and in the text that the model writes about it.</summary>
[Trait("Category", "Browser")]
public sealed class HostileTextTests(Chrome chrome) : IClassFixture<Chrome>
{
    // A browser that obeys any of these sets window.canary or requests /beacon.
    private const string Attack = """
        <script>window.canary = 'script'</script>
        <img src="x" onerror="window.canary = 'onerror'">
        <svg onload="window.canary = 'svg'"></svg>
        <iframe srcdoc="<script>parent.canary = 'frame'</script>"></iframe>
        <details open ontoggle="window.canary = 'toggle'">x</details>
        <a href="javascript:window.canary = 'link'">html link</a>
        <style>body { background: url(BEACON?style) }</style>
        <meta http-equiv="refresh" content="0;url=BEACON?refresh">
        <form action="BEACON?form"><button>press</button></form>
        [a link](javascript:window.canary='markdown')
        [another](data:text/html,<script>window.canary='data'</script>)
        <javascript:window.canary='auto'>
        ![leak](BEACON?image)
        ```html
        </code></pre><img src=x onerror="window.canary='fence'">
        ```
        $$\href{javascript:window.canary='math'}{x}\htmlData{a=b}{x}\includegraphics{BEACON?math}$$
        <sup onclick="window.canary='sup'">x</sup><sub style="background:url(BEACON?sub)">x</sub><kbd onmouseover="window.canary='kbd'">x</kbd>
        <details><summary onclick="window.canary='summary'">x</summary><img src=x onerror="window.canary='details'"></details>
        ![inline](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9IndpbmRvdy5jYW5hcnk9J2lubGluZSciLz4=)

        > [!NOTE]<img src=x onerror="window.canary='callout'">
        > <script>window.canary = 'callout'</script>

        ```svg
        <svg viewBox="0 0 9 9" onload="parent.canary = 'svg'"><script>window.canary = 'svg'; fetch('BEACON?svg-script')</script><image href="BEACON?svg-image"/><foreignObject><iframe src="BEACON?svg-frame"/></foreignObject></svg>
        ```

        ```mermaid
        graph TD; A["<img src=x onerror='parent.canary=1; window.canary=1; fetch(`BEACON?mermaid`)'>"]-->B; click A "javascript:window.canary='mermaid'"
        ```

        ```mermaid
        %%{init: {"securityLevel": "loose", "themeCSS": "@import url(BEACON?mermaid-css); *{background:url(BEACON?mermaid-url)}", "fontFamily": "x'; background: url(BEACON?font)"}}%%
        graph TD; A-->B["<iframe srcdoc='<script>parent.parent.canary=1</script>'>"]
        ```
        """;

    [Fact]
    public async Task Nothing_runs_or_leaks_when_a_tool_and_the_model_repeat_an_attack()
    {
        await using var model = await ScriptedModelServer.StartAsync();
        await using var site = await ScriptedWebServer.StartAsync();
        await using var server = await PageServer.StartAsync(
            ("FuncChat__Providers__scripted__Url", model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"),
            ("FuncChat__Web__AllowedPrivateHosts", site.Url.Authority));
        await using var page = await chrome.OpenAsync(server.Address);
        var attack = Attack.Replace("BEACON", new Uri(site.Url, "beacon").ToString(), StringComparison.Ordinal);
        site.On("/attack", attack, "text/plain; charset=utf-8");
        model.Calls(("scrape_web_content", $$"""{"url":"{{site.Url}}attack"}"""), ("execute_javascript", JsonSerializer.Serialize(new { code = attack })))
            .Answers(answer => answer.Reasoning(attack).Text(attack.Split('\n').Select(line => line + "\n").ToArray()).Text("\n\nThe end.").Ends());

        await page.SayAsync(attack);

        await Expect(page.Answer).ToContainTextAsync("The end.");
        await Expect(page.Send).ToBeVisibleAsync();
        await page.UnfoldAllAsync();
        await Expect(page.Tool("Read a web page", "Complete")).ToContainTextAsync("window.canary = 'onerror'");
        // A drawing is an image, in which no script runs and which loads nothing.
        await Expect(page.Answer.Locator("img[src^='data:image/svg+xml;charset=utf-8,']")).Not.ToHaveCountAsync(0);
        await Expect(page.Answer.GetByText("Drawing…")).ToHaveCountAsync(0);
        await Expect(page.Conversation.Locator(
            "script, iframe, style, form, meta, [onerror], [onload], [ontoggle], [onclick], [onmouseover], img:not([src^='data:image/svg+xml;charset=utf-8,'])")).ToHaveCountAsync(0);
        await Expect(page.Conversation.Locator("a:not([href^='http'])")).ToHaveCountAsync(0);
        Assert.Null(await page.CanaryAsync());
        Assert.Equal(["/attack"], site.Requests);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Attack_runs_in_a_page_that_trusts_it()
    {
        // The test above proves nothing without this one.
        await using var page = await chrome.OpenAsync(new Uri("about:blank"));

        await page.ShowUnprotectedAsync(Attack);

        Assert.NotNull(await page.CanaryAsync());
    }
}
