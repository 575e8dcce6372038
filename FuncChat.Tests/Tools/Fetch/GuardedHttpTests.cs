using System.Net;
using FuncChat.Tools;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tests.Tools.Fetch;

public class GuardedHttpTests
{
    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://0/")]
    [InlineData("http://169.254.169.254/metadata/instance")]
    [InlineData("http://168.63.129.16/machine")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:a9fe:a9fe]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    public async Task Connection_is_refused_when_the_host_is_spelled_as_a_private_address(string url)
    {
        await using var web = await TestWeb.StartAsync();

        var exception = await Assert.ThrowsAsync<ToolException>(() => GetAsync(web.Http, url));

        Assert.Contains("on the public internet", exception.Message, StringComparison.Ordinal);
        Assert.Empty(web.Network.Connections);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    public async Task Connection_is_refused_when_one_of_a_names_addresses_is_private(string address)
    {
        await using var web = await TestWeb.StartAsync();
        web.Network.Name("mixed.test", [FakeNetwork.Public, IPAddress.Parse(address)]);

        await Assert.ThrowsAsync<ToolException>(() => GetAsync(web.Http, "http://mixed.test/"));

        Assert.Empty(web.Network.Connections);
    }

    [Fact]
    public async Task Connection_goes_to_the_checked_address_when_a_second_lookup_would_lead_elsewhere()
    {
        await using var web = await TestWeb.StartAsync();
        web.Network.Name("rebind.test", [FakeNetwork.Public], [IPAddress.Loopback]);

        using var response = await GetAsync(web.Http, "http://rebind.test/");

        Assert.Equal(new IPEndPoint(FakeNetwork.Public, 80), Assert.Single(web.Network.Connections));
        Assert.Single(web.Network.Lookups);
    }

    [Fact]
    public async Task Connection_is_refused_when_a_name_has_been_bound_to_a_private_address_since()
    {
        await using var web = await TestWeb.StartAsync();
        web.Network.Name("rebind.test", [FakeNetwork.Public], [IPAddress.Loopback]);
        web.Server.On("/", context =>
        {
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        using (var first = await GetAsync(web.Http, "http://rebind.test/"))
            await first.Content.ReadAsByteArrayAsync();

        await Assert.ThrowsAsync<ToolException>(() => GetAsync(web.Http, "http://rebind.test/"));

        Assert.Single(web.Network.Connections);
    }

    [Fact]
    public async Task Connection_goes_to_the_next_address_when_the_first_does_not_answer()
    {
        var dead = IPAddress.Parse("2606:2800::1");
        await using var web = await TestWeb.StartAsync();
        web.Network.Name("site.test", [dead, FakeNetwork.Public]);
        web.Network.Dead.Add(dead);

        using var response = await GetAsync(web.Http, "http://site.test/");

        Assert.Equal([dead, FakeNetwork.Public], web.Network.Connections.Select(endPoint => endPoint.Address));
    }

    [Fact]
    public async Task Private_host_is_reached_when_it_and_its_port_are_allowed()
    {
        await using var web = await TestWeb.StartAsync();
        using var http = new GuardedHttp(new GuardedConnector(web.Network, new HashSet<HostAndPort> { new("::1", 81) }));

        using var allowed = await GetAsync(http, "http://[::1]:81/");

        Assert.Equal(HttpStatusCode.NotFound, allowed.StatusCode);
        await Assert.ThrowsAsync<ToolException>(() => GetAsync(http, "http://[::1]:82/"));
    }

    [Fact]
    public async Task Request_says_who_asks_and_carries_nothing_else_of_ours()
    {
        await using var web = await TestWeb.StartAsync();
        var headers = new List<string>();
        web.Server.On("/", context =>
        {
            headers.AddRange(context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"));
            context.Response.Headers.SetCookie = "id=1";
            return Task.CompletedTask;
        });
        using var activity = new System.Diagnostics.Activity("turn").Start();

        (await GetAsync(web.Http, "http://site.test/")).Dispose();
        headers.Clear();
        (await GetAsync(web.Http, "http://site.test/")).Dispose();

        Assert.Contains(headers, header => header.StartsWith("User-Agent: Mozilla/5.0 (compatible; FuncChat/", StringComparison.Ordinal));
        Assert.Equal(["Accept-Encoding", "Host", "User-Agent"], headers.Select(header => header.Split(':')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Answer_is_refused_when_its_headers_are_too_large()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", context =>
        {
            for (var i = 0; i < 100; i++)
                context.Response.Headers[$"x-{i}"] = new string('x', 1000);
            return Task.CompletedTask;
        });

        var exception = await Assert.ThrowsAsync<ToolException>(() => GetAsync(web.Http, "http://site.test/"));

        Assert.Contains("headers", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_names_the_host_when_tls_is_not_spoken()
    {
        await using var web = await TestWeb.StartAsync();

        var exception = await Assert.ThrowsAsync<ToolException>(() => GetAsync(web.Http, "https://site.test/secret-path"));

        Assert.Equal("A secure connection to 'site.test' is not possible: its certificate or TLS is invalid.", exception.Message);
    }

    [Fact]
    public async Task Failure_names_the_host_when_no_server_answers()
    {
        await using var web = await TestWeb.StartAsync();
        web.Network.Dead.Add(FakeNetwork.Public);

        var exception = await Assert.ThrowsAsync<ToolException>(() => GetAsync(web.Http, "http://site.test/"));

        Assert.Equal("'site.test' does not accept connections.", exception.Message);
    }

    [Fact]
    public async Task Failure_says_so_when_a_name_has_no_address()
    {
        await using var web = await TestWeb.StartAsync();
        web.Network.Name("nowhere.test", [[]]);

        var exception = await Assert.ThrowsAsync<ToolException>(() => GetAsync(web.Http, "http://nowhere.test/"));

        Assert.StartsWith("There is no host 'nowhere.test'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://xn--ä/")]
    [InlineData("https://xn--ä.example/")]
    [InlineData("http://ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää.example/")]
    public async Task Host_that_cannot_be_looked_up_does_not_exist(string url)
    {
        await using var web = await TestWeb.StartAsync();

        var exception = await Assert.ThrowsAsync<ToolException>(() => GetAsync(web.Http, url));

        Assert.Contains("on the public internet", exception.Message, StringComparison.Ordinal);
        Assert.Empty(web.Network.Lookups);
    }

    [Theory]
    [InlineData("https://xn--ä/")]
    [InlineData("http://xn--ä.example/page")]
    [InlineData("xn--ä.example")]
    public async Task Page_is_refused_when_its_host_or_that_of_a_redirect_cannot_be_looked_up(string url)
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/redirect", http =>
        {
            http.Response.Redirect(new Uri(url.Contains("://", StringComparison.Ordinal) ? url : $"http://{url}").AbsoluteUri);
            return Task.CompletedTask;
        });
        web.Server.On("/refresh", $"""<meta charset="utf-8"><meta http-equiv="refresh" content="0; url={url}">""", "text/html");

        await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync(url));
        await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/redirect"));
        if (url.Contains("://", StringComparison.Ordinal))
            await Assert.ThrowsAsync<ToolException>(() => web.ReadAsync("/refresh"));
    }

    [Fact]
    public async Task Private_name_is_refused_in_the_words_for_one_that_does_not_exist()
    {
        await using var web = await TestWeb.StartAsync();
        web.Network.Name("inside.test", [[IPAddress.Parse("10.0.0.1")]]);
        web.Network.Name("nowhere.test", [[]]);

        var inside = await Assert.ThrowsAsync<ToolException>(() => GetAsync(web.Http, "http://inside.test/"));
        var nowhere = await Assert.ThrowsAsync<ToolException>(() => GetAsync(web.Http, "http://nowhere.test/"));

        Assert.Equal(nowhere.Message.Replace("nowhere", "inside", StringComparison.Ordinal), inside.Message);
    }

    private static async Task<HttpResponseMessage> GetAsync(GuardedHttp http, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await http.SendAsync(request, CancellationToken.None);
    }
}
