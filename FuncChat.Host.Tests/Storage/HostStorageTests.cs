using FuncChat.Storage;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Host.Tests.Storage;

public sealed class HostStorageTests
{
    [Fact]
    public void Turns_use_the_hosts_connection_string_when_there_is_one()
    {
        var turns = Use(("AzureWebJobsStorage", "UseDevelopmentStorage=true"));

        Assert.Equal("UseDevelopmentStorage=true", turns["ConnectionString"]);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage:blobServiceUri", "https://name.blob.core.windows.net")]
    [InlineData("AzureWebJobsStorage:accountName", "name")]
    public void Turns_use_the_hosts_identity_when_the_host_does(string setting, string value)
    {
        var turns = Use((setting, value), ("AzureWebJobsStorage:clientId", "client"));

        Assert.Equal("https://name.blob.core.windows.net", turns["BlobServiceUri"]);
        Assert.Equal("client", turns["ClientId"]);
    }

    [Fact]
    public void Limits_use_the_hosts_connection_string_when_there_is_one()
    {
        var usage = Use("FuncChat:Usage", ("AzureWebJobsStorage", "UseDevelopmentStorage=true"));

        Assert.Equal("UseDevelopmentStorage=true", usage["ConnectionString"]);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage:tableServiceUri", "https://name.table.core.windows.net")]
    [InlineData("AzureWebJobsStorage:accountName", "name")]
    public void Limits_use_the_hosts_identity_when_the_host_does(string setting, string value)
    {
        var usage = Use("FuncChat:Usage", (setting, value), ("AzureWebJobsStorage:clientId", "client"));

        Assert.Equal("https://name.table.core.windows.net", usage["TableServiceUri"]);
        Assert.Equal("client", usage["ClientId"]);
    }

    [Fact]
    public void Limits_are_counted_by_each_instance_when_the_host_has_no_tables() =>
        Assert.Empty(Use("FuncChat:Usage", ("AzureWebJobsStorage:blobServiceUri", "https://name.blob.core.windows.net")).GetChildren());

    [Theory]
    [InlineData("ConnectionString", "other")]
    [InlineData("BlobServiceUri", "https://other.blob.core.windows.net")]
    public void Turns_use_the_account_that_is_set_for_them(string setting, string value)
    {
        var turns = Use(("AzureWebJobsStorage", "hosts"), ($"FuncChat:TurnLog:{setting}", value));

        Assert.Equal([value], turns.GetChildren().Select(child => child.Value));
    }

    private static IConfigurationSection Use(params (string Name, string Value)[] settings) => Use("FuncChat:TurnLog", settings);

    private static IConfigurationSection Use(string section, params (string Name, string Value)[] settings)
    {
        using var configuration = new ConfigurationManager();
        foreach (var (name, value) in settings)
            configuration[name] = value;
        configuration.UseHostStorage();
        return new ConfigurationBuilder().AddInMemoryCollection(configuration.AsEnumerable()).Build().GetSection(section);
    }
}
