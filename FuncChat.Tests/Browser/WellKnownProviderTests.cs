using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>
/// The page with Microsoft's servers, Google's script, and the API's responses to their tokens, all played by the test inside the browser. Real tokens are validated in BearerTokenTests.
/// </summary>
[Trait("Category", "Browser")]
public sealed class WellKnownProviderTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private const string Tenant = "00000000-1111-2222-3333-444444444444";
    private const string EntraClient = "55555555-6666-7777-8888-999999999999";

    private static readonly string GoogleToken = Token(("sub", "ada"), ("name", "Ada Lovelace"), ("email", "ada@example.com"));

    private readonly ConcurrentQueue<string?> _authorizations = new();
    private readonly ConcurrentQueue<Dictionary<string, string>> _asked = new();
    private volatile bool _knowsNobody;
    private volatile string _idToken = "";
    private PageServer _server = null!;
    private ChatPage _page = null!;

    public async Task InitializeAsync()
    {
        _server = await PageServer.StartAsync(
            ("GOOGLE_CLIENT_ID", "the-google-client"), ("ENTRA_TENANT_ID", Tenant), ("ENTRA_CLIENT_ID", EntraClient), ("ALLOWED_EMAILS", "ada@example.com"));
        _page = await chrome.OpenAsync(new Uri("about:blank"));
        await _page.Page.RouteAsync("https://login.microsoftonline.com/**", PlayEntraAsync);
        await _page.Page.RouteAsync("https://accounts.google.com/gsi/client", PlayGoogleAsync);
        await _page.Page.RouteAsync("**/api/{models,tools}", PlayApiAsync);
        await _page.OpenAsync(_server.Address);
    }

    public async Task DisposeAsync()
    {
        await _page.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task User_signs_in_with_Microsoft_by_a_code_with_PKCE_and_the_API_receives_the_ID_token()
    {
        await _page.PressButtonAsync("Continue with Microsoft");

        await Expect(_page.Page.GetByText("Ada Lovelace")).ToBeVisibleAsync();
        var authorize = _asked.First();
        Assert.Equal((EntraClient, "code", "S256"), (authorize["client_id"], authorize["response_type"], authorize["code_challenge_method"]));
        Assert.Equal(_server.Address.AbsoluteUri, authorize["redirect_uri"]);
        Assert.Equal("openid profile email offline_access", authorize["scope"]);
        Assert.All(_authorizations, authorization => Assert.Equal($"Bearer {_idToken}", authorization));
        Assert.DoesNotContain(_idToken, await _page.AllKeptAsync(), StringComparison.Ordinal);
        Assert.Equal("/", new Uri(_page.Page.Url).PathAndQuery);
        Assert.Empty(_page.Errors);
    }

    [Fact]
    public async Task Reload_signs_in_silently_with_Microsoft_and_asks_the_user_when_Microsoft_must()
    {
        await _page.PressButtonAsync("Continue with Microsoft");
        await Expect(_page.Page.GetByText("Ada Lovelace")).ToBeVisibleAsync();

        await _page.ReloadAsync();
        await Expect(_page.Page.GetByText("Ada Lovelace")).ToBeVisibleAsync();
        Assert.Equal("none", _asked.Last(asked => asked.ContainsKey("code_challenge"))["prompt"]);

        _knowsNobody = true;
        await _page.ReloadAsync();
        await Expect(_page.Title()).ToHaveTextAsync("Sign in to chat");
    }

    [Fact]
    public async Task User_signs_in_with_Googles_own_button_under_the_policy_of_the_page()
    {
        await _page.PressButtonAsync("Continue with Google");

        await Expect(_page.Page.GetByText("Ada Lovelace")).ToBeVisibleAsync();
        Assert.All(_authorizations, authorization => Assert.Equal($"Bearer {GoogleToken}", authorization));
        Assert.DoesNotContain(GoogleToken, await _page.AllKeptAsync(), StringComparison.Ordinal);
        Assert.Empty(_page.Errors);
    }

    private async Task PlayEntraAsync(IRoute route)
    {
        var uri = new Uri(route.Request.Url);
        if (uri.AbsolutePath.EndsWith("/openid-configuration", StringComparison.Ordinal))
        {
            const string Endpoints = $"https://login.microsoftonline.com/{Tenant}/oauth2/v2.0";
            await FulfillAsync(route, new
            {
                issuer = $"https://login.microsoftonline.com/{Tenant}/v2.0",
                authorization_endpoint = $"{Endpoints}/authorize",
                token_endpoint = $"{Endpoints}/token",
                scopes_supported = new[] { "openid", "profile", "email", "offline_access" },
            });
            return;
        }

        var asked = QueryHelpers.ParseQuery(route.Request.PostData ?? uri.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        _asked.Enqueue(asked);
        if (uri.AbsolutePath.EndsWith("/authorize", StringComparison.Ordinal))
        {
            var result = _knowsNobody && asked.GetValueOrDefault("prompt") == "none" ? "error=login_required&error_description=AADSTS50058" : $"code={asked["nonce"]}";
            await route.FulfillAsync(new()
            {
                ContentType = "text/html",
                Body = $"<script>location.replace({JsonSerializer.Serialize($"{asked["redirect_uri"]}?{result}&state={Uri.EscapeDataString(asked["state"])}")})</script>",
            });
            return;
        }

        // The code is the nonce, which the ID token must repeat.
        _idToken = Token(("sub", "ada"), ("name", "Ada Lovelace"), ("aud", EntraClient), ("nonce", asked["code"]));
        await FulfillAsync(route, new
        {
            token_type = "Bearer",
            scope = "openid profile email",
            expires_in = 3600,
            access_token = "an-access-token-for-graph",
            refresh_token = "a-refresh-token",
            id_token = _idToken,
        });
    }

    private static Task FulfillAsync(IRoute route, object body) => route.FulfillAsync(new()
    {
        Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["access-control-allow-origin"] = "*" },
        ContentType = "application/json",
        Body = JsonSerializer.Serialize(body),
    });

    private static Task PlayGoogleAsync(IRoute route) => route.FulfillAsync(new()
    {
        ContentType = "text/javascript",
        Body = $$"""
            let options;
            window.google = { accounts: { id: {
              initialize(given) { options = given; },
              prompt(onMoment) { onMoment({ isSkippedMoment: () => true, isDismissedMoment: () => false }); },
              disableAutoSelect() {},
              renderButton(place) {
                const button = document.createElement('button');
                button.textContent = 'Continue with Google';
                button.onclick = () => options.callback({ credential: '{{GoogleToken}}' });
                place.replaceChildren(button);
              },
            } } };
            """,
    });

    private async Task PlayApiAsync(IRoute route)
    {
        _authorizations.Enqueue((await route.Request.AllHeadersAsync()).GetValueOrDefault("authorization"));
        await route.FulfillAsync(new() { ContentType = "application/json", Body = """{"models":[],"tools":[]}""" });
    }

    private static string Token(params (string Name, string Value)[] claims)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var all = claims.ToDictionary(claim => claim.Name, object (claim) => claim.Value, StringComparer.Ordinal);
        (all["iss"], all["iat"], all["exp"]) = ($"https://login.microsoftonline.com/{Tenant}/v2.0", now, now + 3600);
        return $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{Base64UrlEncoder.Encode(JsonSerializer.Serialize(all))}.none";
    }
}
