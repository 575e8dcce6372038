using FuncChat.Engine.Chat.Approvals;
using FuncChat.Engine.Usage;
using FuncChat.Tools;
using FuncChat.Tools.Configuration;
using FuncChat.Web.Auth;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Web.Configuration;

/// <summary>Warns at start of settings that have no effect because another one is missing, such as ALLOWED_EMAILS without a sign-in, of budgets without prices, and of API keys and tools that are named but missing.</summary>
internal sealed partial class IneffectiveSettingWarning(
    IConfiguration configuration, IEnumerable<KnownSettings> registered, IOptions<AuthSettings> auth, IOptions<BudgetOptions> budgets, IOptions<PriceTable> prices,
    IOptions<ApprovalOptions> approvals, ToolCatalog tools, ILogger<IneffectiveSettingWarning> logger) : IHostedService
{
    private const string Models = "_MODELS";
    private const string KeyRole = "key:";
    private const string SignIn = "no sign-in is configured. Set GOOGLE_CLIENT_ID, or ENTRA_TENANT_ID and ENTRA_CLIENT_ID";

    // A reader of settings also accepts lists with indexes.
    private readonly SettingReader _reader = new(configuration);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (setting, reason) in Find(auth.Value).Where(each => _reader.IsSet(each.Key)))
            LogIneffective(SettingMessage.NameOf(setting), reason);
        if (budgets.Value.NeedPrices && !prices.Value.HasAny)
            LogNoPrices();
        WarnOfUnknownTools(nameof(ApprovalOptions.Always), approvals.Value.Always);
        WarnOfUnknownTools(nameof(ApprovalOptions.Never), approvals.Value.Never);
        WarnOfUnknownTools(nameof(ApprovalOptions.Annotation), approvals.Value.Annotation);
        if (auth.Value.SignInRequired)
        {
            WarnOfUnknownRoles($"{ApprovalOptions.Section}:{nameof(ApprovalOptions.Approvers)}", approvals.Value.Approvers);
            WarnOfUnknownRoles($"{BudgetOptions.Section}:{nameof(BudgetOptions.Administrators)}", budgets.Value.Administrators);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void WarnOfUnknownTools(string list, IReadOnlyList<string> patterns)
    {
        foreach (var pattern in patterns.Where(pattern => !tools.MayHave(pattern, ToolNamePattern.Matches)))
            LogUnknownTool($"{SettingMessage.NameOf(ApprovalOptions.Section)}__{list}", pattern);
    }

    // The name of a key is not logged: it may be the key itself.
    private void WarnOfUnknownRoles(string setting, IReadOnlyList<string> roles)
    {
        var keys = roles.Where(role => role.StartsWith(KeyRole, StringComparison.OrdinalIgnoreCase)).ToList();
        if (keys.Except(auth.Value.ApiKeys.Select(key => $"{KeyRole}{key.Name}"), StringComparer.OrdinalIgnoreCase).Any())
            LogUnknownKey(SettingMessage.NameOf(setting));
        if (keys.Count < roles.Count && !HasEntra(auth.Value))
            LogNoRoles(SettingMessage.NameOf(setting));
    }

    private static bool HasEntra(AuthSettings settings) => settings.Providers.Any(provider => provider.Name == IdentityProvider.Entra);

    private IEnumerable<(string Key, string Reason)> Find(AuthSettings settings)
    {
        if (settings.Providers.Count == 0)
            yield return ("ALLOWED_EMAILS", SignIn);
        if (!HasEntra(settings))
        {
            const string Entra = "no sign-in with Entra ID is configured. Set ENTRA_TENANT_ID and ENTRA_CLIENT_ID";
            yield return ("ENTRA_ALLOWED_ROLES", Entra);
            yield return ("ENTRA_ALLOWED_GROUPS", Entra);
        }

        if (!settings.SignInRequired)
            yield return ($"{ApprovalOptions.Section}:{nameof(ApprovalOptions.Approvers)}", $"no user has a role: {SignIn}");
        if (settings.LoopbackOnly)
            yield return (QuotaOptions.Section, $"the server answers its own machine only, whose user has no limits: {SignIn}, or FuncChat__Auth__ApiKeys__<name>__Hash");
        foreach (var provider in Providers().Where(provider => !_reader.IsSet($"{provider}_API_KEY") && !_reader.IsSet($"{provider}_API_URL")))
            yield return ($"{provider}{Models}", $"the provider is not configured. Set {provider}_API_KEY");
        if (!_reader.IsSet("FuncChat:TurnLog:BlobServiceUri") && !_reader.IsSet("FuncChat:TurnLog:ConnectionString"))
        {
            const string Storage = "turns, threads and files are kept in files. Set FuncChat__TurnLog__BlobServiceUri or FuncChat__TurnLog__ConnectionString";
            string[] names =
                ["TurnLog:ClientId", "TurnLog:Container", "TurnLog:RunsContainer", "TurnLog:SecretsContainer", "Threads:Container", "Threads:Table", "Files:Container"];
            foreach (var name in names)
                yield return ($"FuncChat:{name}", Storage);
        }

        if (!_reader.IsSet("FuncChat:Usage:TableServiceUri") && !_reader.IsSet("FuncChat:Usage:ConnectionString"))
        {
            const string Table = "usage is counted in files. Set FuncChat__Usage__TableServiceUri or FuncChat__Usage__ConnectionString";
            foreach (var setting in (string[])["ClientId", "Table", "SyncInterval"])
                yield return ($"FuncChat:Usage:{setting}", Table);
        }

        if (!_reader.IsSet("KEY_VAULT_URI"))
            yield return ("FuncChat:KeyVault:RefreshInterval", "there is no vault. Set KEY_VAULT_URI");

        if (!_reader.IsSet("BRAVE_API_KEY"))
            yield return ("FuncChat:Search:BraveUrl", "Brave is not configured. Set BRAVE_API_KEY");
        if (!_reader.IsSet("TAVILY_API_KEY"))
            yield return ("FuncChat:Search:TavilyUrl", "Tavily is not configured. Set TAVILY_API_KEY");
    }

    // Their names are in the environment only, such as OPENAI.
    private IEnumerable<string> Providers() =>
        registered.SelectMany(settings => settings.Names).Where(name => name.EndsWith(Models, StringComparison.Ordinal)).Select(name => name[..^Models.Length]);

    [LoggerMessage(406, LogLevel.Warning, "{Setting} has no effect: {Reason}")]
    private partial void LogIneffective(string setting, string reason);

    [LoggerMessage(407, LogLevel.Warning, "A budget is in money, and no model has a price: every turn fails until FuncChat__Prices__<name>__Model and its prices are set (docs/usage.md)")]
    private partial void LogNoPrices();

    [LoggerMessage(408, LogLevel.Warning, "{Setting} names an API key that this server does not have. The names are those of FuncChat__Auth__ApiKeys__<name>__Hash, as key:<name>")]
    private partial void LogUnknownKey(string setting);

    [LoggerMessage(409, LogLevel.Warning, "{Setting} names a role or a group, and only users who sign in with Entra ID have any. Set ENTRA_TENANT_ID and ENTRA_CLIENT_ID, or name an API key as key:<name>")]
    private partial void LogNoRoles(string setting);

    [LoggerMessage(410, LogLevel.Warning, "{Setting} names {Tool}, and this server has no such tool. GET /api/tools lists the names; a tool of an MCP server or an HTTP API is server__tool")]
    private partial void LogUnknownTool(string setting, string tool);
}
