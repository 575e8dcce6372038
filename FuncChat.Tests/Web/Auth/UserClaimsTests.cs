using FuncChat.Tests.Support;
using FuncChat.Web.Auth;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Tests.Web.Auth;

/// <summary>Which addresses of Google and Entra ID count. Their issuers can't be played here, so these tests start at a validated token.</summary>
public sealed class UserClaimsTests
{
    private static readonly RsaSecurityKey Key = OpenIdIssuer.NewKey("key-1");
    private static readonly IdentityProvider Google = new(IdentityProvider.Google, new Uri("https://accounts.google.com"), ["page"]);
    private static readonly IdentityProvider Entra =
        new(IdentityProvider.Entra, new Uri("https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0"), ["page"]);

    private static readonly AllowList Allowed = new(["*@corp.example", "*@gmail.com", "ada@private.example"], ["chat.user"], []);

    [Theory]
    [InlineData("""{"email":"bob@corp.example","email_verified":true,"hd":"corp.example"}""", true)]
    [InlineData("""{"email":"bob@corp.example","email_verified":true}""", false)]
    [InlineData("""{"email":"bob@corp.example","email_verified":true,"hd":""}""", false)]
    [InlineData("""{"email":"bob@corp.example","email_verified":false,"hd":"corp.example"}""", false)]
    [InlineData("""{"email":"bob@gmail.com","email_verified":true}""", true)]
    [InlineData("""{"email":"bob@notgmail.com","email_verified":true}""", false)]
    [InlineData("""{"email":"ada@private.example","email_verified":true}""", true)]
    [InlineData("""{"hd":"corp.example","email_verified":true}""", false)]
    public void Google_account_matches_a_domain_when_google_manages_its_address(string claims, bool allowed) =>
        Assert.Equal(allowed, Allows(Google, claims));

    [Theory]
    [InlineData("""{"email":"bob@corp.example","acct":0}""", true)]
    [InlineData("""{"preferred_username":"bob@corp.example","acct":0}""", true)]
    [InlineData("""{"email":"bob@corp.example","xms_edov":true}""", true)]
    [InlineData("""{"email":"bob@corp.example","xms_edov":"1"}""", true)]
    [InlineData("""{"email":"bob@corp.example","acct":1,"xms_edov":true}""", true)]
    [InlineData("""{"email":"bob@corp.example","acct":1}""", false)]
    [InlineData("""{"email":"bob@corp.example"}""", false)]
    [InlineData("""{"email":"bob@corp.example","email_verified":true}""", false)]
    [InlineData("""{"email":"bob@corp.example","xms_edov":false}""", false)]
    [InlineData("""{"email":"bob@corp.example","acct":[0,1]}""", false)]
    [InlineData("""{"preferred_username":"bob@corp.example","acct":1}""", false)]
    [InlineData("""{"preferred_username":"bob@corp.example","xms_edov":true}""", false)]
    [InlineData("""{"preferred_username":"bob@corp.example"}""", false)]
    [InlineData("""{"acct":1,"roles":["chat.user"]}""", true)]
    [InlineData("""{"acct":0,"roles":["Chat.User"]}""", false)]
    public void Entra_account_is_allowed_by_an_address_of_a_member_or_a_verified_one_and_by_a_role(string claims, bool allowed) =>
        Assert.Equal(allowed, Allows(Entra, claims));

    [Fact]
    public void Guest_of_entra_learns_which_claim_is_missing()
    {
        var user = UserClaims.OfToken(Token("""{"email":"bob@corp.example"}"""), Entra)!;

        Assert.Contains("acct or xms_edov", user.FindFirst(UserClaims.EmailProblem)!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"email":"bob@corp.example","_claim_names":{"groups":"src1"},"_claim_sources":{"src1":{"endpoint":"https://graph.example"}}}""", "group-1", "app role")]
    [InlineData("""{"email":"bob@corp.example","hasgroups":true}""", "group-1", "app role")]
    [InlineData("""{"email":"bob@corp.example","_claim_names":{"groups":"src1"}}""", null, "acct or xms_edov")]
    [InlineData("""{"email":"bob@corp.example","_claim_names":{"roles":"src1"}}""", "group-1", "acct or xms_edov")]
    [InlineData("""{"email":"bob@corp.example","_claim_names":"groups"}""", "group-1", "acct or xms_edov")]
    public void User_of_entra_with_too_many_groups_for_a_token_learns_so_where_groups_are_admitted(string claims, string? group, string refusal)
    {
        var allowed = Allowed with { Groups = group is null ? [] : [group] };

        Assert.Contains(refusal, allowed.FindRefusal(UserClaims.OfToken(Token(claims), Entra)!), StringComparison.Ordinal);
    }

    private static bool Allows(IdentityProvider provider, string claims) => Allowed.Allows(UserClaims.OfToken(Token(claims), provider)!);

    private static JsonWebToken Token(string claims) =>
        new(new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            claims[..^1] + ""","sub":"ada"}""", new SigningCredentials(Key, SecurityAlgorithms.RsaSha256)));
}
