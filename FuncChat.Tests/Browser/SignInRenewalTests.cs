using FuncChat.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Tokens that expire, are renewed, or are rejected.</summary>
[Trait("Category", "Browser")]
public sealed class SignInRenewalTests(Chrome chrome) : SignInBench(chrome)
{
    [Fact]
    public async Task Token_is_renewed_before_it_expires()
    {
        Issuer.NextToken(("exp", Issuer.In(200)));
        Model.Says("Hello Ada.");

        await Page.SignInAsync("ada");
        await Page.SayAsync("Hello");

        await Expect(Page.Answer).ToContainTextAsync("Hello Ada.");
        Assert.Equal(1, Issuer.Renewals);
    }

    [Fact]
    public async Task Token_that_the_api_rejects_is_renewed_once_silently()
    {
        Issuer.NextToken(("nbf", Issuer.In(600)));
        Model.Says("Hello Ada.");

        await Page.SignInAsync("ada");
        await Page.SayAsync("Hello");

        await Expect(Page.Answer).ToContainTextAsync("Hello Ada.");
        Assert.Equal(1, Issuer.Renewals);
    }

    [Fact]
    public async Task Page_shows_why_when_the_api_rejects_every_token()
    {
        Issuer.NextToken(("aud", "another-page"));
        Issuer.NextToken(("aud", "another-page"));

        await Page.SignInAsync("ada");

        await Expect(Page.Page.GetByText("The token was issued for another application.")).ToBeVisibleAsync();
        Assert.Equal(1, Issuer.Renewals);
    }

    [Fact]
    public async Task Answer_and_draft_survive_a_sign_in_that_expires_in_the_middle_of_a_turn()
    {
        var goOn = new ManualSignal();
        Model.Answers(answer => answer.Text("Before the end").WaitFor(goOn).Text(", and after it.").Ends());
        await Page.SignInAsync("ada");
        await Page.SayAsync("Tell me.");
        await Expect(Page.Answer).ToContainTextAsync("Before the end");
        await Page.Message.FillAsync("Half a thought");

        Issuer.Renews = false;
        await Page.Page.EvaluateAsync("() => { const now = Date.now; Date.now = () => now() + 2 * 60 * 60 * 1000; }");
        Relay.Cut();
        await Expect(Page.Page.GetByText("Your sign-in has expired.")).ToBeVisibleAsync();
        await Expect(Page.Title()).ToBeFocusedAsync();
        Assert.Empty(await Page.AxeAsync());
        await Page.Continue().ClickAsync();
        goOn.Set();

        await Expect(Page.Answer).ToContainTextAsync("Before the end, and after it.");
        await Expect(Page.Message).ToHaveValueAsync("Half a thought");
        Assert.Single(Model.Requests);
        Assert.Empty(Page.Errors);
    }
}
