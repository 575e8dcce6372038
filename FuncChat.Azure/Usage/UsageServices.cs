using Azure.Core;
using Azure.Data.Tables;
using FuncChat.Azure.Identity;
using FuncChat.Engine.Usage;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FuncChat.Azure.Usage;

public static class UsageServices
{
    /// <summary>
    /// Keeps usage counts in a table that all instances share, where `FuncChat__Usage__TableServiceUri` or `FuncChat__Usage__ConnectionString` is set.
    /// </summary>
    public static IServiceCollection AddAzureUsage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<UsageTableOptions>(configuration, UsageTableOptions.Section);
        var section = configuration.GetSection(UsageTableOptions.Section);
        if (string.IsNullOrEmpty(section[nameof(UsageTableOptions.TableServiceUri)])
            && string.IsNullOrEmpty(section[nameof(UsageTableOptions.ConnectionString)]))
        {
            return services;
        }

        services.Replace(ServiceDescriptor.Singleton<IUsageStore>(provider =>
            new TableUsageStore(ClientFor(provider.GetRequiredService<IOptions<UsageTableOptions>>().Value, configuration))));
        services.Replace(ServiceDescriptor.Singleton(provider =>
        {
            var interval = provider.GetRequiredService<IOptions<UsageTableOptions>>().Value.SyncInterval;
            return new UsageSyncOptions(interval, interval, UsageTableOptions.ReportInterval);
        }));
        services.AddHealthChecks().AddCheck<UsageHealthCheck>("usage");
        return services;
    }

    // A request may be waiting: what does not succeed at the second attempt is retried at the next interval.
    private static TableClient ClientFor(UsageTableOptions options, IConfiguration configuration)
    {
        var client = new TableClientOptions { Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(200), Mode = RetryMode.Fixed } };
        return string.IsNullOrEmpty(options.TableServiceUri)
            ? new TableClient(options.ConnectionString, options.Table, client)
            : new TableClient(
                new Uri(options.TableServiceUri), options.Table, AppIdentity.Credential(options.ClientId ?? AppIdentity.ClientIdOf(configuration)), client);
    }
}
