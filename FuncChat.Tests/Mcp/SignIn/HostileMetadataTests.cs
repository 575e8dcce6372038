using System.Net;
using System.Net.Sockets;
using FuncChat.Tests.Support;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Mcp.SignIn;
using Microsoft.Extensions.Time.Testing;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>Metadata of servers that are wrong or hostile.</summary>
public sealed class HostileMetadataTests
{
    [Theory]
    [InlineData("authorization_endpoint", "javascript:alert(1)", "not https")]
    [InlineData("authorization_endpoint", "http://example.com/authorize", "not https")]
    [InlineData("token_endpoint", "http://169.254.169.254/token", "not https")]
    [InlineData("token_endpoint", "https://user:secret@example.com/token", "not https")]
    [InlineData("registration_endpoint", "file:///etc/passwd", "not https")]
    [InlineData("revocation_endpoint", "ftp://example.com", "not https")]
    [InlineData("authorization_endpoint", "https://xn--ä.example/authorize", "not https")]
    [InlineData("token_endpoint", "https://xn--ä/token", "not https")]
    [InlineData("token_endpoint", null, "not https")]
    [InlineData("issuer", "https://other.example", "has another issuer")]
    [InlineData("code_challenge_methods_supported", null, "PKCE")]
    [InlineData("registration_endpoint", null, "registers no clients")]
    public async Task Authorization_server_is_refused_when_its_metadata_is_not_valid(string field, string? value, string reason)
    {
        await using var bench = await McpSignInBench.StartAsync();
        bench.Authorization.Metadata[field] = value;

        await AssertNotStartedAsync(bench, reason);
    }

    [Theory]
    [InlineData("resource", "https://other.example/mcp", "that of another server")]
    [InlineData("resource", null, "that of another server")]
    [InlineData("authorization_servers", new[] { "http://169.254.169.254" }, "not https")]
    [InlineData("authorization_servers", new[] { "not an address" }, "not https")]
    [InlineData("authorization_servers", new[] { "https://xn--ä/" }, "not https")]
    [InlineData("authorization_servers", "text", "not valid")]
    public async Task Server_is_refused_when_its_resource_metadata_is_not_valid(string field, object? value, string reason)
    {
        await using var bench = await McpSignInBench.StartAsync();
        bench.Authorization.Resource[field] = value;

        await AssertNotStartedAsync(bench, reason);
    }

    [Theory]
    [InlineData("https://login.example/authorize")]
    [InlineData("https://127.0.0.1/authorize")]
    [InlineData("http://localhost/authorize")]
    public async Task Sign_in_at_another_host_is_refused_when_its_response_does_not_name_the_issuer(string address)
    {
        await using var bench = await McpSignInBench.StartAsync();
        bench.Authorization.Metadata["authorization_endpoint"] = address;
        bench.Authorization.Metadata["authorization_response_iss_parameter_supported"] = false;

        await AssertNotStartedAsync(bench, "set FuncChat__Mcp__Servers__srv__Issuer to it");
    }

    [Theory]
    [InlineData("https://api.figma.com", "https://www.figma.com/oauth", true)]
    [InlineData("https://login.example.co.uk", "https://example.co.uk/oauth", true)]
    [InlineData("https://a.co.uk", "https://b.co.uk/oauth", false)]
    [InlineData("https://example.com", "https://example.com.evil.test/oauth", false)]
    [InlineData("https://example.com", "https://notexample.com/oauth", false)]
    [InlineData("https://example.com", "https://example.com:8443/oauth", false)]
    [InlineData("https://203.0.113.1", "https://198.51.113.1/oauth", false)]
    public void Page_of_an_authorization_server_is_on_its_site(string issuer, string page, bool isOnSite) =>
        Assert.Equal(isOnSite, OAuthDiscovery.IsOnSite(new Uri(issuer), new Uri(page)));

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Sign_in_at_another_host_is_started_when_the_response_names_the_issuer_or_the_settings_do(bool returnsIssuer, bool isSet)
    {
        await using var bench = await McpSignInBench.StartAsync(isSet);
        bench.Authorization.Metadata["authorization_endpoint"] = "https://login.example/authorize";
        bench.Authorization.Metadata["authorization_response_iss_parameter_supported"] = returnsIssuer;

        Assert.Equal("login.example", (await bench.StartSignInAsync(bench.Ada)).Host);
    }

    [Fact]
    public async Task Secret_is_sent_to_no_other_issuer_than_that_of_the_settings()
    {
        await using var bench = await McpSignInBench.StartAsync(
            ("FuncChat:Mcp:Servers:srv:Issuer", "https://login.example"), ("FuncChat:Mcp:Servers:srv:ClientId", "app"), ("FuncChat:Mcp:Servers:srv:ClientSecret", "secret"));

        await AssertNotStartedAsync(bench, "names another authorization server than its setting Issuer");

        Assert.Empty(bench.Authorization.Requests);
    }

    [Fact]
    public async Task Issuer_of_the_settings_is_used_when_the_server_names_it_among_others()
    {
        await using var bench = await McpSignInBench.StartAsync(withIssuer: true);
        bench.Authorization.Resource["authorization_servers"] = new[] { "https://login.example", bench.Authorization.Issuer };

        await bench.SignInAsync(bench.Ada);

        Assert.Equal(("available", true), await bench.StateAsync(bench.Ada));
    }

    [Fact]
    public async Task Server_may_describe_the_origin_that_its_path_belongs_to()
    {
        await using var bench = await McpSignInBench.StartAsync();
        bench.Authorization.Resource["resource"] = bench.Mcp.Url.GetLeftPart(UriPartial.Authority);

        var address = await bench.StartSignInAsync(bench.Ada);

        Assert.Contains($"resource={Uri.EscapeDataString(bench.Mcp.Url.GetLeftPart(UriPartial.Authority))}&", address.Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://internal.test/token")]
    [InlineData("https://10.0.0.1/token")]
    [InlineData("https://[::1]/token")]
    [InlineData("https://127.0.0.1/token")]
    public async Task No_connection_is_opened_to_a_private_address_that_a_public_server_names(string address)
    {
        var network = new TwoHosts();
        using var http = new OAuthHttp(new Uri("https://public.test/mcp"), network, TimeProvider.System);

        await Assert.ThrowsAsync<SignInException>(() => http.FindAsync(http.Check(address), OAuthJson.Default.IssuerMetadata, CancellationToken.None));

        Assert.Empty(network.Connected);
    }

    [Theory]
    [InlineData("https://public.test/mcp", "https://public.test/client.json", true)]
    [InlineData("https://public.test/mcp", "https://internal.test/client.json", false)]
    [InlineData("https://public.test/mcp", "http://public.test/client.json", false)]
    [InlineData("https://public.test/mcp", "https://127.0.0.1/client.json", false)]
    [InlineData("https://internal.test/mcp", "https://internal.test/client.json", true)]
    [InlineData("https://public.test/mcp", "https://nowhere.test/client.json", false)]
    [InlineData("https://nowhere.test/mcp", "https://internal.test/client.json", false)]
    [InlineData("https://nowhere.test/mcp", "https://nowhere.test/client.json", false)]
    [InlineData("https://public.test/mcp", "https://unknown.test/client.json", false)]
    [InlineData("https://unknown.test/mcp", "https://internal.test/client.json", false)]
    [InlineData("https://public.test/mcp", "https://xn--ä/client.json", false)]
    [InlineData("https://public.test/mcp", "https://too-long.test/client.json", false)]
    public async Task Document_of_the_app_is_used_only_where_the_authorization_server_can_read_it(string server, string document, bool expected)
    {
        using var http = new OAuthHttp(new Uri(server), new TwoHosts(), TimeProvider.System);

        Assert.Equal(expected, await http.IsReadableAsync(new Uri(document), CancellationToken.None));
    }

    [Theory]
    [InlineData("https://public.test/mcp", "https://silent.test/client.json")]
    [InlineData("https://silent.test/mcp", "https://internal.test/client.json")]
    public async Task Document_of_the_app_is_not_used_when_a_name_is_not_looked_up_in_time(string server, string document)
    {
        var time = new FakeTimeProvider();
        var network = new TwoHosts();
        using var http = new OAuthHttp(new Uri(server), network, time);

        var readable = http.IsReadableAsync(new Uri(document), CancellationToken.None).AsTask();
        await network.Asked.WaitAsync();
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.False(await readable);
    }

    [Fact]
    public async Task Caller_can_cancel_the_lookup_of_a_name()
    {
        using var caller = new CancellationTokenSource();
        var network = new TwoHosts();
        using var http = new OAuthHttp(new Uri("https://public.test/mcp"), network, TimeProvider.System);

        var readable = http.IsReadableAsync(new Uri("https://silent.test/client.json"), caller.Token).AsTask();
        await network.Asked.WaitAsync();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => readable);
    }

    [Fact]
    public async Task Server_on_a_private_network_may_use_an_authorization_server_there()
    {
        var network = new TwoHosts();
        using var http = new OAuthHttp(new Uri("https://internal.test/mcp"), network, TimeProvider.System);

        await Assert.ThrowsAsync<SignInException>(() => http.FindAsync(http.Check("https://10.0.0.1/token"), OAuthJson.Default.IssuerMetadata, CancellationToken.None));

        Assert.Equal([new IPEndPoint(IPAddress.Parse("10.0.0.1"), 443)], network.Connected);
    }

    [Fact]
    public async Task Redirect_of_the_authorization_server_is_not_followed()
    {
        await using var web = await ScriptedWebServer.StartAsync();
        web.On("/metadata", http =>
        {
            http.Response.Redirect("/other");
            return Task.CompletedTask;
        });
        using var http = new OAuthHttp(web.Url, new SystemNetwork(), TimeProvider.System);

        Assert.Null(await http.FindAsync(new Uri(web.Url, "metadata"), OAuthJson.Default.IssuerMetadata, CancellationToken.None));

        Assert.Equal(["/metadata"], web.Requests);
    }

    [Theory]
    [InlineData("""{"issuer":"a","issuer":"b"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("<html>")]
    public async Task Document_that_is_not_valid_is_refused(string document)
    {
        await using var web = await ScriptedWebServer.StartAsync();
        web.On("/metadata", document, "application/json");
        using var http = new OAuthHttp(web.Url, new SystemNetwork(), TimeProvider.System);

        await Assert.ThrowsAsync<SignInException>(() => http.FindAsync(new Uri(web.Url, "metadata"), OAuthJson.Default.IssuerMetadata, CancellationToken.None));
    }

    [Fact]
    public async Task Document_that_is_too_large_is_refused()
    {
        await using var web = await ScriptedWebServer.StartAsync();
        web.On("/metadata", $$"""{"issuer":"{{new string('a', 300_000)}}"}""", "application/json");
        using var http = new OAuthHttp(web.Url, new SystemNetwork(), TimeProvider.System);

        await Assert.ThrowsAsync<SignInException>(() => http.FindAsync(new Uri(web.Url, "metadata"), OAuthJson.Default.IssuerMetadata, CancellationToken.None));
    }

    private static async Task AssertNotStartedAsync(McpSignInBench bench, string reason)
    {
        Assert.Equal(("sign_in_required", false), await bench.StateAsync(bench.Ada));
        using var response = await bench.Server.SendAsync(HttpMethod.Post, "api/mcp/servers/srv/sign-in", bench.Ada);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>A network with one public and one private host, neither of which accepts connections, and with names that have no address.</summary>
    private sealed class TwoHosts : INetwork
    {
        public List<IPEndPoint> Connected { get; } = [];

        /// <summary>Set when the name that no server knows is looked up.</summary>
        public ManualSignal Asked { get; } = new();

        public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (host == "silent.test")
            {
                Asked.Set();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return host switch
            {
                "public.test" => [IPAddress.Parse("93.184.215.14")],
                "nowhere.test" => [],
                "unknown.test" => throw new SocketException((int)SocketError.HostNotFound),
                "too-long.test" => throw new ArgumentOutOfRangeException(nameof(host)),
                _ => [IPAddress.Parse("10.0.0.2")],
            };
        }

        public async ValueTask<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Connected.Add(endPoint);
            throw new SocketException((int)SocketError.ConnectionRefused);
        }
    }
}
