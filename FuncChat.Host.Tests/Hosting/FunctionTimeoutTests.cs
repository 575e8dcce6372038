using FuncChat.Engine.Turns;
using FuncChat.Hosting;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Host.Tests.Hosting;

public sealed class FunctionTimeoutTests
{
    private const string Storage = "--AzureWebJobsStorage=UseDevelopmentStorage=true";

    [Theory]
    [InlineData("""{"version":"2.0","functionTimeout":"01:10:00"} // comment""", "01:10:00")]
    [InlineData("""{"functionTimeout":"-1"}""", null)]
    [InlineData("""{"version":"2.0"}""", "00:30:00")]
    [InlineData("""{"functionTimeout":null}""", "00:30:00")]
    public void Timeout_is_that_of_host_json_or_else_of_the_host(string json, string? expected)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "host.json");
        File.WriteAllText(path, json);

        Assert.Equal(expected, FunctionTimeout.Read(path, new ConfigurationBuilder().Build())?.ToString());
    }

    [Fact]
    public void App_setting_overrides_host_json()
    {
        var setting = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("AzureFunctionsJobHost:functionTimeout", (string?)"00:20:00")]).Build();

        Assert.Equal(TimeSpan.FromMinutes(20), FunctionTimeout.Read("no such file", setting));
    }

    [Theory]
    [InlineData("ten minutes")]
    [InlineData("01:99:00")]
    [InlineData("-01:00:00")]
    [InlineData("0")]
    public async Task Worker_with_a_timeout_that_is_none_does_not_start(string timeout)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => Worker.BuildAsync([Storage, $"--AzureFunctionsJobHost:functionTimeout={timeout}"]));

        Assert.Contains("AzureFunctionsJobHost__functionTimeout must be a time, or -1 for no limit. Example: 01:10:00", wrong.Failures);
    }

    [Theory]
    [InlineData("""{"functionTimeout":"soon"}""", null, "functionTimeout in host.json must be a time, or -1 for no limit. Example: 01:10:00")]
    [InlineData("""{"functionTimeout":"soon"}""", "-1", null)]
    [InlineData("""{"functionTimeout":"01:10:00"}""", " ", null)]
    [InlineData("""{"functionTimeout":"-1.00:00:00"}""", null, null)]
    [InlineData("""{"functionTimeout":-1}""", null, null)]
    [InlineData("""{"functionTimeout":null}""", null, null)]
    [InlineData("""{"version":"2.0"}""", "-1.00:00:00", null)]
    [InlineData("""{"version":"2.0"}""", null, null)]
    public void Timeout_that_is_none_is_an_error_of_its_source(string json, string? setting, string? error)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "host.json");
        File.WriteAllText(path, json);

        Assert.Equal(
            error, FunctionTimeout.FindError(path, new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("AzureFunctionsJobHost:functionTimeout", setting)]).Build()));
    }

    [Theory]
    [InlineData("01:00:00", true)]
    [InlineData("01:10:00", false)]
    [InlineData("1.00:00:00", false)]
    public void Turn_that_may_outlive_its_function_is_refused_at_start(string maxDuration, bool succeeds)
    {
        var check = new FunctionTimeoutCheck(TimeSpan.FromMinutes(70));

        var result = check.Validate(null, new TurnOptions { MaxDuration = TimeSpan.Parse(maxDuration, null) });

        Assert.Equal(succeeds, result.Succeeded);
        Assert.Equal(succeeds, result.FailureMessage is null);
    }

    [Theory]
    [InlineData("FuncChat:Mcp:Servers:docs:MaxDuration", "FuncChat__Mcp__Servers__docs__MaxDuration")]
    [InlineData("FuncChat:OpenApi:docs:Timeout", "FuncChat__OpenApi__docs__Timeout")]
    public void Call_of_a_tool_that_may_outlive_its_function_is_refused_at_start(string key, string setting)
    {
        Assert.Equal(
            [$"{setting} is 1200 seconds, but the host ends functions after 00:20:00: see functionTimeout in host.json. It must be shorter. Example: 600"],
            Check("1200").Failures);
        Assert.Equal(
            [$"{setting} is 00:20:00, but the host ends functions after 00:20:00: see functionTimeout in host.json. It must be shorter. Example: 600"],
            Check("00:20:00").Failures);
        Assert.True(Check("1199").Succeeded);
        Assert.True(Check("00:19:59").Succeeded);
        Assert.True(Check("soon").Succeeded); // It is refused where it is read.

        ValidateOptionsResult Check(string value) => new FunctionTimeoutCheck(
            TimeSpan.FromMinutes(20), configuration: new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build())
            .Validate(null, new TurnOptions { MaxDuration = TimeSpan.FromMinutes(10) });
    }

    [Fact]
    public async Task Worker_with_turns_longer_than_its_host_json_allows_does_not_start()
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(
            () => Worker.BuildAsync([Storage, "--FuncChat:Turns:MaxDuration=02:00:00"]));

        Assert.Contains(wrong.Failures, failure => failure.Contains("FuncChat__Turns__MaxDuration is 02:00:00", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Worker_reads_bodies_of_any_length_to_their_end()
    {
        using var app = await Worker.BuildAsync([Storage]);

        Assert.Null(app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestBodySize);
    }
}
