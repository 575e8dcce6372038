using System.Security.Claims;
using FuncChat.Web.Auth;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Web.Auth;

public sealed class AuthSettingsTests
{
    private const string Tenant = "11111111-2222-3333-4444-555555555555";
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Fact]
    public void Entra_is_one_tenant_whose_tokens_are_rs256()
    {
        var entra = Assert.Single(Read(("ENTRA_TENANT_ID", Tenant), ("ENTRA_CLIENT_ID", "client")).Providers);

        Assert.Equal($"https://login.microsoftonline.com/{Tenant}/v2.0", entra.Authority.AbsoluteUri);
        Assert.Equal(["RS256"], entra.Algorithms);
        Assert.True(entra.IsEntra);
    }

    [Fact]
    public void Google_names_itself_with_and_without_https()
    {
        var google = Assert.Single(Read(("GOOGLE_CLIENT_ID", "client")).Providers);

        Assert.True(google.Issues("https://accounts.google.com"));
        Assert.True(google.Issues("accounts.google.com"));
        Assert.False(google.Issues("https://accounts.google.com.evil.example"));
        Assert.True(google.IsGoogle);
    }

    [Fact]
    public void Roles_and_groups_of_entra_let_in_without_an_address()
    {
        var allowed = Read(("ENTRA_ALLOWED_ROLES", "chat.user, admin"), ("ENTRA_ALLOWED_GROUPS", Tenant)).Allowed;

        Assert.False(allowed.Allows(User()));
        Assert.True(allowed.Allows(User((UserClaims.Role, "chat.user"))));
        Assert.False(allowed.Allows(User((UserClaims.Role, "Chat.User"))));
        Assert.True(allowed.Allows(User((UserClaims.Group, Tenant.ToUpperInvariant()))));
    }

    [Fact]
    public void Empty_list_admits_no_user() =>
        Assert.False(Read(("GOOGLE_CLIENT_ID", "client")).Allowed.Allows(
            User((UserClaims.Email, "ada@example.com"), (UserClaims.ManagedEmail, "ada@example.com"), (UserClaims.Role, ""), (UserClaims.Group, ""))));

    [Theory]
    [InlineData("ALLOWED_EMAILS", "ada")]
    [InlineData("ALLOWED_EMAILS", "*")]
    [InlineData("ALLOWED_EMAILS", "*@")]
    [InlineData("ALLOWED_EMAILS", "a*@example.com")]
    [InlineData("ALLOWED_EMAILS", "ada@*.example.com")]
    [InlineData("ALLOWED_EMAILS", "ada@ex\u00e4mple.com")]
    [InlineData("ENTRA_TENANT_ID", "common")]
    [InlineData("ENTRA_TENANT_ID", "contoso.com")]
    [InlineData("ENTRA_CLIENT_ID", "client", "ENTRA_TENANT_ID")]
    [InlineData("FuncChat:Auth:AllowAnonymous", "yes")]
    [InlineData("FuncChat:Auth:AllowAnonymus", "true")]
    [InlineData("FuncChat:Auth:ApiKeys:bot:Hash", "fck_0123456789abcdef")]
    [InlineData("FuncChat:Auth:ApiKeys:bot:Key", "fck_0123456789abcdef")]
    [InlineData("FuncChat:Auth:ApiKeys:The Bot:Hash", Hash)]
    [InlineData("FuncChat:Auth:Providers:mine:Authority", "https://login.example.com", "FuncChat__Auth__Providers__mine__Audience")]
    [InlineData("FuncChat:Auth:Providers:mine:Audience", "page", "FuncChat__Auth__Providers__mine__Authority")]
    [InlineData("FuncChat:Auth:Providers:mine:Authority", "http://login.example.com")]
    [InlineData("FuncChat:Auth:Providers:google:Authority", "https://login.example.com", "FuncChat__Auth__Providers__google")]
    public void Setting_that_is_wrong_is_named_and_not_repeated(string key, string value, string? named = null)
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => Read((key, value)));

        Assert.Contains(wrong.Failures, failure => failure.Contains(named ?? key.Replace(":", "__", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.DoesNotContain("fck_0", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GOOGLE_CLIENT_ID", "client")]
    [InlineData("FuncChat:Auth:ApiKeys:bot:Hash", Hash)]
    public void Anonymous_access_and_sign_in_together_is_a_contradiction(string key, string value) =>
        Assert.Throws<OptionsValidationException>(() => Read((key, value), ("FuncChat:Auth:AllowAnonymous", "true")));

    [Fact]
    public void Two_providers_of_one_authority_are_wrong() =>
        Assert.Throws<OptionsValidationException>(() => Read(
            ("FuncChat:Auth:Providers:one:Authority", "https://login.example.com"), ("FuncChat:Auth:Providers:one:Audience", "a"),
            ("FuncChat:Auth:Providers:two:Authority", "https://login.example.com/"), ("FuncChat:Auth:Providers:two:Audience", "b")));

    private static ClaimsPrincipal User(params (string Type, string Value)[] claims) =>
        new(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Type, claim.Value)), "test"));

    private static AuthSettings Read(params (string Key, string Value)[] settings) =>
        new ServiceCollection()
            .AddApiAuthorization(new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
                .Build())
            .BuildServiceProvider().GetRequiredService<IOptions<AuthSettings>>().Value;
}
