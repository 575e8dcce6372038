using System.Text;
using Azure;
using Azure.Security.KeyVault.Secrets;
using FuncChat.Azure;
using FuncChat.Azure.Secrets;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace FuncChat.Tests.Azure.Secrets;

public sealed class VaultServicesTests
{
    // As in FuncChat.Local, environment and all.
    private readonly WebApplicationBuilder _builder = WebApplication.CreateBuilder();

    [Fact]
    public async Task Nothing_is_added_when_no_vault_is_set()
    {
        _builder.Configuration["KEY_VAULT_URI"] = " ";

        await _builder.AddKeyVaultAsync();

        Assert.DoesNotContain(_builder.Services, service => service.ServiceType == typeof(VaultRefresh));
    }

    [Fact]
    public async Task Other_settings_win_over_the_vault_unless_they_are_blank()
    {
        var client = new Mock<SecretClient>();
        var names = (string[])["OPENAI-API-KEY", "GROQ-API-KEY", "BRAVE-API-KEY", "FuncChat--DefaultModel"];
        client.Setup(vault => vault.GetPropertiesOfSecretsAsync(It.IsAny<CancellationToken>())).Returns(AsyncPageable<SecretProperties>.FromPages(
            [Page<SecretProperties>.FromValues([.. names.Select(name => new SecretProperties(name))], null, Mock.Of<Response>())]));
        client.Setup(vault => vault.GetSecretAsync(It.IsAny<string>(), null, null, It.IsAny<CancellationToken>()))
            .ReturnsAsync((string name, string? _, SecretContentType? _, CancellationToken _) => Response.FromValue(new KeyVaultSecret(name, "of the vault"), Mock.Of<Response>()));
        _builder.Configuration.AddInMemoryCollection([new("OPENAI_API_KEY", "of the environment"), new("GROQ_API_KEY", " ")]);

        await _builder.AddKeyVaultAsync(client.Object, TimeProvider.System);

        _builder.Configuration["FuncChat:DefaultModel"] = "set by hand";

        Assert.Equal("of the environment", _builder.Configuration["OPENAI_API_KEY"]);
        Assert.Equal("of the vault", _builder.Configuration["GROQ_API_KEY"]);
        Assert.Equal("of the vault", _builder.Configuration["BRAVE_API_KEY"]);
        Assert.Equal("set by hand", _builder.Configuration["FuncChat:DefaultModel"]);
    }

    [Fact]
    public async Task Next_model_call_has_the_new_key_when_it_was_rotated_in_the_vault()
    {
        await using var upstream = (await ScriptedModelServer.StartAsync()).Says("one").Says("two");
        using var vault = new ScriptedVault().With("OPENAI-API-KEY", "sk-old").With("FuncChat--Providers--other--ApiKey", "unused");
        var time = new FakeTimeProvider();
        _builder.Configuration.AddInMemoryCollection(
            [new("OPENAI_API_URL", upstream.BaseUrl), new("OPENAI_MODELS", "m"), new("FuncChat:Providers:other:Url", "http://127.0.0.1:1/v1")]);
        await _builder.AddKeyVaultAsync(vault.Client(), time);
        _builder.Services.AddFuncChatModels(_builder.Configuration);
        _builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var host = _builder.Build();
        await host.StartAsync();
        var catalog = host.Services.GetRequiredService<ModelCatalog>();
        await AskAsync(catalog);

        vault.With("OPENAI-API-KEY", "sk-new");
        var changed = new ManualSignal();
        ChangeToken.OnChange(((IConfiguration)_builder.Configuration).GetReloadToken, changed.Set);
        time.Advance(TimeSpan.FromMinutes(5));
        await changed.WaitAsync();
        await AskAsync(catalog);

        Assert.Equal(["Bearer sk-old", "Bearer sk-new"], upstream.Requests.Select(request => request.Headers["Authorization"]));
        await host.StopAsync();
    }

    private static async Task AskAsync(ModelCatalog catalog)
    {
        Assert.True(catalog.TryResolve("openai:m", out var model, out _));
        var request = new ModelRequest { Model = model.Name, Messages = [Encoding.UTF8.GetBytes("""{"role":"user","content":"hi"}""")] };
        await foreach (var _ in model.Model.StreamAsync(request, CancellationToken.None))
        {
        }
    }
}
