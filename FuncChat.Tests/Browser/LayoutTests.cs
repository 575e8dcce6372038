using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Screens from a small phone to an ultra-wide one, in both colors.</summary>
[Trait("Category", "Browser")]
public sealed class LayoutTests(Chrome chrome, DemoServer server) : IClassFixture<Chrome>, IClassFixture<DemoServer>
{
    [Theory]
    [InlineData(360)]
    [InlineData(2560)]
    public async Task Page_fits_the_screen_whatever_an_answer_contains(int width)
    {
        await using var page = await chrome.OpenAsync(server.Address, ColorScheme.Light, width);

        await page.SayAsync($"Run JavaScript: '{new string('x', 400)}'");

        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        await page.UnfoldAllAsync();
        await Expect(page.Send).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(page.Model).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.Equal(0, await page.OverflowAsync());
    }

    [Fact]
    public async Task State_of_a_tool_call_does_not_cover_its_title_on_a_narrow_screen()
    {
        await using var page = await chrome.OpenAsync(server.Address, ColorScheme.Light, width: 320, language: "de-DE");
        await page.Page.GetByRole(AriaRole.Textbox, new() { Name = "Nachricht" }).FillAsync("What is 17 * 23? Read https://localhost/");
        await page.PressAsync("Enter");
        var calls = page.Page.Locator("[data-tool-group] [data-tool]");
        await Expect(calls).ToHaveCountAsync(2);
        await Expect(page.Page.Locator("[data-tool][data-status=failed]")).ToHaveCountAsync(1);

        await page.Page.Locator("[data-tool-group] > details > summary").ClickAsync();
        await Expect(calls.First).ToBeVisibleAsync();

        Assert.Equal(0, await page.Page.EvaluateAsync<int>(
            """
            () => {
              const texts = summary => {
                const found = [];
                const walker = document.createTreeWalker(summary, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                  const range = document.createRange();
                  range.selectNodeContents(walker.currentNode);
                  found.push([...range.getClientRects()].filter(box => box.width > 0));
                }
                return found;
              };
              const meet = (one, other) => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1;
              return [...document.querySelectorAll('[role=log] summary')].filter(summary => summary.checkVisibility())
                .flatMap(summary => texts(summary).flatMap((each, index, all) => all.slice(index + 1).flatMap(other => each.flatMap(one => other.filter(two => meet(one, two))))))
                .length;
            }
            """));
        Assert.Equal(0, await page.OverflowAsync());
    }

    [Theory]
    [InlineData(256)] // 1280 x 1024 at 400 %
    [InlineData(480)]
    public async Task Menus_fit_a_small_screen(int height)
    {
        await using var page = await chrome.OpenAsync(server.Address, width: 320);
        await page.Page.SetViewportSizeAsync(320, height);
        await page.SayAsync("What is 17 * 23?");
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");

        await page.Message.FillAsync("One\nTwo\nThree\nFour\nFive\n");
        await page.Message.PressSequentiallyAsync("/");
        await Expect(page.Page.GetByRole(AriaRole.Listbox)).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(page.Page.GetByRole(AriaRole.Option)).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.Message.FillAsync("");

        await page.PressButtonAsync("Show chats");
        await page.PressButtonAsync("Actions for What is 17 * 23?");
        var menu = page.Page.GetByRole(AriaRole.Menu);
        await Expect(menu).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.PressAsync("End");
        await Expect(page.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" })).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.PressAsync("Home");
        await Expect(page.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Rename" })).ToBeInViewportAsync(new() { Ratio = 1 });

        await page.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Move to folder" }).PressAsync("ArrowRight");
        var folder = page.Page.GetByRole(AriaRole.Menuitem, new() { Name = "New folder…" });
        await Expect(folder).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.Equal(0, await folder.Locator("span").EvaluateAsync<int>("text => text.scrollWidth - text.clientWidth"));
    }

    [Theory]
    [InlineData("en-US", "Settings")]
    [InlineData("de-DE", "Einstellungen")]
    public async Task Settings_and_plans_fit_a_phone_with_text_of_twice_the_size(string language, string settings)
    {
        await using var page = await chrome.OpenAsync(server.Address, ColorScheme.Light, width: 375, language: language);
        var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        await session.SendAsync("Page.setFontSizes", new Dictionary<string, object> { ["fontSizes"] = new Dictionary<string, int> { ["standard"] = 32 } });
        await page.ReloadAsync();
        await Expect(page.Page.Locator("form.composer")).ToBeVisibleAsync();
        Assert.Equal(0, await page.OverflowAsync());

        await page.Page.GetByRole(AriaRole.Button, new() { Name = settings, Exact = true }).ClickAsync();

        var options = page.Page.Locator("dialog fieldset label");
        await Expect(options).ToHaveCountAsync(9);
        Assert.Equal(0, await page.OverflowAsync());
        Assert.Equal(0, await options.EvaluateAllAsync<int>("labels => labels.filter(label => label.scrollWidth > label.clientWidth).length"));
        await page.PressAsync("Escape");
        await page.Page.WaitForFunctionAsync("() => !history.state?.overlay"); // the page has gone back from the entry of the dialog
        await page.Page.EvaluateAsync("() => { location.hash = '#/plan'; }");
        var plan = page.Page.Locator("main > section");
        await Expect(plan.Locator("form")).ToBeVisibleAsync();
        Assert.Equal(0, await plan.EvaluateAsync<int>("section => section.scrollWidth - section.clientWidth"));
    }

    [Fact]
    public async Task Theme_follows_the_system_until_the_user_chooses_and_the_choice_is_kept()
    {
        await using var page = await chrome.OpenAsync(server.Address, ColorScheme.Dark);
        await page.BecomesDarkAsync(true);

        await page.PressButtonAsync("Use light theme");

        await page.BecomesDarkAsync(false);
        await page.ReloadAsync();
        await Expect(page.Model).ToBeVisibleAsync();
        await page.BecomesDarkAsync(false);
    }
}
