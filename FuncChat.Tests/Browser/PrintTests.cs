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

    [Theory]
    [InlineData(9)]
    [InlineData(40)]
    public async Task Table_with_many_columns_fits_on_the_paper(int columns)
    {
        string Row(string cell) => $"|{string.Concat(Enumerable.Range(0, columns).Select(column => $" {cell}{column} |"))}";
        server.Model.Says($"{Row("Longer heading")}\n|{string.Concat(Enumerable.Repeat("---|", columns))}\n{Row("cell")}");
        await using var page = await chrome.OpenAsync(server.Address);
        await page.SayAsync("Show me.");
        await Expect(page.Answer.GetByRole(AriaRole.Columnheader)).ToHaveCountAsync(columns);

        // A4 within margins of 1 cm, in pixels.
        await page.Page.SetViewportSizeAsync(718, 1000);
        await page.Page.EmulateMediaAsync(new() { Media = Media.Print });
        var right = await page.Page.EvaluateAsync<double>(
            """() => (dispatchEvent(new Event("beforeprint")), document.querySelector("[role=log] table").getBoundingClientRect().right)""");

        Assert.InRange(right, 1, 718);
    }
}
