using FuncChat.Azure;
using FuncChat.Azure.Blobs;
using FuncChat.Azure.Files;
using FuncChat.Azure.Secrets;
using FuncChat.Azure.Threads;
using FuncChat.Azure.Usage;
using FuncChat.Engine;
using FuncChat.Engine.Store;
using FuncChat.Engine.ToolRuns;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using FuncChat.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Azure;

public sealed class AzureServicesTests
{
    [Fact]
    public void Turns_stay_in_files_when_no_account_is_set() => Assert.IsType<FileTurnStore>(Build().GetRequiredService<ITurnStore>());

    [Theory]
    [InlineData("FuncChat:TurnLog:ConnectionString", "UseDevelopmentStorage=true")]
    [InlineData("FuncChat:TurnLog:BlobServiceUri", "https://name.blob.core.windows.net")]
    public void Turns_and_journals_are_kept_in_blobs_when_an_account_is_set(string setting, string value)
    {
        var services = Build((setting, value));

        Assert.IsType<BlobTurnStore>(services.GetRequiredService<ITurnStore>());
        Assert.IsType<BlobToolRunStore>(Assert.Single(services.GetServices<IToolRunStore>()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Adapters_replace_the_embedded_ones_in_any_order(bool azureFirst)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([
            KeyValuePair.Create("FuncChat:TurnLog:ConnectionString", (string?)"UseDevelopmentStorage=true"),
            KeyValuePair.Create("FuncChat:Usage:ConnectionString", (string?)"UseDevelopmentStorage=true")]).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        _ = azureFirst
            ? services.AddAzureAdapters(settings).AddFuncChat(settings)
            : services.AddFuncChat(settings).AddAzureAdapters(settings);
        using var provider = services.BuildServiceProvider();

        Assert.IsType<BlobTurnStore>(Assert.Single(provider.GetServices<ITurnStore>()));
        Assert.IsType<BlobToolRunStore>(Assert.Single(provider.GetServices<IToolRunStore>()));
        Assert.IsType<TableUsageStore>(Assert.Single(provider.GetServices<IUsageStore>()));
    }

    [Theory]
    [InlineData("BlobServiceUri", "not a url")]
    [InlineData("Container", "Turns!")]
    [InlineData("RunsContainer", "a")]
    public void Wrong_setting_is_named_with_a_valid_example(string setting, string value)
    {
        var services = Build(("FuncChat:TurnLog:ConnectionString", "UseDevelopmentStorage=true"), ($"FuncChat:TurnLog:{setting}", value));

        var wrong = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<BlobStoreOptions>>().Value);

        Assert.Contains($"FuncChat__TurnLog__{setting} must be", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Example: ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_is_counted_in_files_when_no_account_is_set() => Assert.IsType<FileUsageStore>(Build().GetRequiredService<IUsageStore>());

    [Theory]
    [InlineData("FuncChat:Usage:ConnectionString", "UseDevelopmentStorage=true")]
    [InlineData("FuncChat:Usage:TableServiceUri", "https://name.table.core.windows.net")]
    public void Use_is_counted_in_a_table_when_an_account_is_set(string setting, string value) =>
        Assert.IsType<TableUsageStore>(Build((setting, value)).GetRequiredService<IUsageStore>());

    [Theory]
    [InlineData("TableServiceUri", "not a url")]
    [InlineData("Table", "1-table")]
    [InlineData("SyncInterval", "00:05:00")]
    public void Wrong_setting_of_the_table_is_named_with_a_valid_example(string setting, string value)
    {
        var services = Build(("FuncChat:Usage:ConnectionString", "UseDevelopmentStorage=true"), ($"FuncChat:Usage:{setting}", value));

        var wrong = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<UsageTableOptions>>().Value);

        Assert.Contains($"FuncChat__Usage__{setting} must be", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Example: ", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FuncChat:TurnLog:Container", "Turns!", typeof(BlobStoreOptions))]
    [InlineData("FuncChat:Threads:Container", "Threads!", typeof(ThreadStoreOptions))]
    [InlineData("FuncChat:Files:Container", "Files!", typeof(FileStoreOptions))]
    [InlineData("FuncChat:Usage:SyncInterval", "abc", typeof(UsageTableOptions))]
    [InlineData("FuncChat:KeyVault:RefreshInterval", "abc", typeof(KeyVaultOptions))]
    public async Task Wrong_setting_stops_the_start_though_nothing_uses_it(string setting, string value, Type options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(setting, (string?)value)]);
        await builder.AddKeyVaultAsync();
        builder.Services.AddAzureAdapters(builder.Configuration);
        using var host = builder.Build();

        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal(options, wrong.OptionsType);
        Assert.Contains($"{setting.Replace(":", "__", StringComparison.Ordinal)} must be", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FuncChat__TurnLog__SecretsContainer has no effect: turns, threads and files are kept in files", "FuncChat:TurnLog:SecretsContainer", "tokens")]
    [InlineData("FuncChat__Threads__Container has no effect", "FuncChat:Threads:Container", "chats")]
    [InlineData("FuncChat__Threads__Table has no effect", "FuncChat:Threads:Table", "chats")]
    [InlineData("FuncChat__Files__Container has no effect", "FuncChat:Files:Container", "uploads")]
    [InlineData("FuncChat__Usage__Table has no effect: usage is counted in files", "FuncChat:Usage:Table", "counts")]
    [InlineData("FuncChat__Usage__SyncInterval has no effect", "FuncChat:Usage:SyncInterval", "9")]
    [InlineData("FuncChat__KeyVault__RefreshInterval has no effect: there is no vault", "FuncChat:KeyVault:RefreshInterval", "600")]
    public async Task Start_warns_of_a_setting_of_an_adapter_that_is_not_set_up(string warning, string setting, string value)
    {
        using var folder = new TemporaryFolder();
        var logs = new LogLines();

        await using var server = await LocalServer.StartWithAsync(
            folder.Path,
            builder =>
            {
                builder.Logging.AddProvider(logs);
                builder.Services.AddAzureAdapters(builder.Configuration);
                Assert.True(builder.AddKeyVaultAsync().IsCompletedSuccessfully);
            },
            new FakeModel().Catalog, null, (setting, value));

        Assert.Contains(warning, logs.All, StringComparison.Ordinal);
    }

    private static ServiceProvider Build(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddFuncChatEngine(configuration)
            .AddEmbeddedAdapters(configuration)
            .AddAzureTurnStore(configuration)
            .AddAzureUsage(configuration)
            .BuildServiceProvider();
    }
}
