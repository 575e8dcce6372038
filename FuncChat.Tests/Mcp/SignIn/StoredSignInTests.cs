using System.Text;
using System.Text.Json;
using FuncChat.Engine.Secrets;
using FuncChat.Tests.Support;
using FuncChat.Tools.Identity;
using FuncChat.Tools.Mcp.SignIn;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>Stored sign-ins that a disk has damaged: they count as absent, and the user signs in again.</summary>
public sealed class StoredSignInTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly OAuthClient Client = new("https://issuer.example", "app", "secret", "client_secret_post", "https://chat.example/back", Now) { Scope = "read" };

    private readonly TemporaryFolder _folder = new();
    private readonly FileSecretStore _secrets;
    private readonly SignInStorage _storage;

    public StoredSignInTests()
    {
        _secrets = new FileSecretStore(_folder.Path);
        _storage = new SignInStorage("server", _secrets);
    }

    [Fact]
    public async Task Damaged_tokens_are_absent_or_have_all_their_fields()
    {
        var tokens = new UserTokens
        {
            AccessToken = "access",
            RefreshToken = "refresh",
            Expires = Now,
            Client = Client,
            TokenEndpoint = new Uri("https://issuer.example/token"),
            RevocationEndpoint = new Uri("https://issuer.example/revoke"),
            Resource = "https://server.example",
        };
        foreach (var (at, json) in JsonDamage.Of(JsonSerializer.Serialize(tokens, OAuthJson.Default.UserTokens)))
        {
            await DamageAsync("ada", "mcp-server-tokens", json);

            Assert.True(await _storage.ReadTokensAsync("ada", CancellationToken.None) is null or { AccessToken: not null, TokenEndpoint.IsAbsoluteUri: true, Client: { Id: not null, Issuer: not null } }, at);
            await _storage.WriteTokensAsync("ada", tokens, CancellationToken.None);
            Assert.Equal(tokens, await _storage.ReadTokensAsync("ada", CancellationToken.None));
        }
    }

    [Fact]
    public async Task Damaged_registrations_are_absent_or_have_all_their_fields()
    {
        IReadOnlyList<OAuthClient> clients = [Client, Client with { RedirectUri = "https://other.example/back" }];
        foreach (var (at, json) in JsonDamage.Of(JsonSerializer.Serialize(clients, OAuthJson.Default.IReadOnlyListOAuthClient)))
        {
            await DamageAsync("", "mcp-server-client", json);

            var read = await _storage.ReadClientsAsync(CancellationToken.None);
            Assert.True(read.Count <= 2 && read.All(client => client is { Id: not null, Issuer: not null, AuthMethod: not null, RedirectUri: not null }), at);
        }
    }

    [Theory]
    [InlineData("https://issuer.example/", true)]
    [InlineData("https://other.example", false)]
    public async Task Sign_in_at_another_issuer_than_that_of_the_settings_is_absent(string issuer, bool isPresent)
    {
        await _storage.WriteTokensAsync(
            "ada", new UserTokens { AccessToken = "access", Client = Client, TokenEndpoint = new Uri("https://issuer.example/token"), Resource = "https://server.example" }, CancellationToken.None);
        await _storage.WritePendingAsync(
            "ada",
            new PendingSignIn { State = "s", Verifier = "v", Client = Client, TokenEndpoint = new Uri("https://issuer.example/token"), Resource = "https://server.example", Expires = Now },
            CancellationToken.None);
        var storage = new SignInStorage("server", _secrets, issuer);

        Assert.Equal(isPresent, await storage.ReadTokensAsync("ada", CancellationToken.None) is not null);
        Assert.Equal(isPresent, await storage.TakePendingAsync("ada", CancellationToken.None) is not null);
        Assert.Equal(isPresent, await storage.TakeTokensAsync("ada", CancellationToken.None) is not null);
    }

    [Fact]
    public async Task Folder_in_the_place_of_tokens_is_replaced()
    {
        var pending = new PendingSignIn
        {
            State = "state",
            Verifier = "verifier",
            Client = Client,
            TokenEndpoint = new Uri("https://issuer.example/token"),
            Resource = "https://server.example",
            Expires = Now,
        };
        await _storage.WritePendingAsync("ada", pending, CancellationToken.None);
        var path = Assert.Single(Directory.EnumerateFiles(_folder.Path, "mcp-server-pending", SearchOption.AllDirectories));
        File.Delete(path);
        Directory.CreateDirectory(Path.Combine(path, "inner"));

        Assert.Null(await _storage.ReadPendingAsync("ada", CancellationToken.None));
        await _storage.WritePendingAsync("ada", pending, CancellationToken.None);
        Assert.Equal(pending, await _storage.TakePendingAsync("ada", CancellationToken.None));
    }

    public void Dispose() => _folder.Dispose();

    private Task DamageAsync(string user, string name, string json) => _secrets.WriteAsync(new SecretKey(user, name), Encoding.UTF8.GetBytes(json), CancellationToken.None);
}
