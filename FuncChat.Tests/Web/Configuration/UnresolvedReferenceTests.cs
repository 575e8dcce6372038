using FuncChat.Tests.Support;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Web.Configuration;

public sealed class UnresolvedReferenceTests : IDisposable
{
    private const string Reference = "@Microsoft.KeyVault(SecretUri=https://secret.vault.azure.net/secrets/key/)";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TAVILY_API_KEY")]
    [InlineData("FuncChat:Mcp:Servers:a:Headers:X-Api-Key", "FuncChat:Mcp:Servers:a:Url", "https://mcp.example.com/")]
    [InlineData("FuncChat:OpenApi:a:Headers:X-Api-Key", "FuncChat:OpenApi:a:Document", "https://api.example.com/openapi.json", "FuncChat:OpenApi:a:BaseUrl", "https://api.example.com/", "FuncChat:OpenApi:a:Operations", "getPet")]
    public async Task Start_fails_when_a_reference_to_a_vault_was_not_resolved(string key, params string[] others)
    {
        (string, string)[] settings = [(key, Reference), .. others.Chunk(2).Select(pair => (pair[0], pair[1]))];

        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => LocalServer.StartAsync(_folder.Path, new FakeModel().Catalog, null, settings));

        var failure = Assert.Single(wrong.Failures);
        Assert.StartsWith($"{key.Replace(":", "__", StringComparison.Ordinal)} is a Key Vault reference that was not resolved", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reference_in_a_setting_of_another_program_is_not_looked_at()
    {
        await using var server = await LocalServer.StartAsync(_folder.Path, new FakeModel().Catalog, null, ("OTHER_PROGRAM", Reference));
    }
}
