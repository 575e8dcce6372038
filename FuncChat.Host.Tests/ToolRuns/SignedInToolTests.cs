using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Secrets;
using FuncChat.Tests.Mcp;
using FuncChat.Tests.Mcp.SignIn;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Fetch;
using FuncChat.Tools.Mcp;
using FuncChat.Tools.Mcp.SignIn;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Host.Tests.ToolRuns;

/// <summary>A long-running tool of an MCP server that users sign in to: the activity knows the user, and not the request's token.</summary>
public sealed class SignedInToolTests : IAsyncLifetime
{
    private static readonly ToolUser Ada = new(TurnBench.User);

    private readonly TemporaryFolder _folder = new();
    private ScriptedMcpServer _mcp = null!;
    private FakeAuthorization _authorization = null!;
    private McpSignIn _signIn = null!;
    private McpToolSource _source = null!;
    private DurableTurnBench _turns = null!;

    public async Task InitializeAsync()
    {
        _mcp = (await ScriptedMcpServer.StartAsync()).Says("read", "mail", new() { ReadOnlyHint = true });
        _authorization = await FakeAuthorization.StartAsync(_mcp);
        var settings = new McpServerSettings { Name = "srv", Url = _mcp.Url, Auth = McpAuth.SignIn, LongRunning = [McpServerSettings.AllTools] };
        var configuration = new ConfigurationBuilder().Build();
        _signIn = new McpSignIn(settings, configuration, new SystemNetwork(), new FileSecretStore(_folder.Path), TimeProvider.System);
        _source = new McpToolSource(settings, new McpTransports(settings, configuration, null, TimeProvider.System), _signIn, TimeProvider.System, NullLoggerFactory.Instance);
        await SignInAsync();
        _turns = await DurableTurnBench.StartAsync(await _source.ListAsync(Ada, CancellationToken.None));
    }

    public async Task DisposeAsync()
    {
        await _turns.DisposeAsync();
        await _source.DisposeAsync();
        await _authorization.DisposeAsync();
        await _mcp.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Activity_calls_the_server_with_the_tokens_of_the_user()
    {
        _turns.Model.Calls(("a", "srv__read", "{}")).Says("Done.");

        var events = await _turns.StartTurnAsync("srv__read");

        Assert.Equal("mail", events.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Single(_turns.Activities);
    }

    [Fact]
    public async Task Turn_waits_until_the_user_has_granted_more_access_and_continues_in_another_activity()
    {
        _authorization.ScopeOfCalls = "write";
        _turns.Model.Calls(("a", "srv__read", "{}")).Says("Done.");

        var asked = await _turns.StartTurnAsync("srv__read");
        await SignInAsync();
        var rest = await _turns.SendAsync(SignalType.Answer, "req_1", new RequestAnswer { Content = new RawJson(Encoding.UTF8.GetBytes("{}")) });

        Assert.Equal(("input_request", "parked"), (asked[^2].Name, asked[^1].Name));
        Assert.Equal("srv", asked[^2].Text("sign_in"));
        Assert.Equal("mail", rest.Single(each => each.Name == "tool_call_result").Text("content"));
        Assert.Equal("complete", rest[^1].Name);
        Assert.Equal(["read"], _mcp.Called);
    }

    private Task SignInAsync() => FakeAuthorization.SignInAsync(Ada.Id, _signIn, _signIn);
}
