using System.Text.Json.Nodes;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Infra;

/// <summary>infra/hooks/configure-page.mjs, which azd runs on the built page.</summary>
public sealed class ConfigurePageTests : IDisposable
{
    private readonly TemporaryFolder _build = new();

    public ConfigurePageTests()
    {
        File.Copy(Repository.PathOf("staticwebapp", "public", "config.json"), Path.Combine(_build.Path, "config.json"));
        File.Copy(Repository.PathOf("staticwebapp", "hosting.json"), Path.Combine(_build.Path, "staticwebapp.config.json"));
    }

    public void Dispose() => _build.Dispose();

    [Fact]
    public async Task Page_is_configured_with_its_api_address()
    {
        await RunAsync("https://func-abc.azurewebsites.net");

        Assert.Equal("https://func-abc.azurewebsites.net", Read("config.json")["api_base"]!.GetValue<string>());
    }

    [Fact]
    public async Task Policy_lets_the_page_connect_to_its_api_and_where_people_sign_in_and_nowhere_else()
    {
        var before = Policy().Split("; ");

        await RunAsync("https://func-abc.azurewebsites.net");

        Assert.Equal(
            ["connect-src 'self' https://func-abc.azurewebsites.net https://accounts.google.com/gsi/ https://login.microsoftonline.com"],
            Policy().Split("; ").Except(before));
        Assert.Equal(before.Length, Policy().Split("; ").Length);
    }

    [Fact]
    public async Task Page_is_configured_again_when_its_api_moves()
    {
        await RunAsync("https://old.azurewebsites.net");

        await RunAsync("https://new.azurewebsites.net");

        Assert.DoesNotContain("old", Policy() + Read("config.json"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("func-abc.azurewebsites.net")]
    [InlineData("http://func-abc.azurewebsites.net")]
    [InlineData("https://func-abc.azurewebsites.net/api")]
    [InlineData("https://func-abc.azurewebsites.net; script-src *")]
    [InlineData("https://user:password@func-abc.azurewebsites.net")]
    public async Task Page_is_left_alone_when_the_address_is_no_origin(string? address)
    {
        var before = Policy();

        var errors = await RunAsync(address, expectedExit: 1);

        Assert.Contains("API_URL must be the API's origin", errors, StringComparison.Ordinal);
        Assert.Equal(before, Policy());
        Assert.Equal("", Read("config.json")["api_base"]!.GetValue<string>());
    }

    // Of several files with this name in the app's folder, the Static Web Apps CLI deploys the last that it finds, whichever folder is deployed.
    [Fact]
    public void Only_the_build_contains_a_hosting_configuration_with_the_name_that_is_deployed() => Assert.DoesNotContain(
        Directory.EnumerateFiles(Repository.PathOf("staticwebapp"), "staticwebapp.config.json", SearchOption.AllDirectories),
        path => Path.GetRelativePath(Repository.PathOf("staticwebapp"), path).Split(Path.DirectorySeparatorChar)[0] is not ("dist" or "node_modules"));

    private async Task<string> RunAsync(string? address, int expectedExit = 0)
    {
        var run = await ProgramRun.OfAsync(
            "node", _build.Path, [new("API_URL", address)], Repository.PathOf("infra", "hooks", "configure-page.mjs"), _build.Path);
        Assert.Equal(expectedExit, run.ExitCode);
        return run.Errors;
    }

    private string Policy() => Read("staticwebapp.config.json")["globalHeaders"]!["Content-Security-Policy"]!.GetValue<string>();

    private JsonNode Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(_build.Path, name)))!;
}
