using System.Collections.Concurrent;
using System.Net;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>The page as Azure Static Web Apps serves it, with the API on another origin, as in the cloud.</summary>
[Trait("Category", "Browser")]
public sealed class StaticWebAppTests(Chrome chrome, EmulatedPage emulated) : IClassFixture<Chrome>, IClassFixture<EmulatedPage>
{
    private readonly PageEmulator _emulator = emulated.Emulator;
    private readonly Uri _api = emulated.Api;

    // The same page under another name: an origin that the API does not allow.
    private Uri Stranger => new UriBuilder(_emulator.Address) { Host = "localhost" }.Uri;

    [Fact]
    public async Task Chat_with_a_tool_works_with_the_api_on_another_origin()
    {
        await using var page = await chrome.OpenAsync(_emulator.Address);
        var errors = new ConcurrentQueue<string>();
        page.Page.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Enqueue(message.Text);
        };

        await page.SayAsync("Run JavaScript: [1, 2, 3].map(x => x * 14)");
        await Expect(page.Tool("Run JavaScript", "Complete")).ToBeVisibleAsync();
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");
        await page.SayAsync("Hello");
        await Expect(page.Questions).ToHaveCountAsync(2);
        await Expect(page.Answer).ToHaveAttributeAsync("aria-busy", "false");

        Assert.Empty(errors);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Page_reads_the_headers_of_the_api_that_it_needs()
    {
        await using var page = await chrome.OpenAsync(_emulator.Address);

        var turnId = await page.Page.EvaluateAsync<string>(
            """
            async url => {
              const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], turn_id: 'turn-0001' });
              const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
              return response.headers.get('x-turn-id');
            }
            """,
            new Uri(_api, "api/chat").AbsoluteUri);

        Assert.Equal("turn-0001", turnId);
    }

    [Fact]
    public async Task Preflight_of_a_chat_is_valid_for_two_hours()
    {
        using var http = new HttpClient();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, new Uri(_api, "api/chat"));
        preflight.Headers.Add("Origin", _emulator.Address.GetLeftPart(UriPartial.Authority));
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization, content-type");

        using var response = await http.SendAsync(preflight);

        Assert.Equal(_emulator.Address.GetLeftPart(UriPartial.Authority), response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("7200", response.Headers.GetValues("Access-Control-Max-Age").Single());
    }

    [Fact]
    public async Task Browser_refuses_the_api_to_an_origin_that_is_not_allowed()
    {
        await using var page = await chrome.OpenAsync(Stranger);
        await Expect(page.Message).ToBeVisibleAsync();

        var failure = await page.Page.EvaluateAsync<string>(
            "url => fetch(url).then(response => `answered ${response.status}`, error => error.name)", new Uri(_api, "api/models").AbsoluteUri);

        Assert.Equal("TypeError", failure);
        await Expect(page.Send).ToBeDisabledAsync();
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK, "no-cache")]
    [InlineData("some/deep/path", HttpStatusCode.OK, "no-cache")]
    [InlineData("config.json", HttpStatusCode.OK, "no-cache")]
    [InlineData("assets/nothing.js", HttpStatusCode.NotFound, "public, max-age=300")]
    public async Task Answer_has_the_headers_of_the_configuration(string path, HttpStatusCode status, string cache)
    {
        using var http = new HttpClient { BaseAddress = _emulator.Address };

        using var response = await http.GetAsync(path);

        string Header(string name) => string.Join(", ", response.Headers.TryGetValues(name, out var values) ? values : []);
        Assert.Equal(status, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.MaxAge is null || response.Headers.CacheControl.MaxAge <= TimeSpan.FromMinutes(5));
        if (status == HttpStatusCode.OK)
        {
            Assert.Equal(cache, Header("Cache-Control"));
            Assert.StartsWith("default-src 'none'; script-src 'self' https://accounts.google.com/gsi/client; ", Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("DENY", Header("X-Frame-Options"));
            Assert.Equal("nosniff", Header("X-Content-Type-Options"));
            Assert.Equal("no-referrer", Header("Referrer-Policy"));
            Assert.Equal("max-age=63072000", Header("Strict-Transport-Security"));
        }
    }

    [Fact]
    public async Task Sandbox_of_diagrams_has_an_origin_and_a_policy_of_its_own()
    {
        using var http = new HttpClient { BaseAddress = _emulator.Address };

        using var response = await http.GetAsync("sandbox/diagram.html");

        var policy = string.Join(", ", response.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.EndsWith("sandbox allow-scripts", policy, StringComparison.Ordinal);
        Assert.Equal("SAMEORIGIN", string.Join(", ", response.Headers.GetValues("X-Frame-Options")));
    }
}
