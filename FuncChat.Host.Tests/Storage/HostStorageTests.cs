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

    [Theory]
    [InlineData("ConnectionString", "other")]
    [InlineData("BlobServiceUri", "https://other.blob.core.windows.net")]
    public void Turns_use_the_account_that_is_set_for_them(string setting, string value)
    {
        var turns = Use(("AzureWebJobsStorage", "hosts"), ($"FuncChat:TurnLog:{setting}", value));

        Assert.Equal([value], turns.GetChildren().Select(child => child.Value));
    }

    private static IConfigurationSection Use(params (string Name, string Value)[] settings)
    {
        using var configuration = new ConfigurationManager();
        foreach (var (name, value) in settings)
            configuration[name] = value;
        configuration.UseHostStorageForTurns();
        return new ConfigurationBuilder().AddInMemoryCollection(configuration.AsEnumerable()).Build().GetSection("FuncChat:TurnLog");
    }
}
