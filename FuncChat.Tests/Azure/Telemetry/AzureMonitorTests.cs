using Azure.Identity;
using FuncChat.Azure.Telemetry;

namespace FuncChat.Tests.Azure.Telemetry;

public sealed class AzureMonitorTests
{
    [Theory]
    [InlineData("Authorization=AAD")]
    [InlineData("ClientId=5f8a3c;Authorization=AAD")]
    [InlineData("authorization=aad; clientid=5f8a3c;")]
    public void Telemetry_is_sent_as_the_apps_identity_when_the_setting_says_so(string setting) =>
        Assert.IsType<DefaultAzureCredential>(AzureMonitor.CredentialOf(setting));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ClientId=5f8a3c")]
    [InlineData("Authorization=Key;=;x")]
    public void Telemetry_is_sent_without_an_identity_when_the_setting_names_no_such_way(string? setting) =>
        Assert.Null(AzureMonitor.CredentialOf(setting));
}
