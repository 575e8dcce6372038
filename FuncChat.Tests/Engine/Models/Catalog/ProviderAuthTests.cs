using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tests.Engine.Models.Catalog;

/// <summary>Providers that are called as the app's identity.</summary>
public sealed class ProviderAuthTests
{
    [Fact]
    public void Provider_is_called_with_a_token_when_it_says_so()
    {
        var (provider, errors) = Read(("Url", "https://x.openai.azure.com/openai/v1"), ("Auth", "entra"));

        Assert.Empty(errors);
        Assert.Equal("https://cognitiveservices.azure.com/.default", provider!.TokenScope);
        var endpoint = HttpProviders.EndpointOf(provider, "/chat/completions");
        Assert.Equal("https://x.openai.azure.com/openai/v1/chat/completions", endpoint.Url.AbsoluteUri);
        Assert.Equal(ApiKeyHeader.Bearer, endpoint.KeyHeader);
    }

    [Theory]
    [InlineData("key")]
    [InlineData("")]
    public void Provider_is_called_with_its_key_when_it_says_nothing_else(string auth)
    {
        var (provider, errors) = Read(("Url", "https://x.openai.azure.com/openai/v1"), ("ApiKey", "k"), ("Auth", auth));

        Assert.Empty(errors);
        Assert.Null(provider!.TokenScope);
        Assert.Equal(ApiKeyHeader.ApiKey, HttpProviders.EndpointOf(provider, "/chat/completions").KeyHeader);
    }

    [Theory]
    [InlineData("Auth", "secret", "Auth is neither key nor entra")]
    [InlineData("Auth", "key", "Scope is not read")]
    [InlineData("ApiKey", "secret", "ApiKey is set, though")]
    [InlineData("Scope", "https://secret.example", "Scope does not end in /.default")]
    [InlineData("Url", "http://secret.example/v1", "Url is not https")]
    public void Setting_that_is_wrong_is_named_and_never_repeated(string setting, string value, string said)
    {
        var (_, errors) = Read(
            ("Url", "https://x.openai.azure.com/openai/v1"), ("Auth", "entra"), ("Scope", "https://x/.default"), (setting, value));

        var error = Assert.Single(errors);
        Assert.StartsWith($"FuncChat__Providers__x__{said}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    private static (ProviderSettings? Provider, IReadOnlyList<string> Errors) Read(params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (name, value) in settings)
            values[$"FuncChat:Providers:x:{name}"] = value;
        var reader = new SettingReader(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return (ModelSettings.Read(reader).Providers.SingleOrDefault(), reader.Errors);
    }
}
