using System.Net;
using System.Net.Sockets;
using Azure.Identity;
using FuncChat.Azure;
using FuncChat.Azure.Secrets;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Azure.Secrets;

/// <summary>What the operator reads when the vault can't be read at start.</summary>
public sealed class VaultFailureTests
{
    private readonly ScriptedVault _vault = new ScriptedVault().With("OPENAI-API-KEY", "sk-secret");

    [Theory]
    [InlineData(403, "ForbiddenByRbac", "may not read. Give it the role Key Vault Secrets User")]
    [InlineData(403, "ForbiddenByFirewall", "firewall keeps this machine out")]
    [InlineData(401, "Unauthorized", "same tenant")]
    [InlineData(404, "NotFound", "is not the address of a vault")]
    [InlineData(503, "Unavailable", "out of order")]
    public async Task Line_says_why_when_the_vault_refuses(int status, string inner, string said)
    {
        _vault.Otherwise = request => request.Headers.Authorization is null ? null : ScriptedVault.Refusal((HttpStatusCode)status, "secret", inner);

        await AssertSaidAsync(said);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "is not found. Check its spelling, that it was not deleted, and the network.")]
    [InlineData(HttpRequestError.ConnectionError, "can't be reached")]
    [InlineData(HttpRequestError.SecureConnectionError, "no secure connection")]
    public async Task Line_says_why_when_the_vault_is_out_of_reach(HttpRequestError error, string said)
    {
        _vault.Otherwise = _ => throw new HttpRequestException(error, "secret", new SocketException());

        await AssertSaidAsync(said);
    }

    [Theory]
    [InlineData("<html>secret</html>")]
    [InlineData("")]
    [InlineData("""{"value":"secret"}""")]
    public async Task Line_says_that_it_is_no_vault_when_something_else_answers(string body)
    {
        _vault.Otherwise = request => request.Headers.Authorization is null ? null : new HttpResponseMessage { Content = new StringContent(body) };

        await AssertSaidAsync("is not the address of a vault");
    }

    [Fact]
    public async Task Line_says_that_it_is_no_vault_when_a_token_for_something_else_is_asked_for()
    {
        _vault.Otherwise = _ =>
        {
            var challenge = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            challenge.Headers.Add("WWW-Authenticate", "Bearer authorization=\"https://login.microsoftonline.com/t\", resource=\"https://secret.example\"");
            return challenge;
        };

        await AssertSaidAsync("is not the address of a vault");
    }

    [Fact]
    public Task Line_says_how_to_sign_in_when_there_is_no_identity() =>
        AssertSaidAsync("az login", new ScriptedCredential((_, _) => throw new CredentialUnavailableException("secret")));

    [Fact]
    public Task Line_says_what_to_check_when_the_sign_in_is_refused() =>
        AssertSaidAsync("Check AZURE_CLIENT_ID", new ScriptedCredential((_, _) => throw new AuthenticationFailedException("secret")));

    [Theory]
    [InlineData("http://kv.vault.azure.net/")]
    [InlineData("kv-secret")]
    [InlineData("https://user:secret@kv.vault.azure.net/")]
    public async Task Line_shows_a_valid_example_when_the_address_is_invalid(string address)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["KEY_VAULT_URI"] = address;

        AssertPlain(await Assert.ThrowsAsync<OptionsValidationException>(() => builder.AddKeyVaultAsync()), "https://name.vault.azure.net/");
    }

    private async Task AssertSaidAsync(string said, ScriptedCredential? credential = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());

        // A wrong address at once; an outage when the server, which has no other model, is about to start.
        AssertPlain(
            await Assert.ThrowsAsync<OptionsValidationException>(async () =>
            {
                await builder.AddKeyVaultAsync(_vault.Client(credential), TimeProvider.System);
                using var host = builder.Build();
                _ = host.Services.GetRequiredService<IOptions<KeyVaultOptions>>().Value;
            }),
            said);
    }

    private static void AssertPlain(OptionsValidationException wrong, string said)
    {
        var line = Assert.Single(wrong.Failures);
        Assert.StartsWith("KEY_VAULT_URI ", line, StringComparison.Ordinal);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }
}
