using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Models.Http;
using FuncChat.Tests.Support;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Engine.Models;

public sealed class ModelServicesTests
{
    [Fact]
    public void Catalog_holds_the_demo_model_alone_when_no_provider_is_set()
    {
        using var host = HostWith([]);

        var catalog = host.Services.GetRequiredService<ModelCatalog>();

        Assert.Equal(
            new ModelInfo("demo:scripted", "demo", "scripted", "demo: scripted, not an AI", IsDemo: true, IsDefault: true), Assert.Single(catalog.All));
        Assert.True(catalog.TryResolve(null, out var model, out _));
        Assert.Equal("demo:scripted", model.Id);
    }

    [Fact]
    public async Task Host_does_not_start_and_says_all_at_once_when_settings_are_wrong()
    {
        using var host = HostWith([("GROQ_API_URL", "groq"), ("FuncChat:Demo:WordDelay", "slow")]);

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(
            "GROQ_API_URL is not an absolute http or https URL. Example: https://api.groq.com/openai/v1; "
            + "FuncChat__Demo__WordDelay is not a duration from 0 to 5 (seconds, or hh:mm:ss). Example: 0.03",
            failure.Message);
    }

    [Fact]
    public async Task Catalog_calls_each_provider_at_its_own_address_with_its_own_key()
    {
        await using var openAi = (await ScriptedModelServer.StartAsync()).Says("from openai");
        await using var other = (await ScriptedModelServer.StartAsync()).Says("from other");
        using var host = HostWith(
        [
            ("OPENAI_API_URL", openAi.BaseUrl + "/chat/completions"), ("OPENAI_API_KEY", "sk-1"), ("OPENAI_MODELS", "gpt-4o-mini"),
            ("FuncChat:Providers:other:Url", other.BaseUrl + "/"), ("FuncChat:Providers:other:Models", "llama3.2:3b"),
        ]);
        var catalog = host.Services.GetRequiredService<ModelCatalog>();

        Assert.Equal("from openai", await AskAsync(catalog, "gpt-4o-mini"));
        Assert.Equal("from other", await AskAsync(catalog, "llama3.2:3b"));

        var (first, second) = (await openAi.RequestAsync(), await other.RequestAsync());
        Assert.Equal(("/v1/chat/completions", "gpt-4o-mini"), (first.Target, first.Body.GetProperty("model").GetString()));
        Assert.Equal(("/v1/chat/completions", "llama3.2:3b"), (second.Target, second.Body.GetProperty("model").GetString()));
        Assert.Equal("Bearer sk-1", first.Headers["Authorization"]);
        Assert.DoesNotContain("Authorization", second.Headers.Keys);
    }

    [Fact]
    public void Endpoint_takes_the_limits_that_are_set()
    {
        var settings = ModelSettings.Read(new SettingReader(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FuncChat:Providers:x:Url"] = "http://x/v1",
            ["FuncChat:Providers:x:IdleTimeout"] = "5",
            ["FuncChat:Providers:x:Timeout"] = "00:01:40",
            ["FuncChat:Providers:x:MaxRetries"] = "7",
            ["GROQ_API_KEY"] = "gsk-1",
        }).Build()));

        var (groq, x) = (HttpProviders.EndpointOf(settings.Providers[0], "/chat/completions"), HttpProviders.EndpointOf(settings.Providers[1], "/chat/completions"));

        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(100), 7), (x.IdleTimeout, x.OverallTimeout, x.MaxRetries));
        Assert.Equal((TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(10), 2), (groq.IdleTimeout, groq.OverallTimeout, groq.MaxRetries));
    }

    private static async Task<string> AskAsync(ModelCatalog catalog, string name)
    {
        Assert.True(catalog.TryResolve(name, out var model, out _));
        var text = new StringBuilder();
        var request = new ModelRequest { Model = model.Name, Messages = [Encoding.UTF8.GetBytes("""{"role":"user","content":"hi"}""")] };
        await foreach (var chunk in model.Model.StreamAsync(request, CancellationToken.None))
            text.Append(Encoding.UTF8.GetString(chunk.EscapedText.Span));
        return text.ToString();
    }

    private static IHost HostWith((string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        builder.Services.AddFuncChatModels(builder.Configuration);
        return builder.Build();
    }
}
