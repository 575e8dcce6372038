using Azure.Core;
using Azure.Storage.Blobs;
using FuncChat.Azure.Blobs;
using FuncChat.Azure.Identity;
using FuncChat.Engine.Store;
using FuncChat.Engine.Models;
using FuncChat.Engine.ToolRuns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Azure;

public static class AzureServices
{
    // Less than whoever asks would wait, and less than the client's own retries take.
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Keeps turns, and the journals of long tool runs, in blobs instead of files, where `FuncChat__TurnLog__BlobServiceUri` or
    /// `FuncChat__TurnLog__ConnectionString` is set. Call it behind `AddEmbeddedAdapters`, whose stores it replaces.
    /// </summary>
    public static IServiceCollection AddAzureTurnStore(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(BlobStoreOptions.Section);
        if (string.IsNullOrEmpty(section[nameof(BlobStoreOptions.BlobServiceUri)])
            && string.IsNullOrEmpty(section[nameof(BlobStoreOptions.ConnectionString)]))
        {
            return services;
        }

        services.AddOptions<BlobStoreOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => ClientFor(provider.GetRequiredService<IOptions<BlobStoreOptions>>().Value, configuration));
        services.Replace(ServiceDescriptor.Singleton<ITurnStore>(provider => new BlobTurnStore(
            provider.Container(options => options.Container), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<BlobTurnStore>>())));
        services.Replace(ServiceDescriptor.Singleton<IToolRunStore>(provider =>
            new BlobToolRunStore(provider.Container(options => options.RunsContainer))));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "storage", provider => new BlobStoreHealthCheck(provider.Container(options => options.Container)), null, null, HealthTimeout));
        return services;
    }

    /// <summary>Adds tokens of the app's own identity, for providers that are called without a key.</summary>
    public static IServiceCollection AddAppTokens(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<IAppTokens>(provider => new AppTokens(
            new Lazy<TokenCredential>(() => AppIdentity.Credential(AppIdentity.ClientIdOf(configuration))),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AppTokens>>()));

    private static BlobContainerClient Container(this IServiceProvider provider, Func<BlobStoreOptions, string> name) =>
        provider.GetRequiredService<BlobServiceClient>().GetBlobContainerClient(name(provider.GetRequiredService<IOptions<BlobStoreOptions>>().Value));

    private static BlobServiceClient ClientFor(BlobStoreOptions options, IConfiguration configuration) => string.IsNullOrEmpty(options.BlobServiceUri)
        ? new BlobServiceClient(options.ConnectionString)
        : new BlobServiceClient(new Uri(options.BlobServiceUri), AppIdentity.Credential(options.ClientId ?? AppIdentity.ClientIdOf(configuration)));
}
