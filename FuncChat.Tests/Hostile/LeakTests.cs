using System.Text;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Hostile;

/// <summary>
/// Every key that the server is set up with, and every token and key that a client sends, is a canary here. Providers and search services repeat
/// theirs in their errors; nothing that the server answers, logs or keeps may hold any.
/// </summary>
public sealed class LeakTests : IAsyncLifetime
{
    private const string Mark = "Canary7f3a";
    private const string GroqKey = $"gsk_{Mark}Groq0123456789abcdefghij";
    private const string NamedKey = $"{Mark}.named";
    private const string BraveKey = $"BSA-{Mark}-brave";
    private const string TavilyKey = $"tvly-{Mark}Tavily01234567";
    private const string ApiKey = $"fck_{Mark}0123456789abcdef0123456789";
    private const string Query = """{"query":"x"}""";

    private static readonly string[] InvalidBodies = ["", "[", "{}", """{"messages":[{"role":"user","content":"x"}],"model":"unknown:nothing"}""", """{"query":1}"""];

    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLogs _logs = new();
    private readonly StringBuilder _answers = new();
    private RepeatingProviders _providers = null!;
    private OpenIdIssuer _issuer = null!;
    private LocalServer _server = null!;

    public async Task InitializeAsync()
    {
        _providers = await RepeatingProviders.StartAsync(BraveKey, TavilyKey);
        _issuer = await OpenIdIssuer.StartAsync(TimeProvider.System);
        var host = _providers.SearchHost;
        _server = await LocalServer.StartWithAsync(
            _folder.Path,
            builder => builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs),
            null, new GatedTools(),
            ("FuncChat:Auth:Providers:test:Authority", _issuer.Issuer), ("FuncChat:Auth:Providers:test:Audience", OpenIdIssuer.Audience),
            ("FuncChat:Auth:ApiKeys:bot:Hash", GuardedServer.HashOf(ApiKey)), ("ALLOWED_EMAILS", "ada@example.com"),
            ("FuncChat:Limits:RequestsPerMinute", "0"), ("FuncChat:Limits:ToolRunsPerDay", "0"),
            ("GROQ_API_KEY", GroqKey), ("GROQ_API_URL", _providers.ModelUrl),
            ("FuncChat:Providers:named:Url", _providers.ModelUrl), ("FuncChat:Providers:named:ApiKey", NamedKey),
            ("FuncChat:Providers:named:MaxRetries", "0"), ("FuncChat:Providers:groq:MaxRetries", "0"),
            ("BRAVE_API_KEY", BraveKey), ("TAVILY_API_KEY", TavilyKey), ("FuncChat:Web:AllowedPrivateHosts", host),
            ("FuncChat:Search:BraveUrl", $"http://{host}/brave"), ("FuncChat:Search:TavilyUrl", $"http://{host}/tavily"),
            ("FuncChat:Search:DuckDuckGoUrl", $"http://{host}/duck"));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _issuer.DisposeAsync();
        await _providers.DisposeAsync();
        _logs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task No_key_or_token_is_in_an_answer_a_log_line_or_a_file()
    {
        var good = _issuer.TokenWith();
        string[] tokens = [good, _issuer.TokenWith(("aud", "another")), _issuer.TokenWith(("email", "eve@example.com")), _issuer.Token(OpenIdIssuer.NewKey("key-1"))];
        foreach (var credential in (string?[])[null, .. tokens, ApiKey, $"{ApiKey}x", $"{Mark}.token.signature", Mark])
            await AskEverythingAsync(credential);
        foreach (var model in RepeatingProviders.Models)
        {
            await RunTurnsAsync($"groq:{model}", good);
            await RunTurnsAsync($"named:{model}", ApiKey);
        }

        // The traffic was what it should be: keys went out, all ways were gone, and all was recorded.
        Assert.Contains($"Bearer {GroqKey}", _providers.Authorizations);
        Assert.Contains($"Bearer {NamedKey}", _providers.Authorizations);
        Assert.True(_providers.EverySearchWasAsked);
        var answers = _answers.ToString();
        foreach (var code in (string[])["UNAUTHORIZED", "FORBIDDEN", "INVALID_REQUEST", "NOT_FOUND", "CONFIGURATION_ERROR", "RATE_LIMITED", "UPSTREAM_ERROR",
            "tool_call_result", "event: complete", "chat.completion.chunk", "event: error"])
            Assert.Contains(code, answers, StringComparison.Ordinal);
        var files = Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(files);
        Assert.True(_logs.Lines.Count > 100);

        // Of a token, what it says and what proves it; the head is the same for all.
        foreach (var canary in (string[])[Mark, GuardedServer.HashOf(ApiKey), .. tokens.SelectMany(token => token.Split('.')[1..])])
        {
            Assert.DoesNotContain(canary, answers, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(_logs.Lines, line => line.Contains(canary, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(files, file => File.ReadAllText(file).Contains(canary, StringComparison.OrdinalIgnoreCase));
        }

        Assert.DoesNotContain("   at FuncChat", answers, StringComparison.Ordinal);
    }

    // Every route, with valid and invalid requests, for every kind of caller.
    private async Task AskEverythingAsync(string? credential)
    {
        foreach (var path in (string[])["health", "config", "openapi.json", "models", "tools", "nothing", "chat/turn-9999", "chat/x", "chat/turn-9999?after=x"])
            await SendAsync(HttpMethod.Get, path, credential);
        await SendAsync(HttpMethod.Delete, "chat/turn-9999", credential);
        foreach (var route in (string[])["chat", "proxy", "search", "planning"])
        {
            foreach (var body in InvalidBodies)
                await SendAsync(HttpMethod.Post, route, credential, body);
        }
    }

    // As every wire format, and once more from the log.
    private async Task RunTurnsAsync(string model, string credential)
    {
        var turnId = $"turn-{model.Replace(':', '-')}";
        await SendAsync(HttpMethod.Post, "chat", credential, Chat(model, $",\"turn_id\":\"{turnId}\""));
        await SendAsync(HttpMethod.Get, $"chat/{turnId}?after=1", credential);
        await SendAsync(HttpMethod.Delete, $"chat/{turnId}", credential);
        await SendAsync(HttpMethod.Post, "proxy", credential, Chat(model));
        await SendAsync(HttpMethod.Post, "proxy", credential, Chat(model, ""","stream":true"""));
        await SendAsync(HttpMethod.Post, "planning", credential, $$"""{"query":"x","model":"{{model}}"}""");
        await SendAsync(HttpMethod.Post, "search", credential, Query);
    }

    private static string Chat(string model, string more = "") =>
        $$"""{"messages":[{"role":"user","content":"x"}],"model":"{{model}}","tools":["search_web","Fails","Breaks","Echo"]{{more}}}""";

    private async Task SendAsync(HttpMethod method, string path, string? credential, string? body = null)
    {
        using var request = new HttpRequestMessage(method, $"api/{path}");
        if (credential is not null)
        {
            // Two good credentials would be none.
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {credential}");
            request.Headers.TryAddWithoutValidation("Cookie", $"session={credential}");
            request.Headers.TryAddWithoutValidation("X-Functions-Key", credential);
        }

        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _server.Http.SendAsync(request);
        _answers.Append(response.Headers).Append(response.Content.Headers).AppendLine(await response.Content.ReadAsStringAsync());
    }
}
