using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tests.Mcp;

/// <summary>The token that a user signs in with, on its way to a server that is set up for it.</summary>
public sealed class McpUserTokenTests : IAsyncLifetime
{
    private const string Chat = """{"messages":[{"role":"user","content":"x"}],"tools":["srv__read"]}""";

    private ScriptedMcpServer _mcp = null!;
    private GuardedServer _server = null!;

    public async Task InitializeAsync()
    {
        _mcp = (await ScriptedMcpServer.StartAsync()).Says("read", "mail", new ToolAnnotations { ReadOnlyHint = true });
        _server = await GuardedServer.StartAsync(("FuncChat:Mcp:Servers:srv:Url", _mcp.Url.AbsoluteUri), ("FuncChat:Mcp:Servers:srv:Auth", "user"));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _mcp.DisposeAsync();
    }

    [Fact]
    public async Task Turn_calls_the_server_with_the_token_of_its_user()
    {
        var token = _server.Issuer.Token();
        _server.Model.Calls(("a", "srv__read", "{}")).Says("Done.");

        using var response = await _server.SendAsync(HttpMethod.Post, "api/chat", token, Chat);
        var events = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"content\":\"mail\"", events, StringComparison.Ordinal);
        Assert.All(_mcp.Headers, headers => Assert.Equal($"Bearer {token}", headers.Authorization));
        Assert.DoesNotContain(token, events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_key_is_never_sent()
    {
        _server.Model.Says("Done.");

        using var response = await _server.SendAsync(HttpMethod.Post, "api/chat", GuardedServer.BotKey, Chat);

        Assert.Contains("event: complete", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(_mcp.Headers);
    }

    [Fact]
    public async Task Result_has_no_token_when_the_server_repeats_it()
    {
        var token = _server.Issuer.Token();
        _mcp.On("echo", (_, _) => new(ScriptedMcpServer.Text($"Called with {_mcp.Headers.Last().Authorization}")), annotations: new ToolAnnotations { ReadOnlyHint = true });
        _server.Model.Calls(("a", "srv__echo", "{}")).Says("Done.");

        using var response = await _server.SendAsync(HttpMethod.Post, "api/chat", token, Chat.Replace("srv__read", "srv__echo", StringComparison.Ordinal));

        Assert.Contains("Called with Bearer [key]", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_has_no_token_when_the_server_repeats_it()
    {
        var token = _server.Issuer.Token();
        _mcp.Intercept = async http =>
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await http.Response.WriteAsync($"Failed for {http.Request.Headers.Authorization}");
            return true;
        };

        using var response = await _server.GetAsync(token, "api/tools");

        Assert.DoesNotContain(token, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("The tools of the MCP server srv are unavailable", _server.Logs.All, StringComparison.Ordinal);
        Assert.DoesNotContain(token, _server.Logs.All, StringComparison.Ordinal);
    }
}
