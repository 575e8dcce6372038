using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web;

public sealed class UpstreamStopTests
{
    [Fact]
    public async Task Stop_closes_the_connection_to_the_provider()
    {
        using var folder = new TemporaryFolder();
        await using var upstream = await ScriptedModelServer.StartAsync();
        upstream.Answers(answer => answer.Text("Half").Stall());
        await using var server = await LocalServer.StartAsync(
            folder.Path, settings: [("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", upstream.BaseUrl)]);
        await using var stream = await TurnStream.PostAsync(
            server.Http, """{"messages":[{"role":"user","content":"Hello"}],"model":"openai:scripted","turn_id":"turn-0001"}""");
        while (await stream.NextAsync() is { Name: not "delta" })
        {
        }

        using var stopped = await server.Http.DeleteAsync("api/chat/turn-0001");

        await (await upstream.RequestAsync()).Disconnected;
        Assert.Equal("CANCELLED", (await stream.ToEndAsync())[^1].Text("code"));
    }
}
