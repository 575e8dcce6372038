using System.ClientModel;
using System.ClientModel.Primitives;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.ChatClients;
using FuncChat.Tests.Engine.Models.OpenAi;
using FuncChat.Tests.Support;
using Microsoft.Extensions.AI;
using OpenAI;

namespace FuncChat.Tests.Engine.Models;

/// <summary>A chat client that others have written, over a real socket.</summary>
public sealed class ChatClientModelOverOpenAiTests
{
    [Fact]
    public async Task Model_streams_text_tool_calls_usage_and_finish()
    {
        await using var upstream = await ScriptedModelServer.StartAsync();
        upstream.Answers(answer => answer.Text("é", "😀\"").ToolCall("a", "f", """{"q":"é"}""").Ends("tool_calls", 3, 4));
        var answer = new Answer();

        await foreach (var chunk in ModelAt(upstream).StreamAsync(ModelHarness.Request, CancellationToken.None))
            answer.Add(chunk);

        Assert.Equal("é😀\"", answer.Text);
        Assert.Equal(("a", "f", """{"q":"é"}"""), Assert.Single(answer.ToolCalls).Value);
        Assert.Equal((3, 4), (answer.Usage!.InputTokens, answer.Usage.OutputTokens));
        Assert.Equal("tool_calls", answer.FinishReason);
    }

    [Theory]
    [InlineData(400, ErrorCode.InvalidRequest)]
    [InlineData(401, ErrorCode.ConfigurationError)]
    [InlineData(429, ErrorCode.RateLimited)]
    [InlineData(500, ErrorCode.UpstreamError)]
    public async Task Model_maps_the_status_that_the_client_tells(int status, ErrorCode code)
    {
        await using var upstream = await ScriptedModelServer.StartAsync();
        upstream.Fails(status, $$$"""{"error":{"message":"bad key {{{ModelHarness.Key}}}"}}""");

        var failure = await Assert.ThrowsAsync<ModelException>(async () =>
        {
            await foreach (var _ in ModelAt(upstream).StreamAsync(ModelHarness.Request, CancellationToken.None))
                Assert.Fail("Nothing can come.");
        });

        Assert.Equal(code, failure.Error.Code);
        Assert.DoesNotContain(ModelHarness.Key, failure.Error.Message, StringComparison.Ordinal);
    }

    private static ChatClientModel ModelAt(ScriptedModelServer upstream)
    {
        var options = new OpenAIClientOptions { Endpoint = new Uri(upstream.BaseUrl), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
        var client = new OpenAIClient(new ApiKeyCredential(ModelHarness.Key), options).GetChatClient("m").AsIChatClient();
        return new ChatClientModel(client, "scripted", TimeProvider.System)
        {
            ApiKey = ModelHarness.Key,
            StatusOf = failure => (failure as ClientResultException)?.Status,
        };
    }
}
