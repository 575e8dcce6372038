using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FuncChat.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>The preview of HTML that a model wrote.</summary>
[Trait("Category", "Browser")]
public sealed class HtmlPreviewTests(Chrome chrome) : IClassFixture<Chrome>
{
    private const string Attack = """
        ```html
        <!doctype html>
        <html><head><style>@import url(BEACON/import); h1 { color: rgb(0, 128, 0); background: url(BEACON/style) } @font-face { font-family: f; src: url(BEACON/font) } p { font-family: f }</style>
        <link rel="preconnect" href="BEACON"><link rel="dns-prefetch" href="BEACON"><link rel="prefetch" href="BEACON/prefetch"><link rel="stylesheet" href="BEACON/sheet">
        <link rel="preload" as="image" href="BEACON/preload"><link rel="icon" href="BEACON/icon"><meta http-equiv="refresh" content="0;url=BEACON/refresh"><base href="BEACON/base"></head>
        <body onload="parent.canary = 'load'"><h1>Hello preview</h1><p>Text</p>
        <img src="BEACON/image" srcset="BEACON/set 2x" onerror="parent.canary = 'error'"><video src="BEACON/video" poster="BEACON/poster" autoplay></video><audio src="BEACON/audio" autoplay></audio>
        <picture><source srcset="BEACON/picture"><img></picture><svg><image href="BEACON/svg"/><use href="BEACON/use#x"/></svg><input type="image" src="BEACON/input">
        <script>parent.canary = 'script'; localStorage.x = 1; fetch('BEACON/fetch'); new RTCPeerConnection({ iceServers: [{ urls: 'stun:HOST' }] }).createDataChannel('x');</script>
        <iframe src="BEACON/frame"></iframe><iframe srcdoc="<script>parent.parent.canary = 'srcdoc'</script><img src='BEACON/srcdoc'>"></iframe><object data="BEACON/object"></object><embed src="BEACON/embed">
        <template shadowrootmode="open"><link rel="preconnect" href="BEACON/shadow"><img src="BEACON/shadow"></template><noscript><img src="BEACON/noscript"></noscript>
        <a id="down" href="#end">down</a> <a id="same" href="BEACON/same">same</a> <a id="new" href="BEACON/new" target="_blank" ping="BEACON/ping">new</a> <a id="top" href="BEACON/top" target="_top">top</a> <a id="script" href="javascript:parent.canary='link'">script</a>
        <form action="BEACON/form"><input name="secret" value="s"><button id="send">Send</button></form><p id="end" style="margin-top: 200vh">The end of the page</p>
        <svg><a><set attributeName="href" to="BEACON/animated"/></a></svg><form><math><mtext></form><form><mglyph><style></math><link rel="preconnect" href="BEACON/parsed-again"></body></html>
        ```
        """;

    [Fact]
    public async Task Preview_shows_the_page_and_reaches_neither_the_network_nor_the_page_around_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connections = new ConcurrentQueue<string>();
        using var ended = new CancellationTokenSource();
        var accepting = AcceptAsync();
        var host = listener.LocalEndpoint.ToString()!;
        await using var model = await ScriptedModelServer.StartAsync();
        await using var server = await PageServer.StartAsync(
            ("FuncChat__Providers__scripted__Url", model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"));
        await using var page = await chrome.OpenAsync(server.Address);
        var html = Attack.Replace("BEACON", $"http://{host}", StringComparison.Ordinal).Replace("HOST", host, StringComparison.Ordinal);
        model.Answers(answer => answer.Text(html.Split('\n').Select(line => line + "\n").ToArray()).Text("\n\nThe end.").Ends());
        await page.SayAsync("Show me a page");
        await Expect(page.Answer).ToContainTextAsync("The end.");
        await Expect(page.Send).ToBeVisibleAsync();
        await Expect(page.Answer.Locator("iframe")).ToHaveCountAsync(0);

        await page.PressButtonAsync("Show preview");

        var preview = page.Answer.FrameLocator("iframe[title='HTML preview']");
        await Expect(preview.Locator("h1")).ToHaveTextAsync("Hello preview");
        await Expect(preview.Locator("h1")).ToHaveCSSAsync("color", "rgb(0, 128, 0)");
        await Expect(preview.Locator("#end")).Not.ToBeInViewportAsync();
        await preview.Locator("#down").ClickAsync();
        await Expect(preview.Locator("#end")).ToBeInViewportAsync();
        foreach (var id in new[] { "same", "new", "top", "script", "send" })
            await preview.Locator($"#{id}").ClickAsync();
        await Expect(preview.Locator("h1")).ToHaveTextAsync("Hello preview");
        await page.PressButtonAsync("Show code");
        await Expect(page.Answer.Locator("iframe")).ToHaveCountAsync(0);
        Assert.Null(await page.CanaryAsync());
        Assert.Null(await page.Page.EvaluateAsync<string?>("() => localStorage.x ?? null"));
        Assert.Single(page.Page.Context.Pages);
        Assert.StartsWith(server.Address.ToString(), page.Page.Url, StringComparison.Ordinal);
        await ended.CancelAsync();
        await accepting;
        Assert.Empty(connections);

        async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    using var connection = await listener.AcceptTcpClientAsync(ended.Token);
                    connections.Enqueue(connection.Client.RemoteEndPoint!.ToString()!);
                }
            }
            catch (OperationCanceledException)
            {
                // The test has ended.
            }
        }
    }
}
