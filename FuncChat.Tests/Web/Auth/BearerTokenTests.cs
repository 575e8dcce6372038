using System.Globalization;
using System.Net;
using System.Text;
using FuncChat.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace FuncChat.Tests.Web.Auth;

public sealed class BearerTokenTests : IAsyncLifetime
{
    private static readonly Dictionary<string, Func<OpenIdIssuer, string>> Invalid = new(StringComparer.Ordinal)
    {
        ["expired"] = issuer => issuer.TokenWith(("exp", issuer.In(-61))),
        ["never expires"] = issuer => issuer.TokenWith(("exp", null)),
        ["not yet valid"] = issuer => issuer.TokenWith(("nbf", issuer.In(62))),
        ["another audience"] = issuer => issuer.TokenWith(("aud", "another-page")),
        ["no audience"] = issuer => issuer.TokenWith(("aud", null)),
        ["another issuer"] = issuer => issuer.TokenWith(("iss", "https://accounts.example.com")),
        ["the issuer as a prefix"] = issuer => issuer.TokenWith(("iss", issuer.Issuer + ".example.com")),
        ["no issuer"] = issuer => issuer.TokenWith(("iss", null)),
        ["no subject"] = issuer => issuer.TokenWith(("sub", null)),
        ["a long subject"] = issuer => issuer.TokenWith(("sub", new string('a', 256))),
        ["unsigned"] = issuer => issuer.UnsignedToken(),
        ["signature cut off"] = issuer => issuer.TokenWith()[..^10],
        ["signed by another under the same key id"] = issuer => issuer.Token(OpenIdIssuer.NewKey("key-1")),
        ["signed by another key"] = issuer => issuer.Token(OpenIdIssuer.NewKey("key-2")),
        ["HS256 with the public key as PEM"] = issuer => issuer.Token(
            new SymmetricSecurityKey(Encoding.UTF8.GetBytes(issuer.Key.Rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = "key-1" }, SecurityAlgorithms.HmacSha256),
        ["HS256 with the public key's bytes"] = issuer => issuer.Token(
            new SymmetricSecurityKey(issuer.Key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = "key-1" }, SecurityAlgorithms.HmacSha256),
        ["claims changed after signing"] = issuer =>
        {
            var (ada, eve) = (issuer.TokenWith().Split('.'), issuer.TokenWith(("sub", "eve")).Split('.'));
            return $"{ada[0]}.{eve[1]}.{ada[2]}";
        },
        ["no token at all"] = _ => "x",
        ["dots"] = _ => "..",
        ["encrypted"] = _ => "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.QQ.QQ.QQ.QQ",
        ["not Base64"] = _ => "!!!.???.***",
        ["JSON in JSON in JSON"] = _ =>
            $"{Base64UrlEncoder.Encode(string.Concat(Enumerable.Repeat("{\"a\":", 2000)))}.{Base64UrlEncoder.Encode(new string('[', 4000))}.QQ",
        ["an audience with a trailing slash"] = issuer => issuer.TokenWith(("aud", OpenIdIssuer.Audience + "/")),
        ["a critical extension"] = issuer => issuer.Signed("""{"alg":"RS256","kid":"key-1","crit":["b64"],"b64":true}""", issuer.Claims()),
        ["an unknown critical extension"] = issuer => issuer.Signed("""{"alg":"RS256","kid":"key-1","crit":["x"],"x":1}""", issuer.Claims()),
        ["Base64 with padding"] = issuer => Padded(issuer.TokenWith()),
        ["a line break"] = issuer => issuer.TokenWith().Insert(40, "%0A"),
        ["the expiration as a string"] = issuer => issuer.TokenWith(("exp", issuer.In(3600).ToString(CultureInfo.InvariantCulture))),
        ["the start as a string"] = issuer => issuer.TokenWith(("nbf", issuer.In(0).ToString(CultureInfo.InvariantCulture))),
        ["two subjects"] = issuer => issuer.Signed("""{"alg":"RS256","kid":"key-1"}""", issuer.Claims()[..^1] + ""","sub":"eve"}"""),
        ["two algorithms"] = issuer => issuer.Signed("""{"alg":"RS256","kid":"key-1","alg":"none"}""", issuer.Claims()),
        ["a logout token by its type"] = issuer => issuer.Signed("""{"alg":"RS256","kid":"key-1","typ":"logout+jwt"}""", issuer.Claims()),
        ["a logout token by its events"] = issuer => issuer.TokenWith(
            ("events", new Dictionary<string, object>(StringComparer.Ordinal) { ["http://schemas.openid.net/event/backchannel-logout"] = new { } })),
        ["a security event"] = issuer => issuer.Signed("""{"alg":"RS256","kid":"key-1","typ":"secevent+jwt"}""", issuer.Claims()),
        ["claims that are an array"] = issuer => issuer.Signed("""{"alg":"RS256","kid":"key-1"}""", $"[{issuer.Claims()}]"),
        ["huge"] = issuer => issuer.TokenWith(("more", new string('x', 20_000))),
    };

    private GuardedServer _server = null!;

    public static TheoryData<string> InvalidTokens() => [.. Invalid.Keys];

    public async Task InitializeAsync() => _server = await GuardedServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Token_is_accepted_when_it_is_valid()
    {
        using var response = await _server.GetAsync(_server.Issuer.TokenWith());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Request_without_a_token_is_401_with_a_challenge()
    {
        using var response = await _server.GetAsync(null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer realm=\"FuncChat\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("UNAUTHORIZED", (await GuardedServer.JsonAsync(response)).GetProperty("code").GetString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [MemberData(nameof(InvalidTokens))]
    public async Task Token_is_401_when_it_is_invalid(string name)
    {
        var token = Invalid[name](_server.Issuer);

        using var response = await _server.GetAsync(token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        var answer = response.Headers + await response.Content.ReadAsStringAsync();
        foreach (var part in token.Split('.').Where(part => part.Length > 8))
        {
            Assert.DoesNotContain(part, answer, StringComparison.Ordinal);
            Assert.DoesNotContain(part, _server.Logs.All, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"alg":"RS256","kid":"key-1"}""")]
    [InlineData("""{"alg":"RS256","kid":"key-1","typ":"JWT"}""")]
    [InlineData("""{"alg":"RS256","kid":"key-1","typ":"at+jwt"}""")]
    [InlineData("""{"typ":"application/at+jwt","alg":"RS256","kid":"key-1","x5t":"abc"}""")]
    public async Task Token_is_accepted_with_each_type_that_signs_in(string header)
    {
        using var response = await _server.GetAsync(_server.Issuer.Signed(header, _server.Issuer.Claims()));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(1024, HttpStatusCode.Unauthorized)]
    [InlineData(2040, HttpStatusCode.Unauthorized)]
    [InlineData(2048, HttpStatusCode.OK)]
    public async Task Token_is_401_when_its_issuers_key_is_short(int bits, HttpStatusCode status)
    {
        _server.Issuer.RotateTo("key-1", bits);

        using var response = await _server.GetAsync(_server.Issuer.Signed("""{"alg":"RS256","kid":"key-1"}""", _server.Issuer.Claims()));

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("Basic YWRhOnNlY3JldA==")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task Authorization_is_401_when_it_is_no_bearer_token(string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/models");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Token_is_taken_within_a_minute_of_its_bounds_and_not_beyond()
    {
        var token = _server.Issuer.TokenWith(("exp", _server.Issuer.In(60)));

        _server.Time.Advance(TimeSpan.FromSeconds(119));
        using var within = await _server.GetAsync(token);
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        using var beyond = await _server.GetAsync(token);

        Assert.Equal(HttpStatusCode.OK, within.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, beyond.StatusCode);
        Assert.Contains("expired", beyond.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ADA@EXAMPLE.COM", true, HttpStatusCode.OK)]
    [InlineData("grace@example.org", true, HttpStatusCode.OK)]
    [InlineData("grace@EXAMPLE.org", "true", HttpStatusCode.OK)]
    [InlineData("ada@example.com", false, HttpStatusCode.Forbidden)]
    [InlineData("ada@example.com", null, HttpStatusCode.Forbidden)]
    [InlineData("ada@example.com", 1, HttpStatusCode.Forbidden)]
    [InlineData("grace@example.com", true, HttpStatusCode.Forbidden)]
    [InlineData("grace@example.org.evil.com", true, HttpStatusCode.Forbidden)]
    [InlineData("grace@evil-example.org", true, HttpStatusCode.Forbidden)]
    [InlineData("grace@sub.example.org", true, HttpStatusCode.Forbidden)]
    [InlineData("@example.org", true, HttpStatusCode.Forbidden)]
    [InlineData("grace@example.org@evil.com", true, HttpStatusCode.Forbidden)]
    [InlineData("ada@e\u00d7ample.com", true, HttpStatusCode.Forbidden)]
    [InlineData("grace@example.or\u0261", true, HttpStatusCode.Forbidden)]
    [InlineData("*@example.org", false, HttpStatusCode.Forbidden)]
    [InlineData("bob@evil.com@example.org", true, HttpStatusCode.Forbidden)]
    [InlineData("a\r\nb@example.org", true, HttpStatusCode.Forbidden)]
    [InlineData("a b@example.org", true, HttpStatusCode.Forbidden)]
    [InlineData("a\u00e9@example.org", true, HttpStatusCode.Forbidden)]
    [InlineData("a\u0000@example.org", true, HttpStatusCode.Forbidden)]
    [InlineData(null, true, HttpStatusCode.Forbidden)]
    public async Task Signed_in_user_is_let_in_by_a_verified_address_on_the_list(string? email, object? verified, HttpStatusCode status)
    {
        using var response = await _server.GetAsync(_server.Issuer.TokenWith(("email", email), ("email_verified", verified)));

        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.Forbidden)
            Assert.Equal("FORBIDDEN", (await GuardedServer.JsonAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Roles_of_an_issuer_other_than_entra_admit_no_user()
    {
        await using var server = await GuardedServer.StartAsync(("ENTRA_ALLOWED_ROLES", "admin"), ("ENTRA_ALLOWED_GROUPS", "g"));

        using var response = await server.GetAsync(server.Issuer.TokenWith(("email", null), ("roles", new[] { "admin" }), ("groups", new[] { "g" })));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Turn_is_its_owners_alone()
    {
        _server.Model.Says("Hi.");
        var body = """{"messages":[{"role":"user","content":"Hello"}],"turn_id":"turn-0001"}""";
        using var started = await _server.SendAsync(HttpMethod.Post, "api/chat", _server.Issuer.TokenWith(), body);
        await started.Content.ReadAsStringAsync();

        using var own = await _server.GetAsync(_server.Issuer.TokenWith(), "api/chat/turn-0001?after=0");
        using var others = await _server.GetAsync(
            _server.Issuer.TokenWith(("sub", "grace"), ("email", "grace@example.org")), "api/chat/turn-0001?after=0");
        using var programs = await _server.GetAsync(GuardedServer.BotKey, "api/chat/turn-0001?after=0");

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, others.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, programs.StatusCode);
    }

    private static string Padded(string token)
    {
        var parts = token.Split('.');
        return string.Join('.', parts[0], parts[1] + new string('=', (4 - (parts[1].Length % 4)) % 4), parts[2]);
    }
}
