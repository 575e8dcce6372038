using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
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
            "GROQ_API_URL is not an absolute http or https URL; a good value is https://api.groq.com/openai/v1; "
            + "FuncChat__Demo__WordDelay is not a duration from 0 to 5 (seconds, or hh:mm:ss); a good value is 0.03",
            failure.Message);
    }

    private static IHost HostWith((string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        builder.Services.AddFuncChatModels(builder.Configuration);
        return builder.Build();
    }
}
