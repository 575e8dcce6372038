using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using FuncChat.Azure.Approvals;
using FuncChat.Azure.Blobs;
using FuncChat.Azure.Files;
using FuncChat.Azure.Identity;
using FuncChat.Azure.Threads;
using FuncChat.Azure.Usage;
using FuncChat.Engine.Approvals;
using FuncChat.Engine.Files;
using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.ToolRuns.Remote;
using FuncChat.Tools.Configuration;
using FuncChat.Tools.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Azure;

public static class AzureServices
{
    private static readonly TimeSpan TurnTimeout = TimeSpan.FromSeconds(3);

    // A file of 20 MB takes longer than what turns store.
    private static readonly TimeSpan FileTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Adds the adapters on Azure services that are set up: the turn store, the usage counter, and tokens of the app's identity.</summary>
    public static IServiceCollection AddAzureAdapters(this IServiceCollection services, IConfiguration configuration) => services
        .AddAzureTurnStore(configuration)
        .AddAzureUsage(configuration)
        .AddAppTokens(configuration);

    /// <summary>
    /// Keeps turns, threads, files, users' tokens, and the journals of long tool runs in Azure Storage instead of files, where `FuncChat__TurnLog__BlobServiceUri` or
    /// `FuncChat__TurnLog__ConnectionString` is set.
    /// </summary>
    public static IServiceCollection AddAzureTurnStore(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<BlobStoreOptions>(configuration, BlobStoreOptions.Section);
        services.AddSettings<ThreadStoreOptions>(configuration, ThreadStoreOptions.Section);
        services.AddSettings<FileStoreOptions>(configuration, FileStoreOptions.Section);
        if (!KeepsTurns(configuration))
            return services;

        services.AddTurnStore(provider => new BlobTurnStore(
            Container<BlobStoreOptions>(provider, configuration, options => options.Container), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BlobTurnStore>>()));
        services.AddSingleton(provider => new BlobToolRunStore(Container<BlobStoreOptions>(provider, configuration, options => options.RunsContainer)));
        services.Replace(ServiceDescriptor.Singleton<IToolRunStore>(provider => provider.GetRequiredService<BlobToolRunStore>()));
        services.AddSingleton<IToolRunProgress>(provider => provider.GetRequiredService<BlobToolRunStore>());
        services.Replace(ServiceDescriptor.Singleton<ISecretStore>(provider =>
            new BlobSecretStore(Container<BlobStoreOptions>(provider, configuration, options => options.SecretsContainer))));
        services.Replace(ServiceDescriptor.Singleton<IThreadStore>(provider => new BlobThreadStore(
            Container<ThreadStoreOptions>(provider, configuration, threads => threads.Container), ThreadTable(provider, configuration),
            provider.GetRequiredService<ILogger<BlobThreadStore>>(), provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton<IDoneWork>(provider => new BlobDoneWork(Container<ThreadStoreOptions>(provider, configuration, threads => threads.Container)));
        services.Replace(ServiceDescriptor.Singleton<IWaitingTurnStore>(provider =>
            new BlobWaitingTurnStore(Container<ThreadStoreOptions>(provider, configuration, threads => threads.Container))));
        services.Replace(ServiceDescriptor.Singleton<IFileStore>(provider =>
            new BlobFileStore(Container<FileStoreOptions>(provider, configuration, files => files.Container, FileTimeout))));
        return services;
    }

    /// <summary>Whether turns are kept in Azure Storage instead of files.</summary>
    public static bool KeepsTurns(IConfiguration configuration)
    {
        var section = configuration.GetSection(BlobStoreOptions.Section);
        return !string.IsNullOrEmpty(section[nameof(BlobStoreOptions.BlobServiceUri)]) || !string.IsNullOrEmpty(section[nameof(BlobStoreOptions.ConnectionString)]);
    }

    /// <summary>Adds tokens of the app's own identity, for providers that are called without a key.</summary>
    public static IServiceCollection AddAppTokens(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<IAppTokens>(provider => new AppTokens(
            new Lazy<TokenCredential>(() => AppIdentity.Credential(AppIdentity.ClientIdOf(configuration))),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AppTokens>>()));

    // A request fails within seconds while the store is away. The writer of a running turn has retries of its own.
    private static T WithRetries<T>(T client, TimeSpan timeout)
        where T : ClientOptions
    {
        (client.Retry.MaxRetries, client.Retry.NetworkTimeout) = (2, timeout);
        (client.Retry.Delay, client.Retry.MaxDelay) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1));
        return client;
    }

    private static BlobContainerClient Container<TOptions>(IServiceProvider provider, IConfiguration configuration, Func<TOptions, string> name, TimeSpan? timeout = null)
        where TOptions : class
    {
        var options = provider.GetRequiredService<IOptions<BlobStoreOptions>>().Value;
        var client = WithRetries(new BlobClientOptions(), timeout ?? TurnTimeout);
        var service = string.IsNullOrEmpty(options.BlobServiceUri)
            ? new BlobServiceClient(options.ConnectionString, client)
            : new BlobServiceClient(new Uri(options.BlobServiceUri), AppIdentity.Credential(options.ClientId ?? AppIdentity.ClientIdOf(configuration)), client);
        return service.GetBlobContainerClient(name(provider.GetRequiredService<IOptions<TOptions>>().Value));
    }

    private static TableClient ThreadTable(IServiceProvider provider, IConfiguration configuration)
    {
        var client = WithRetries(new TableClientOptions(), TurnTimeout);
        var name = provider.GetRequiredService<IOptions<ThreadStoreOptions>>().Value.Table;
        var turns = provider.GetRequiredService<IOptions<BlobStoreOptions>>().Value;
        var usage = configuration.GetSection(UsageTableOptions.Section).Get<UsageTableOptions>() ?? new UsageTableOptions();
        if ((usage.ConnectionString is { Length: > 0 } own ? own : turns.ConnectionString) is { Length: > 0 } connection && string.IsNullOrEmpty(usage.TableServiceUri))
            return new TableClient(connection, name, client);
        var service = usage.TableServiceUri is { Length: > 0 } uri ? uri : turns.BlobServiceUri!.Replace(".blob.", ".table.", StringComparison.Ordinal);
        return new TableClient(new Uri(service), name, AppIdentity.Credential(usage.ClientId ?? turns.ClientId ?? AppIdentity.ClientIdOf(configuration)), client);
    }
}
