using System.Text;
using Azure.Core;
using Azure.Identity;
using FuncChat.Azure.Identity;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tests.Support;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Azure.Identity;

/// <summary>A provider that is called as the app's identity, over real sockets.</summary>
public sealed class KeylessModelTests
{
    private const string Secret = "tenant 1111, client 2222";

    [Theory]
    [InlineData(null, "https://cognitiveservices.azure.com/.default")]
    [InlineData("api://gateway/.default", "api://gateway/.default")]
    public async Task Call_carries_a_token_for_the_scope_and_one_token_serves_all(string? scope, string asked)
    {
        await using var upstream = (await ScriptedModelServer.StartAsync()).Says("one").Says("two");
        var scopes = new List<string>();
        var credential = new ScriptedCredential((context, _) =>
        {
            scopes.Add(Assert.Single(context.Scopes));
            return new(new AccessToken("the-token", DateTimeOffset.MaxValue));
        });
        using var host = HostWith(upstream, credential, scope);

        await AskAsync(host);
        await AskAsync(host);

        Assert.Equal([asked], scopes);
        Assert.All(upstream.Requests, request =>
        {
            Assert.Equal("/openai/v1/chat/completions", request.Target);
            Assert.Equal("Bearer the-token", request.Headers["Authorization"]);
            Assert.DoesNotContain("api-key", request.Headers.Keys);
        });
    }

    [Fact]
    public async Task Call_is_not_made_and_the_error_tells_no_details_when_there_is_no_token()
    {
        await using var upstream = await ScriptedModelServer.StartAsync();
        var log = new LogLines();
        using var host = HostWith(upstream, new ScriptedCredential((_, _) => throw new CredentialUnavailableException(Secret)), null, log);

        var error = await FailAsync(host);

        Assert.Equal(ErrorCode.ConfigurationError, error.Code);
        Assert.Equal("The server could not sign in to provider azure. Its log says why.", error.Message);
        Assert.Empty(upstream.Requests);
        Assert.Contains("Warning 431: The app's identity got no token: there is no identity", log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_names_the_role_and_hides_the_token_when_the_provider_refuses_the_identity()
    {
        await using var upstream = (await ScriptedModelServer.StartAsync()).Answers(answer => answer.Respond(401, """{"error":{"message":"the-token is not let in"}}"""));
        using var host = HostWith(upstream, new ScriptedCredential((_, _) => new(new AccessToken("the-token", DateTimeOffset.MaxValue))), null);

        var error = await FailAsync(host);

        Assert.Equal(ErrorCode.ConfigurationError, error.Code);
        Assert.Contains("Cognitive Services OpenAI User", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_that_the_provider_repeats_is_not_shown()
    {
        await using var upstream = (await ScriptedModelServer.StartAsync()).Answers(answer => answer.Respond(400, """{"error":{"message":"what is the-token"}}"""));
        using var host = HostWith(upstream, new ScriptedCredential((_, _) => new(new AccessToken("the-token", DateTimeOffset.MaxValue))), null);

        Assert.Contains("what is [key]", (await FailAsync(host)).Message, StringComparison.Ordinal);
    }

    private static IHost HostWith(ScriptedModelServer upstream, TokenCredential credential, string? scope, LogLines? log = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
        [
            new("FuncChat:Providers:azure:Url", $"{upstream.Address}openai/v1"), new("FuncChat:Providers:azure:Auth", "entra"),
            new("FuncChat:Providers:azure:Scope", scope), new("FuncChat:Providers:azure:Models", "m"),
        ]);
        builder.Logging.AddProvider(log ?? new LogLines());
        builder.Services.AddFuncChatModels(builder.Configuration);
        builder.Services.AddSingleton<IAppTokens>(provider => new AppTokens(
            new Lazy<TokenCredential>(credential), TimeProvider.System, provider.GetRequiredService<ILogger<AppTokens>>()));
        return builder.Build();
    }

    private static async Task<AppError> FailAsync(IHost host) => (await Assert.ThrowsAsync<ModelException>(() => AskAsync(host))).Error;

    private static async Task AskAsync(IHost host)
    {
        Assert.True(host.Services.GetRequiredService<ModelCatalog>().TryResolve("azure:m", out var model, out _));
        var request = new ModelRequest { Model = model.Name, Messages = [Encoding.UTF8.GetBytes("""{"role":"user","content":"hi"}""")] };
        await foreach (var _ in model.Model.StreamAsync(request, CancellationToken.None))
        {
        }
    }
}
