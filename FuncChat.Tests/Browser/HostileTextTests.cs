using System.Text.Json;
using FuncChat.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>A page from the web attacks the reader: as the result of a tool, and as what the model makes of it.</summary>
[Trait("Category", "Browser")]
public sealed class HostileTextTests(Chrome chrome) : IClassFixture<Chrome>
{
    // Whatever of these a browser obeys sets window.canary or asks for /beacon.
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
        await Expect(page.Conversation.Locator("script, iframe, style, form, meta, [onerror], [onload], [ontoggle], img")).ToHaveCountAsync(0);
        await Expect(page.Conversation.Locator("a:not([href^='http'])")).ToHaveCountAsync(0);
        Assert.Null(await page.CanaryAsync());
        Assert.Equal(["/attack"], site.Requests);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Attack_runs_where_nothing_keeps_it_from_running()
    {
        // Otherwise the test above would prove nothing.
        await using var page = await chrome.OpenAsync(new Uri("about:blank"));

        await page.ShowUnprotectedAsync(Attack);

        Assert.NotNull(await page.CanaryAsync());
    }
}
