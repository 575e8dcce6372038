using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using FuncChat.Azure.Blobs;
using FuncChat.Azure.Usage;
using FuncChat.Engine.Log;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Usage;
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
    public static IServiceCollection AddAzureTurnLog(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(BlobStoreOptions.Section);
        if (string.IsNullOrEmpty(section[nameof(BlobStoreOptions.BlobServiceUri)])
            && string.IsNullOrEmpty(section[nameof(BlobStoreOptions.ConnectionString)]))
        {
            return services;
        }

        services.AddOptions<BlobStoreOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => ClientFor(provider.GetRequiredService<IOptions<BlobStoreOptions>>().Value));
        services.Replace(ServiceDescriptor.Singleton<ITurnLog>(provider => new BlobTurnLog(
            provider.Container(options => options.Container), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<BlobTurnLog>>())));
        services.Replace(ServiceDescriptor.Singleton<IToolRunJournal>(provider =>
            new BlobToolRunJournal(provider.Container(options => options.RunsContainer))));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            "storage", provider => new BlobStoreHealthCheck(provider.Container(options => options.Container)), null, null, HealthTimeout));
        return services;
    }

    /// <summary>
    /// Counts what users use for all instances together, where `FuncChat__Usage__TableServiceUri` or `FuncChat__Usage__ConnectionString` is set. Call
    /// it behind `AddFuncChatEngine`, whose counter it replaces.
    /// </summary>
    public static IServiceCollection AddAzureUsage(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(UsageTableOptions.Section);
        if (string.IsNullOrEmpty(section[nameof(UsageTableOptions.TableServiceUri)])
            && string.IsNullOrEmpty(section[nameof(UsageTableOptions.ConnectionString)]))
        {
            return services;
        }

        services.AddOptions<UsageTableOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new UsageTable(TableFor(provider.GetRequiredService<IOptions<UsageTableOptions>>().Value)));
        services.AddSingleton<TableReach>();
        services.AddSingleton(provider => new TableUsageCounter(
            provider.GetRequiredService<UsageTable>(), provider.GetRequiredService<TableReach>(),
            provider.GetRequiredService<IOptions<UsageTableOptions>>().Value.SyncInterval, provider.GetRequiredService<TimeProvider>()));
        services.Replace(ServiceDescriptor.Singleton<IUsageCounter>(provider => provider.GetRequiredService<TableUsageCounter>()));
        services.AddHostedService<UsageSharing>();
        services.AddHealthChecks().AddCheck<UsageHealthCheck>("usage");
        return services;
    }

    private static BlobContainerClient Container(this IServiceProvider provider, Func<BlobStoreOptions, string> name) =>
        provider.GetRequiredService<BlobServiceClient>().GetBlobContainerClient(name(provider.GetRequiredService<IOptions<BlobStoreOptions>>().Value));

    private static BlobServiceClient ClientFor(BlobStoreOptions options) => string.IsNullOrEmpty(options.BlobServiceUri)
        ? new BlobServiceClient(options.ConnectionString)
        : new BlobServiceClient(new Uri(options.BlobServiceUri), Identity(options.ClientId));

    // Somebody may be waiting: what doesn't succeed at the second attempt is left for later.
    private static TableClient TableFor(UsageTableOptions options)
    {
        var client = new TableClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(200), Mode = RetryMode.Fixed } };
        return string.IsNullOrEmpty(options.TableServiceUri)
            ? new TableClient(options.ConnectionString, options.Table, client)
            : new TableClient(new Uri(options.TableServiceUri), options.Table, Identity(options.ClientId), client);
    }

    private static DefaultAzureCredential Identity(string? clientId) =>
        new(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId });
}
