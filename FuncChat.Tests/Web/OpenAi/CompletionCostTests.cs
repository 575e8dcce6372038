using System.Net;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.OpenAi;

public sealed class CompletionCostTests : IAsyncLifetime
{
    private CompletionsServer _server = null!;

    public async Task InitializeAsync() => _server = await CompletionsServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData(""","stream":true""")]
    public async Task Client_that_hangs_up_stops_the_call_of_the_model(string more)
    {
        _server.Upstream.Answers(answer => answer.Text("Half").Stall());
        using var hangUp = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, CompletionsServer.Path)
        {
            Content = new StringContent(CompletionsServer.Body(more), System.Text.Encoding.UTF8, "application/json"),
        };
        var answer = _server.Server.Http.SendAsync(request, hangUp.Token);
        var call = await _server.Upstream.RequestAsync();

        await hangUp.CancelAsync();

        await call.Disconnected;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task Client_that_hangs_up_stops_a_long_tool_run()
    {
        _server.Upstream.Calls((GatedTools.Long, "{}"));
        using var hangUp = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, CompletionsServer.Path)
        {
            Content = new StringContent(CompletionsServer.Body(""","tools":["Long"]"""), System.Text.Encoding.UTF8, "application/json"),
        };
        var answer = _server.Server.Http.SendAsync(request, hangUp.Token);
        await _server.Tools.Started.WaitAsync();

        await hangUp.CancelAsync();

        await _server.Tools.Cancelled.WaitAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Theory]
    [InlineData("turn-0001")]
    [InlineData("a key with spaces, and long: 0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task Request_with_the_same_idempotency_key_follows_the_same_turn(string key)
    {
        var go = new ManualSignal();
        _server.Upstream.Answers(answer => answer.Text("One").WaitFor(go).Text(", two.").Ends());
        using (await _server.PostAsync(CompletionsServer.Body(""","stream":true"""), ("Idempotency-Key", key)))
        {
            // Its head has arrived, so the turn runs: and the client leaves.
        }

        go.Set();
        using var again = await _server.PostAsync(CompletionsServer.Body(""","stream":true"""), ("Idempotency-Key", key));
        using var other = await _server.PostAsync(CompletionsServer.Body(), ("Idempotency-Key", key));

        Assert.Equal("One, two.", StreamedCompletion.Parse(await again.Content.ReadAsStringAsync()).Message()["content"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Equal("false", other.Headers.GetValues("x-should-retry").Single());
        Assert.Single(_server.Upstream.Requests);
    }

    [Fact]
    public async Task Error_of_a_turn_with_an_idempotency_key_is_not_retried_since_the_same_turn_would_answer()
    {
        _server.Upstream.Fails(500);

        using var response = await _server.PostAsync(CompletionsServer.Body(), ("Idempotency-Key", "turn-0002"));

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
    }
}
