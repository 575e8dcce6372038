using System.Net;
using System.Text.Json;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace FuncChat.Tests.Mcp.SignIn;

/// <summary>The app as a client whose id is the address of a document that describes it.</summary>
public sealed class ClientMetadataTests : IAsyncLifetime
{
    private const string Site = "8.8.4.4"; // An address, so that no name is looked up; nothing connects to it.
    private const string Document = $"https://{Site}/api/mcp/oauth/client.json";

    private McpSignInBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await McpSignInBench.StartAsync(("WEBSITE_HOSTNAME", Site));
        _bench.Authorization.Metadata["client_id_metadata_document_supported"] = true;
        _bench.Authorization.ReadDocument = async address =>
            await GuardedServer.JsonAsync(await _bench.Server.GetAsync(null, address.AbsolutePath));
    }

    public Task DisposeAsync() => _bench.DisposeAsync().AsTask();

    [Fact]
    public async Task User_signs_in_without_a_registration_when_the_authorization_server_reads_the_document()
    {
        var address = await _bench.StartSignInAsync(_bench.Ada);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var authorized = await browser.GetAsync(address);
        var returned = QueryHelpers.ParseQuery(authorized.Headers.Location!.Query).ToDictionary(field => field.Key, field => field.Value.ToString());
        using var completed = await _bench.CompleteAsync(_bench.Ada, JsonSerializer.Serialize(returned));

        Assert.Equal(Document, QueryHelpers.ParseQuery(address.Query)["client_id"]);
        Assert.Equal($"https://{Site}/api/mcp/oauth/callback", authorized.Headers.Location.GetLeftPart(UriPartial.Path));
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        Assert.Equal(("available", true), await _bench.StateAsync(_bench.Ada));
        Assert.DoesNotContain("/register", _bench.Authorization.Requests);
    }

    [Fact]
    public async Task Sign_in_that_the_document_started_asks_for_more_access_without_a_registration()
    {
        await User_signs_in_without_a_registration_when_the_authorization_server_reads_the_document();
        _bench.Authorization.ScopeOfCalls = "write";
        await _bench.ChatAsync(_bench.Ada);

        var address = await _bench.StartSignInAsync(_bench.Ada);

        Assert.Equal("read write", QueryHelpers.ParseQuery(address.Query)["scope"]);
        Assert.DoesNotContain("/register", _bench.Authorization.Requests);
    }

    [Theory]
    [InlineData("client_id_metadata_document_supported", false)]
    [InlineData("token_endpoint_auth_methods_supported", new[] { "client_secret_basic" })]
    public async Task App_registers_when_the_authorization_server_accepts_no_such_client(string field, object value)
    {
        _bench.Authorization.Metadata[field] = value;

        var address = await _bench.StartSignInAsync(_bench.Ada);

        Assert.StartsWith("client-", QueryHelpers.ParseQuery(address.Query)["client_id"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_registers_when_its_address_is_not_https()
    {
        await using var bench = await McpSignInBench.StartAsync();
        bench.Authorization.Metadata["client_id_metadata_document_supported"] = true;

        var address = await bench.StartSignInAsync(bench.Ada);

        Assert.StartsWith("client-", QueryHelpers.ParseQuery(address.Query)["client_id"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_of_the_settings_comes_before_the_document()
    {
        await using var bench = await McpSignInBench.StartAsync(("WEBSITE_HOSTNAME", Site), ("FuncChat:Mcp:Servers:srv:ClientId", "registered-by-hand"));
        bench.Authorization.Metadata["client_id_metadata_document_supported"] = true;

        var address = await bench.StartSignInAsync(bench.Ada);

        Assert.Equal("registered-by-hand", QueryHelpers.ParseQuery(address.Query)["client_id"]);
    }
}
