using System.Net;
using System.Text;
using FuncChat.Tests.Support;
using FuncChat.Tests.Web.Threads;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Approvals;

/// <summary>Tools that change, or whose server is down, while a call of them waits for an approval.</summary>
public sealed class ChangedToolTests : IAsyncLifetime
{
    private const string Send = "post__send";
    private const string Delete = "post__delete";

    private readonly ChangingSource _source = new();
    private ThreadServer _server = null!;

    public async Task InitializeAsync() => _server = await ThreadServer.StartAsync(
        builder => builder.Services.AddSingleton<IToolSource>(_source), settings: [("FuncChat:Approvals:Always", "post__*")]);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Model_reads_that_the_tool_of_an_approved_call_is_gone(bool isDown)
    {
        await AskAsync(("a", Send, """{"to":"bo"}"""));
        Change(isDown);

        await AnswerAsync("""{"type":"approve","request_id":"req_1"}""");

        Assert.Contains("the tool is not available any more", LastResult(), StringComparison.Ordinal);
        Assert.Empty(_source.Sent);
    }

    [Fact]
    public async Task Model_reads_the_reason_of_a_denial_though_the_tool_is_gone()
    {
        await AskAsync(("a", Send, """{"to":"bo"}"""));
        Change(isDown: true);

        await AnswerAsync("""{"type":"deny","request_id":"req_1","reason":"Ask Cy instead."}""");

        Assert.Contains("Ask Cy instead.", LastResult(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_waits_on_while_its_server_is_down_and_another_call_is_answered()
    {
        await AskAsync(("a", Send, """{"to":"bo"}"""), ("b", Delete, "{}"));
        Change(isDown: true);
        var events = await AnswerAsync("""{"type":"deny","request_id":"req_2"}""");
        Assert.Equal("""["req_1"]""", events.Last(each => each.Name == "parked").Text("waiting"));
        _source.IsDown = false;

        events = await AnswerAsync("""{"type":"approve","request_id":"req_1"}""");

        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(["bo"], _source.Sent);
    }

    private void Change(bool isDown) => (_source.IsDown, _source.IsChanged) = (isDown, !isDown);

    private string LastResult() => Encoding.UTF8.GetString(_server.Model.Requests[^1].Messages[^1].Span);

    private async Task AskAsync(params (string Id, string Name, string Arguments)[] calls)
    {
        _server.Model.Calls(calls).Says("Done.");
        var events = await SendAsync("api/chat", $$"""{"messages":[{"role":"user","content":"Go"}],"tools":["{{Send}}","{{Delete}}"],"turn_id":"turn-0001"}""");
        Assert.Equal("parked", events[^1].Name);
    }

    private Task<IReadOnlyList<SseEvent>> AnswerAsync(string answer) => SendAsync("api/turns/turn-0001/signals?format=native", answer);

    private async Task<IReadOnlyList<SseEvent>> SendAsync(string path, string body)
    {
        using var response = await ThreadServer.SendAsync(_server.Ada, HttpMethod.Post, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return SseEvent.Parse(text);
    }

    private sealed class ChangingSource : IToolSource
    {
        public string Name => "post";

        public bool IsDown { get; set; }

        public bool IsChanged { get; set; }

        public List<string> Sent { get; } = [];

        public async ValueTask<IReadOnlyList<Tool>> ListAsync(ToolUser user, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (IsDown)
                throw new ToolSourceException("The server 'post' does not respond.");
            return
            [
                IsChanged ? Tool.FromMethod((string to, string copy) => SendMail($"{to}, {copy}"), Send, "Sends mail.") : Tool.FromMethod((string to) => SendMail(to), Send, "Sends mail."),
                Tool.FromMethod(() => "deleted", Delete, "Deletes mail."),
            ];
        }

        private string SendMail(string to)
        {
            Sent.Add(to);
            return "sent";
        }
    }
}
