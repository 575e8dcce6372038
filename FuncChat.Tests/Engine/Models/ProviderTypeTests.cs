using System.Text;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Models.Echo;
using FuncChat.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Engine.Models;

/// <summary>Types of providers, from their registration to a call.</summary>
public sealed class ProviderTypeTests
{
    [Fact]
    public async Task Type_of_a_host_is_selected_by_its_name()
    {
        using var host = HostWith([("FuncChat:Providers:parrot:Type", "echo")], services => services.AddModelProviderType<EchoProviderType>());

        Assert.Equal("hi", await AskAsync(host, "parrot:any"));
    }

    [Fact]
    public async Task Chat_client_of_a_host_is_selected_by_its_name_and_has_the_providers_settings()
    {
        ProviderSettings? used = null;
        using var host = HostWith(
            [("FuncChat:Providers:cloud:Type", "bedrock"), ("FuncChat:Providers:cloud:ApiKey", "k"), ("FuncChat:Providers:cloud:Models", "one")],
            services => services.AddChatClientType("bedrock", (_, settings) =>
            {
                used = settings;
                return ScriptedChatClient.Of(new TextContent("Hello"));
            }));

        Assert.Equal("Hello", await AskAsync(host, "cloud:one"));
        Assert.Equal(("cloud", "k"), (used!.Models.Provider, used.ApiKey));
    }

    [Fact]
    public async Task Demo_model_can_be_set_next_to_real_ones()
    {
        using var host = HostWith(
            [("OPENAI_API_KEY", "sk-1"), ("FuncChat:Providers:practice:Type", "demo"), ("FuncChat:Demo:WordDelay", "0")], _ => { });

        Assert.NotEmpty(await AskAsync(host, "practice:scripted"));
        Assert.True(Catalog(host).All.Single(model => model.Provider == "practice").IsDemo);
    }

    [Theory]
    [InlineData("responses", "/v1/responses", "Authorization")]
    [InlineData("anthropic", "/v1/messages", "x-api-key")]
    [InlineData("openai", "/v1/chat/completions", "Authorization")]
    public async Task Provider_is_called_by_the_api_of_its_type(string type, string target, string header)
    {
        await using var upstream = await ScriptedModelServer.StartAsync();
        upstream.Fails(401);
        using var host = HostWith(
            [("FuncChat:Providers:x:Type", type), ("FuncChat:Providers:x:Url", upstream.BaseUrl), ("FuncChat:Providers:x:ApiKey", "key-1")], _ => { });

        await Assert.ThrowsAsync<ModelException>(() => AskAsync(host, "x:m"));

        var request = await upstream.RequestAsync();
        Assert.Equal(target, request.Target);
        Assert.Contains("key-1", request.Headers[header], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_without_a_list_is_asked_for_its_models()
    {
        await using var upstream = await ScriptedModelServer.StartAsync();
        upstream.Models = """{"data":[{"id":"qwen3:8b"}]}""";
        using var host = HostWith([("FuncChat:Providers:x:Url", upstream.BaseUrl)], _ => { });

        Assert.Equal("x:qwen3:8b", Assert.Single(await Catalog(host).ListAsync(CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Host_does_not_start_with_a_type_that_it_does_not_have()
    {
        using var host = HostWith([("FuncChat:Providers:x:Type", "bedrock"), ("FuncChat:Providers:x:Url", "http://x/")], _ => { });

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("use one of anthropic, demo, openai, responses", failure.Message, StringComparison.Ordinal);
    }

    private static ModelCatalog Catalog(IHost host) => host.Services.GetRequiredService<ModelCatalog>();

    private static async Task<string> AskAsync(IHost host, string name)
    {
        Assert.True(Catalog(host).TryResolve(name, out var model, out var error), error?.Message);
        var text = new StringBuilder();
        var request = new ModelRequest { Model = model.Name, Messages = ["""{"role":"user","content":"hi"}"""u8.ToArray()] };
        await foreach (var chunk in model.Model.StreamAsync(request, CancellationToken.None))
            text.Append(Encoding.UTF8.GetString(chunk.EscapedText.Span));
        return text.ToString();
    }

    private static IHost HostWith((string Key, string? Value)[] settings, Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        builder.Services.AddFuncChatModels(builder.Configuration);
        add(builder.Services);
        return builder.Build();
    }
}
