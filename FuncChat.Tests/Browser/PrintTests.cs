using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>What the printer receives.</summary>
[Trait("Category", "Browser")]
public sealed class PrintTests(Chrome chrome, ScriptedServer server) : IClassFixture<Chrome>, IClassFixture<ScriptedServer>
{
    [Fact]
    public async Task Chat_is_printed_in_light_colors_with_its_math_and_diagrams_when_the_theme_is_dark()
    {
        server.Model.Says("[A link](https://example.com/) and $$x^2$$\n\n```js\nconst x = 1;\n```\n\n```mermaid\nflowchart LR\n  A --> B\n```");
        await using var page = await chrome.OpenAsync(server.Address, ColorScheme.Dark);
        await page.SayAsync("Show me.");
        await Expect(page.Answer.Locator(".hljs-keyword")).ToHaveCountAsync(1);
        await Expect(page.Answer.Locator(".katex").First).ToBeVisibleAsync();
        var diagram = page.Answer.GetByRole(AriaRole.Img, new() { Name = "Diagram" });
        await Expect(diagram).ToBeVisibleAsync();
        // Diagrams are drawn for the printer once they are shown.
        await page.Page.WaitForFunctionAsync(
            """
            dark => {
              dispatchEvent(new Event("beforeprint"));
              const drawn = document.querySelector("[role=log] img")?.src;
              dispatchEvent(new Event("afterprint"));
              return drawn !== undefined && drawn !== dark;
            }
            """,
            await diagram.GetAttributeAsync("src"), new() { PollingInterval = 200 });

        await page.Page.EmulateMediaAsync(new() { Media = Media.Print });
        var printed = await page.Page.EvaluateAsync<string[]>(
            """
            () => {
              dispatchEvent(new Event("beforeprint"));
              const find = selector => document.querySelector(`[role=log] ${selector}`);
              return [
                getComputedStyle(find("a")).color,
                getComputedStyle(find(".hljs-keyword")).color,
                getComputedStyle(find("img").parentElement).backgroundColor,
                find(".katex-mathml annotation").textContent,
                getComputedStyle(find("article:has(.katex)")).counterReset,
              ];
            }
            """);

        Assert.Equal(["rgb(15, 118, 110)", "rgb(138, 43, 226)", "rgb(255, 255, 255)", "x^2", "katexEqnNo 0 mmlEqnNo 0"], printed);
    }
}
