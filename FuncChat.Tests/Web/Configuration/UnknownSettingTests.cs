using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Web.Configuration;

public sealed class UnknownSettingTests : IDisposable
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private const string McpUrl = "FuncChat:Mcp:Servers:a:Url";
    private const string McpAuth = "FuncChat:Mcp:Servers:a:Auth";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("FuncChat:Turns:MaxDurations", "01:00:00", "FuncChat__Turns__MaxDuration")]
    [InlineData("FuncChat:Turn:MaxDuration", "01:00:00", "FuncChat__Turns__MaxDuration")]
    [InlineData("FuncChat:Limit:TokensPerDay", "secret", "FuncChat__Limits__TokensPerDay")]
    [InlineData("FuncChat:Limits:TokenPerDay", "secret", "FuncChat__Limits__TokensPerDay")]
    [InlineData("FuncChat:DefaultModl", "secret", "FuncChat__DefaultModel")]
    [InlineData("FuncChat:Search:BraveURI", "secret", "FuncChat__Search__BraveUrl")]
    [InlineData("FuncChat:Provider:a-name-of-many-letters:Url", "secret", "FuncChat__Providers__<name>__Url")]
    [InlineData("FuncChat:Provider:ollama", "secret", "FuncChat__Providers__<name>__Url")]
    [InlineData("FuncChat:Cors:Origins:0", "secret", "FuncChat__Cors__Origins")]
    public async Task Start_fails_with_the_nearest_name_when_a_setting_is_unknown(string key, string value, string nearest)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => LocalServer.StartAsync(_folder.Path, new FakeModel().Catalog, null, (key, value)));

        var failure = Assert.Single(wrong.Failures);
        Assert.StartsWith($"{key.Replace(":", "__", StringComparison.Ordinal)} is not a setting. Did you mean {nearest}?", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FuncChat:Kubernetes:Namespace")]
    [InlineData("FuncChat:Tools:Disabled")]
    [InlineData("FuncChat")]
    public async Task Start_suggests_no_setting_when_none_is_like_the_unknown_one(string key)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => LocalServer.StartAsync(_folder.Path, new FakeModel().Catalog, null, (key, "secret")));

        Assert.EndsWith(" is not a setting. All settings are in docs/configuration.md.", Assert.Single(wrong.Failures), StringComparison.Ordinal);
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
    [InlineData("FUNCCHAT_DEMO_WORDDELAY", "FuncChat__Demo__WordDelay")]
    [InlineData("FuncChat_Demo:WordDelay", "FuncChat__Demo__WordDelay")]
    [InlineData("FUNCCHAT_PROVIDERS_OLLAMA_URL", "FuncChat__Providers__<name>__Url")]
    public async Task Start_warns_when_a_name_is_nearly_that_of_a_setting(string given, string meant)
    {
        var logs = await LogsOfStartAsync((given, "secret"));

        Assert.Contains($"{given.Replace(":", "__", StringComparison.Ordinal)} is not read. Did you mean {meant}?", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", logs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATH", "x")]
    [InlineData("GOOGLE_APPLICATION_CREDENTIALS", "x")]
    [InlineData("OPENAI_ORGANIZATION", "x")]
    [InlineData("AZURE_TENANT_ID", "x")]
    [InlineData("FUNCCHAT_SIZE", "production")]
    [InlineData("FUNCCHAT_API_KEY", "x")]
    [InlineData("FUNCCHAT_URL", "x")]
    [InlineData("OPENAI_KEY", "x", "OPENAI_API_KEY", "sk-1")]
    public async Task Start_does_not_warn_of_other_names_or_when_the_right_one_is_set(params string[] settings) =>
        Assert.DoesNotContain("is not read", await LogsOfStartAsync([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]), StringComparison.Ordinal);

    [Theory]
    [InlineData("ALLOWED_EMAILS has no effect: no sign-in is configured.", "ALLOWED_EMAILS", "ada@example.com")]
    [InlineData("ALLOWED_EMAILS has no effect: no sign-in is configured.", "ALLOWED_EMAILS", "ada@example.com", "FuncChat:Auth:ApiKeys:bot:Hash", Hash)]
    [InlineData("ENTRA_ALLOWED_ROLES has no effect: no sign-in with Entra ID is configured.", "ENTRA_ALLOWED_ROLES", "Chat", "GOOGLE_CLIENT_ID", "x")]
    [InlineData("ENTRA_ALLOWED_GROUPS has no effect", "ENTRA_ALLOWED_GROUPS", "g")]
    [InlineData("FuncChat__Approvals__Approvers has no effect: no user has a role", "FuncChat:Approvals:Approvers", "Boss")]
    [InlineData("FuncChat__Limits has no effect: the server answers its own machine only, whose user has no limits: no sign-in is configured. Set GOOGLE_CLIENT_ID, or ENTRA_TENANT_ID and ENTRA_CLIENT_ID, or FuncChat__Auth__ApiKeys__<name>__Hash", "FuncChat:Limits:TokensPerDay", "5")]
    [InlineData("OPENAI_MODELS has no effect: the provider is not configured. Set OPENAI_API_KEY", "OPENAI_MODELS", "gpt-5")]
    [InlineData("MISTRAL_MODELS has no effect", "MISTRAL_MODELS", "m", "OPENAI_API_KEY", "sk-1")]
    [InlineData("FuncChat__Search__BraveUrl has no effect", "FuncChat:Search:BraveUrl", "http://localhost:1/")]
    [InlineData("FuncChat__Search__TavilyUrl has no effect", "FuncChat:Search:TavilyUrl", "http://localhost:1/")]
    [InlineData("FuncChat__Approvals__Approvers names an API key that this server does not have", "FuncChat:Approvals:Approvers", "Boss,key:bots", "FuncChat:Auth:ApiKeys:bot:Hash", Hash)]
    [InlineData("FuncChat__Budgets__Administrators names an API key that this server does not have", "FuncChat:Budgets:Administrators", "key:", "FuncChat:Auth:ApiKeys:bot:Hash", Hash)]
    [InlineData("FuncChat__Approvals__Approvers names a role or a group, and only users who sign in with Entra ID have any", "FuncChat:Approvals:Approvers", "Boss", "GOOGLE_CLIENT_ID", "x")]
    [InlineData("FuncChat__Budgets__Administrators names a role or a group", "FuncChat:Budgets:Administrators", "Boss,key:bot", "FuncChat:Auth:ApiKeys:bot:Hash", Hash)]
    [InlineData("FuncChat__Approvals__Always names scrape_web, and this server has no such tool", "FuncChat:Approvals:Always", "scrape_web,search_web")]
    [InlineData("FuncChat__Approvals__Never names github__get_*, and this server has no such tool", "FuncChat:Approvals:Never", "github__get_*")]
    [InlineData("FuncChat__Approvals__Annotation names b__*, and", "FuncChat:Approvals:Annotation", "b__*", McpUrl, "https://x.test/mcp")]
    [InlineData("A budget is in money, and no model has a price: every turn fails", "FuncChat:Budgets:AppCostPerMonth", "5")]
    [InlineData("FuncChat__Mcp__Servers__a__Scope has no effect: Auth=user", McpUrl, "https://x.test/mcp", McpAuth, "user", "FuncChat:Mcp:Servers:a:Scope", "s")]
    [InlineData("FuncChat__Mcp__Servers__a__ClientId has no effect: Auth=entra", McpUrl, "https://x.test/mcp", McpAuth, "entra", "FuncChat:Mcp:Servers:a:Scope", "a/.default", "FuncChat:Mcp:Servers:a:ClientId", "c")]
    [InlineData("FuncChat__Mcp__Servers__a__TokenUrl has no effect", McpUrl, "https://x.test/mcp", McpAuth, "sign-in", "FuncChat:Mcp:Servers:a:TokenUrl", "https://x.test/token")]
    [InlineData("FuncChat__Mcp__Servers__a__ClientSecret has no effect: ClientId is not set", McpUrl, "https://x.test/mcp", "FuncChat:Mcp:Servers:a:ClientSecret", "c")]
    [InlineData("FuncChat__Mcp__Servers__a__Issuer has no effect: Auth=user", McpUrl, "https://x.test/mcp", McpAuth, "user", "FuncChat:Mcp:Servers:a:Issuer", "https://x.test")]
    [InlineData("The ClientSecret of the MCP server a is sent to whichever authorization server it names: set Issuer", McpUrl, "https://x.test/mcp", "FuncChat:Mcp:Servers:a:ClientId", "c", "FuncChat:Mcp:Servers:a:ClientSecret", "s")]
    [InlineData(
        "The ClientSecret of the MCP server a is sent to whichever authorization server it names", McpUrl, "https://x.test/mcp", McpAuth, "sign-in", "FuncChat:Mcp:Servers:a:Headers:X-Tenant", "t", "FuncChat:Mcp:Servers:a:ClientId", "c",
        "FuncChat:Mcp:Servers:a:ClientSecret", "s")]
    [InlineData("FuncChat__Mcp__Servers__a__Scope has no effect: the configured headers are sent", McpUrl, "https://x.test/mcp", "FuncChat:Mcp:Servers:a:Headers:X-Key", "k", "FuncChat:Mcp:Servers:a:Scope", "s")]
    [InlineData("FuncChat__Mcp__Servers__a__Env has no effect: the server has an address", McpUrl, "https://x.test/mcp", "FuncChat:Mcp:Servers:a:Env:KEY", "k")]
    [InlineData("FuncChat__Mcp__Servers__a__Headers has no effect: the server is a process", "FuncChat:Mcp:Servers:a:Command", "none", "FuncChat:Mcp:Servers:a:Headers:X-Key", "k")]
    public async Task Start_warns_of_a_setting_that_has_no_effect(string warning, params string[] settings) =>
        Assert.Contains(warning, await LogsOfStartAsync([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]), StringComparison.Ordinal);

    [Theory]
    [InlineData("ALLOWED_EMAILS", "ada@example.com", "GOOGLE_CLIENT_ID", "x")]
    [InlineData("ENTRA_ALLOWED_ROLES", "Chat", "ENTRA_TENANT_ID", "00000000-1111-2222-3333-444444444444", "ENTRA_CLIENT_ID", "x", "FuncChat:Approvals:Approvers", "Boss", "FuncChat:Budgets:Administrators", "Boss")]
    [InlineData("FuncChat:Limits:TokensPerDay", "5", "FuncChat:Auth:ApiKeys:bot:Hash", Hash, "FuncChat:Approvals:Approvers", "key:bot")]
    [InlineData("FuncChat:Limits:TokensPerDay", "5", "FuncChat:Auth:AllowAnonymous", "true")]
    [InlineData("FuncChat:Approvals:Always", "*,search_*,a__delete_*,a__x,a*", McpUrl, "https://x.test/mcp", "FuncChat:Approvals:Never", "search_web")]
    [InlineData("OPENAI_MODELS", "gpt-5", "OPENAI_API_KEY", "sk-1")]
    [InlineData("GROQ_MODELS", "m", "GROQ_API_URL", "http://localhost:1/v1")]
    [InlineData("FuncChat:Search:BraveUrl", "http://localhost:1/", "BRAVE_API_KEY", "x")]
    [InlineData(McpUrl, "https://x.test/mcp", McpAuth, "sign-in", "FuncChat:Mcp:Servers:a:Scope", "s", "FuncChat:Mcp:Servers:a:Issuer", "https://x.test", "FuncChat:Mcp:Servers:a:ClientId", "c", "FuncChat:Mcp:Servers:a:ClientSecret", "s")]
    [InlineData(McpUrl, "https://x.test/mcp", "FuncChat:Mcp:Servers:a:Headers:X-Key", "k", "FuncChat:Mcp:Servers:a:Transport", "sse")]
    public async Task Start_does_not_warn_of_a_setting_that_has_an_effect(params string[] settings)
    {
        var logs = await LogsOfStartAsync([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]);

        Assert.DoesNotContain("has no effect", logs, StringComparison.Ordinal);
        Assert.DoesNotContain(" names ", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("whichever", logs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FuncChat:Budgets:AppCostPerMonth", "0")]
    [InlineData("FuncChat:Budgets:AppTokensPerMonth", "5")]
    [InlineData("FuncChat:Budgets:AppCostPerMonth", "5", "FuncChat:Prices:all:Model", "*", "FuncChat:Prices:all:Input", "1", "FuncChat:Prices:all:Output", "1")]
    public async Task Start_does_not_warn_of_a_budget_that_needs_no_price_or_has_one(params string[] settings) =>
        Assert.DoesNotContain("has a price", await LogsOfStartAsync([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]), StringComparison.Ordinal);

    private async Task<string> LogsOfStartAsync(params (string Name, string Value)[] settings)
    {
        var logs = new LogLines();
        await using var server = await LocalServer.StartWithAsync(
            _folder.Path, builder => builder.Logging.AddProvider(logs), new FakeModel().Catalog, null, settings);
        return logs.All;
    }
}
