using System.Net;
using FuncChat.Azure.Secrets;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Azure.Secrets;

public sealed class VaultReaderTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(2_000_000_000));
    private readonly ScriptedVault _vault = new();

    [Theory]
    [InlineData("OPENAI-API-KEY", "OPENAI_API_KEY")]
    [InlineData("FuncChat--Providers--azure--ApiKey", "FuncChat:Providers:azure:ApiKey")]
    [InlineData("FuncChat--Providers--my-llm--ApiKey", "FuncChat:Providers:my-llm:ApiKey")]
    [InlineData("plain", "plain")]
    public void Secret_is_the_setting_that_its_name_stands_for(string secret, string setting) => Assert.Equal(setting, SecretName.SettingOf(secret));

    [Fact]
    public async Task Reader_gives_the_secrets_of_all_pages()
    {
        _vault.With("A", "1").With("B", "2").With("C-KEY", "3").With("D", "4").With("FuncChat--E", "5");

        var values = await ReadAsync();

        Assert.Equal(
            [("A", "1"), ("B", "2"), ("C_KEY", "3"), ("D", "4"), ("FuncChat:E", "5")],
            values.Select(value => (value.Key, value.Value)).Order());
    }

    [Fact]
    public async Task Reader_gives_none_that_is_disabled_expired_or_not_valid_yet_nor_a_certificates_key()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        _vault
            .With("DISABLED", "x", ("enabled", false)).With("EXPIRED", "x", ("exp", now)).With("EARLY", "x", ("nbf", now + 1))
            .With("CERTIFICATE", "x", ("managed", true))
            .With("GOOD", "1", ("nbf", now), ("exp", now + 1));

        Assert.Equal("GOOD", Assert.Single(await ReadAsync()).Key);
        Assert.Equal(["secrets/GOOD"], _vault.Asked.Where(path => path != "secrets"));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "SecretNotFound", "SecretNotFound")]
    [InlineData(HttpStatusCode.Forbidden, "Forbidden", "SecretDisabled")]
    public async Task Reader_leaves_out_a_secret_that_goes_while_it_reads(HttpStatusCode status, string code, string inner)
    {
        _vault.With("GONE", "x").With("STAYS", "1");
        _vault.Otherwise = request =>
            request.Headers.Authorization is not null && request.RequestUri!.AbsolutePath.Contains("GONE", StringComparison.Ordinal)
                ? ScriptedVault.Refusal(status, code, inner)
                : null;

        Assert.Equal("STAYS", Assert.Single(await ReadAsync()).Key);
    }

    [Fact]
    public async Task Reader_gives_nothing_at_all_when_one_secret_can_t_be_read()
    {
        _vault.With("A", "1").With("B", "2");
        _vault.Otherwise = request =>
            request.Headers.Authorization is not null && request.RequestUri!.AbsolutePath.Contains("/B", StringComparison.Ordinal)
                ? ScriptedVault.Refusal(HttpStatusCode.Forbidden, "Forbidden", "ForbiddenByRbac")
                : null;

        await Assert.ThrowsAnyAsync<Exception>(ReadAsync);
    }

    [Fact]
    public async Task Reader_gives_up_when_the_sign_in_hangs_and_ignores_its_token()
    {
        var asked = new ManualSignal();
        var never = new TaskCompletionSource<global::Azure.Core.AccessToken>();
        var credential = new ScriptedCredential((_, _) =>
        {
            asked.Set();
            return new(never.Task);
        });
        var reading = new VaultReader(_vault.Client(credential), _time).ReadAsync(CancellationToken.None);
        await asked.WaitAsync();

        _time.Advance(VaultReader.Limit);

        await Assert.ThrowsAsync<TimeoutException>(() => reading);
    }

    private Task<IDictionary<string, string?>> ReadAsync() => new VaultReader(_vault.Client(), _time).ReadAsync(CancellationToken.None);
}
