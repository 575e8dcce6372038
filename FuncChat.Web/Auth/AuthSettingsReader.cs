using System.Text;
using System.Text.RegularExpressions;
using FuncChat.Tools.Configuration;

namespace FuncChat.Web.Auth;

/// <summary>Reads who may use the server, and reports settings that would let in other users, or none, by mistake.</summary>
internal sealed partial class AuthSettingsReader(SettingReader reader)
{
    private const string Root = "FuncChat:Auth";
    private const string AllowAnonymousKey = "FuncChat:Auth:AllowAnonymous";
    private const string AuthorityKey = "FuncChat:Auth:Providers:<name>:Authority";
    private const string AudienceKey = "FuncChat:Auth:Providers:<name>:Audience";
    private const string HashKey = "FuncChat:Auth:ApiKeys:<name>:Hash";
    private const string UserHeaderKey = "FuncChat:Auth:ApiKeys:<name>:UserHeader";

    /// <summary>The names of all of them in the environment.</summary>
    public static string[] Names { get; } =
    [
        "GOOGLE_CLIENT_ID", "ENTRA_TENANT_ID", "ENTRA_CLIENT_ID", "ALLOWED_EMAILS", "ENTRA_ALLOWED_ROLES", "ENTRA_ALLOWED_GROUPS",
        .. new[] { AllowAnonymousKey, AuthorityKey, AudienceKey, HashKey, UserHeaderKey }.Select(SettingMessage.NameOf),
    ];

    // One of these is set in App Service, in each plan of Azure Functions, and in Container Apps. CONTAINER_NAME is not among them, because it is
    // also set in containers elsewhere.
    private static readonly string[] CloudMarks =
        ["WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME", "WEBSITE_POD_NAME", "LEGION_SERVICE_HOST", "CONTAINER_APP_NAME"];

    public AuthSettings Read()
    {
        RefuseOthers(Root, ["AllowAnonymous", "Providers", "ApiKeys"]);
        var settings = new AuthSettings
        {
            Providers = [.. new[] { ReadGoogle(), ReadEntra() }.Concat(NamesUnder("Providers").Select(ReadNamed)).OfType<IdentityProvider>()],
            ApiKeys = [.. NamesUnder("ApiKeys").Select(ReadApiKey).OfType<HashedApiKey>()],
            Allowed = new AllowList(
                [.. List(Setting("ALLOWED_EMAILS")).Where(IsEmailPattern)], [.. List(Setting("ENTRA_ALLOWED_ROLES"))], [.. List(Setting("ENTRA_ALLOWED_GROUPS"))]),
            AllowAnonymous = reader.Flag(AllowAnonymousKey),
        };
        Check(settings);
        return settings;
    }

    private void Check(AuthSettings settings)
    {
        if (settings.AllowAnonymous && settings.SignInRequired)
            reader.AddError(AllowAnonymousKey, "is true, but a sign-in or an API key is configured", "false");
        if (settings.LoopbackOnly && reader.Errors.Count == 0 && CloudMarks.Any(mark => reader.Text(mark) is not null))
        {
            reader.AddError(
                AllowAnonymousKey, "is not true, and no sign-in and no API key is configured, so that in Azure anyone could use the server. Set "
                + "GOOGLE_CLIENT_ID, or ENTRA_TENANT_ID and ENTRA_CLIENT_ID, with ALLOWED_EMAILS; or set FuncChat__Auth__AllowAnonymous to true to let everyone in");
        }

        foreach (var twice in settings.Providers.GroupBy(provider => provider.Authority.AbsoluteUri.TrimEnd('/')).Where(same => same.Count() > 1))
            reader.AddError(Path(AuthorityKey, twice.Last().Name), $"is also the authority of {twice.First().Name}: configure it once, with its audiences separated by commas");
    }

    private IdentityProvider? ReadGoogle() => Setting("GOOGLE_CLIENT_ID") is { } clientId
        ? new IdentityProvider(IdentityProvider.Google, new Uri("https://accounts.google.com"), [clientId])
        : null;

    private IdentityProvider? ReadEntra()
    {
        var (tenant, client) = (Setting("ENTRA_TENANT_ID"), Setting("ENTRA_CLIENT_ID"));
        if (tenant is null && client is null)
            return null;
        if (client is null)
            reader.AddError("ENTRA_CLIENT_ID", "is not set, but ENTRA_TENANT_ID is: set it to the application (client) id of the app registration", "00000000-1111-2222-3333-444444444444");

        // The id of a tenant: "common" is every tenant, and the tokens' issuer contains no domain.
        if (!Guid.TryParseExact(tenant, "D", out var id))
            reader.AddError("ENTRA_TENANT_ID", "is not the id of one tenant", "00000000-1111-2222-3333-444444444444");
        return client is null || id == Guid.Empty
            ? null
            : new IdentityProvider(IdentityProvider.Entra, new Uri($"https://login.microsoftonline.com/{id:D}/v2.0"), [client]);
    }

    private IdentityProvider? ReadNamed(string name)
    {
        RefuseOthers($"{Root}:Providers:{name}", ["Authority", "Audience"]);
        const string Good = "https://login.example.com";
        if (!Name().IsMatch(name) || name is IdentityProvider.Google or IdentityProvider.Entra)
        {
            reader.AddError($"{Root}:Providers:{name}", "must have a name of up to 32 of a-z, 0-9 and -, and not google or entra", "FuncChat__Auth__Providers__my-issuer__Authority");
            return null;
        }

        var authority = reader.Url(Path(AuthorityKey, name), Good);
        if (reader.Text(Path(AuthorityKey, name)) is null || authority is { Scheme: "http", IsLoopback: false } or { Query.Length: > 0 })
        {
            reader.AddError(Path(AuthorityKey, name), "must be the https URL of an issuer", Good);
            authority = null;
        }

        List<string> audiences = [.. List(reader.Text(Path(AudienceKey, name)))];
        if (audiences.Count == 0)
            reader.AddError(Path(AudienceKey, name), "is not set: set it to the client id of this server's page, so that tokens for other applications are refused");
        return authority is null || audiences.Count == 0 ? null : new IdentityProvider(name, authority, audiences);
    }

    private HashedApiKey? ReadApiKey(string name)
    {
        RefuseOthers($"{Root}:ApiKeys:{name}", ["Hash", "UserHeader"]);
        var header = reader.Text(Path(UserHeaderKey, name));
        if (header is not null && !HeaderName().IsMatch(header))
            reader.AddError(Path(UserHeaderKey, name), "must be the name of a header that begins with X-", NamedUser.StandardHeader);
        if (!Name().IsMatch(name))
            reader.AddError(Path(HashKey, name), "has a name that is not allowed: use up to 32 of a-z, 0-9 and -", "FuncChat__Auth__ApiKeys__my-program__Hash");
        else if (reader.Text(Path(HashKey, name)) is { } hash && Sha256().IsMatch(hash))
            return new HashedApiKey(name, Convert.FromHexString(hash), header);
        else
            reader.AddError(Path(HashKey, name), "must be the SHA-256 of a key in 64 hex digits; see \"API keys\" in docs/configuration.md");
        return null;
    }

    private bool IsEmailPattern(string pattern)
    {
        var at = pattern.IndexOf('@', StringComparison.Ordinal);
        var isOne = at > 0 && at == pattern.LastIndexOf('@') && at < pattern.Length - 1 && Ascii.IsValid(pattern)
            && (pattern.LastIndexOf('*') is var star && (star < 0 || (star == 0 && at == 1)));
        if (!isOne)
            reader.AddError("ALLOWED_EMAILS", "must be addresses separated by commas", "ada@example.com,*@example.org");
        return isOne;
    }

    private string? Setting(string name) => reader.Text(name);

    private static string[] List(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string Path(string key, string name) => key.Replace("<name>", name, StringComparison.Ordinal);

    private IEnumerable<string> NamesUnder(string section) =>
        reader.NamesUnder($"{Root}:{section}").Where(name => reader.IsSet($"{Root}:{section}:{name}"));

    private void RefuseOthers(string path, string[] known)
    {
        foreach (var other in reader.NamesUnder(path).Except(known, StringComparer.OrdinalIgnoreCase).Where(other => reader.IsSet($"{path}:{other}")))
            reader.AddError($"{path}:{other}", $"is not a setting: use one of {string.Join(", ", known)}");
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,31}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[Xx]-[A-Za-z0-9-]{1,62}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HeaderName();

    [GeneratedRegex(@"\A[0-9A-Fa-f]{64}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Sha256();
}
