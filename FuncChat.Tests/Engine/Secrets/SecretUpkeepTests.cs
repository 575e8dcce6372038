using FuncChat.Engine.Secrets;
using FuncChat.Tests.Support;
using FuncChat.Tools.Mcp.SignIn;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.Secrets;

public sealed class SecretUpkeepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sign_in_that_was_started_an_hour_ago_is_removed_and_tokens_are_kept()
    {
        var client = new OAuthClient("https://issuer.example", "app", null, "none", "https://chat.example/back", null);
        var store = new FileSecretStore(_folder.Path);
        var storage = new SignInStorage("srv", store);
        foreach (var user in (string[])["ada", "bob"])
        {
            await storage.WritePendingAsync(
                user,
                new PendingSignIn { State = "s", Verifier = "v", Client = client, TokenEndpoint = new Uri("https://issuer.example/token"), Resource = "https://srv.example", Expires = DateTimeOffset.UnixEpoch },
                CancellationToken.None);
        }

        await store.WriteAsync(new SecretKey("ada", "mcp-srv-tokens"), "{}"u8.ToArray(), CancellationToken.None);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder.Path, "secrets", FuncChat.Engine.Store.UserHash.Of("ada"))))
            File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-61));

        await new SecretUpkeep([store], TimeProvider.System, NullLogger<SecretUpkeep>.Instance).RemoveExpiredAsync(CancellationToken.None);

        Assert.Null(await storage.ReadPendingAsync("ada", CancellationToken.None));
        Assert.NotNull(await storage.ReadPendingAsync("bob", CancellationToken.None));
        Assert.NotNull(await store.ReadAsync(new SecretKey("ada", "mcp-srv-tokens"), CancellationToken.None));
    }
}
