using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Web.Configuration;

public sealed class UnknownSettingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("FuncChat:Turns:MaxDurations", "01:00:00", "FuncChat__Turns__MaxDuration")]
    [InlineData("FuncChat:Turn:MaxDuration", "01:00:00", "FuncChat__Turns__MaxDuration")]
    [InlineData("FuncChat:Limit:TokensPerDay", "secret", "FuncChat__Limits__TokensPerDay")]
    [InlineData("FuncChat:Limits:TokenPerDay", "secret", "FuncChat__Limits__TokensPerDay")]
    [InlineData("FuncChat:DefaultModl", "secret", "FuncChat__DefaultModel")]
    [InlineData("FuncChat:Search:BraveURI", "secret", "FuncChat__Search__BraveUrl")]
    [InlineData("FuncChat:Cors:Origins:0", "secret", "FuncChat__Cors__Origins")]
    public async Task Start_fails_with_the_nearest_name_when_a_setting_is_unknown(string key, string value, string nearest)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => LocalServer.StartAsync(_folder.Path, new FakeModel().Catalog, null, (key, value)));

        var failure = Assert.Single(wrong.Failures);
        Assert.StartsWith($"{key.Replace(":", "__", StringComparison.Ordinal)} is not a setting. Did you mean {nearest}?", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FuncChat:Turns:MaxDuration", "00:30:00")]
    [InlineData("FuncChat:turns:maxduration", "1800")]
    [InlineData("FuncChat:Nothing", " ")]
    [InlineData("FuncChat:Web:AllowedPrivateHosts:0", "localhost:1")]
    [InlineData("FuncChat:Providers:my-llm:Models:0", "m", "FuncChat:Providers:my-llm:Url", "http://localhost:1/v1")]
    [InlineData("FuncChat:ServePage", "false")]
    [InlineData("OTHER_PROGRAM", "x")]
    public async Task Server_starts_when_the_setting_is_known_or_blank_or_of_another_program(params string[] settings)
    {
        await using var server = await LocalServer.StartAsync(
            _folder.Path, new FakeModel().Catalog, null, [.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]);
    }

    [Theory]
    [InlineData("OPENAI_KEY", "OPENAI_API_KEY")]
    [InlineData("OPEN_AI_API_KEY", "OPENAI_API_KEY")]
    [InlineData("OPENAI_APIKEY", "OPENAI_API_KEY")]
    [InlineData("OPENAI_BASE_URL", "OPENAI_API_URL")]
    [InlineData("OPENAI_MODEL", "OPENAI_MODELS")]
    [InlineData("TAVILY_KEY", "TAVILY_API_KEY")]
    [InlineData("ALLOWED_EMAIL", "ALLOWED_EMAILS")]
    [InlineData("SEARXNG_URI", "SEARXNG_URL")]
    public async Task Start_warns_when_a_name_is_nearly_that_of_a_setting(string given, string meant)
    {
        var logs = await LogsOfStartAsync((given, "secret"));

        Assert.Contains($"The environment variable {given} is not read. Did you mean {meant}?", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", logs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATH", "x")]
    [InlineData("GOOGLE_APPLICATION_CREDENTIALS", "x")]
    [InlineData("OPENAI_ORGANIZATION", "x")]
    [InlineData("AZURE_TENANT_ID", "x")]
    [InlineData("OPENAI_KEY", "x", "OPENAI_API_KEY", "sk-1")]
    public async Task Start_does_not_warn_of_other_names_or_when_the_right_one_is_set(params string[] settings) =>
        Assert.DoesNotContain("is not read", await LogsOfStartAsync([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]), StringComparison.Ordinal);

    private async Task<string> LogsOfStartAsync(params (string Name, string Value)[] settings)
    {
        var logs = new LogLines();
        await using var server = await LocalServer.StartWithAsync(
            _folder.Path, builder => builder.Logging.AddProvider(logs), new FakeModel().Catalog, null, settings);
        return logs.All;
    }
}
