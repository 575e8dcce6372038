using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Support;

/// <summary>A server that asks for a sign-in at an issuer of its own, with a clock that the test moves, and what it logs.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    /// <summary>The API keys of two programs.</summary>
    public const string BotKey = "fchat_0123456789abcdef0123456789abcdef";
    public const string OtherKey = "fck_fedcba9876543210fedcba9876543210";

    private readonly TemporaryFolder _folder = new();
    private LocalServer _server = null!;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 12, 0, 30, TimeSpan.Zero));

    public LogLines Logs { get; } = new();

    public FakeModel Model { get; } = new();

    public OpenIdIssuer Issuer { get; private set; } = null!;

    public HttpClient Http => _server.Http;

    public string DataPath => _folder.Path;

    public IServiceProvider Services => _server.Services;

    public static async Task<GuardedServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var guarded = new GuardedServer();
        guarded.Issuer = await OpenIdIssuer.StartAsync(guarded.Time);
        guarded._server = await LocalServer.StartWithAsync(
            guarded._folder.Path,
            builder =>
            {
                builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(guarded.Time));
                builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(guarded.Logs);
            },
            guarded.Model.Catalog,
            new GatedTools(),
            [
                ("FuncChat:Auth:Providers:test:Authority", guarded.Issuer.Issuer),
                ("FuncChat:Auth:Providers:test:Audience", $"{OpenIdIssuer.Audience}, the-app"),
                ("ALLOWED_EMAILS", "Ada@Example.com, *@example.org"),
                ("FuncChat:Auth:ApiKeys:bot:Hash", HashOf(BotKey)),
                ("FuncChat:Auth:ApiKeys:other:Hash", HashOf(OtherKey).ToUpperInvariant()),
                .. settings,
            ]);
        return guarded;
    }

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Asks with a bearer token, or an API key in its place.</summary>
    public Task<HttpResponseMessage> GetAsync(string? token, string path = "api/models") => SendAsync(HttpMethod.Get, path, token);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, string? body = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return Http.SendAsync(request);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync());

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Issuer.DisposeAsync();
        _folder.Dispose();
    }
}
