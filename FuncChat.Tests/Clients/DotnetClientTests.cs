using System.ClientModel;
using System.ComponentModel;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace FuncChat.Tests.Clients;

/// <summary>OpenAI's library for .NET and Microsoft.Extensions.AI, which need the base URL and nothing else.</summary>
[Collection(nameof(ClientServer))]
public sealed class DotnetClientTests(ClientServer server)
{
    private const string Client = "dotnet";

    private OpenAIClient OpenAi => new(new ApiKeyCredential("not-needed"), new OpenAIClientOptions { Endpoint = server.BaseUrl });

    [Fact]
    public async Task Openai_library_chats_and_lists_the_models()
    {
        var chat = OpenAi.GetChatClient(ClientServer.Model);

        var completion = await chat.CompleteChatAsync([new UserChatMessage($"say hello ({Client})")], new ChatCompletionOptions { MaxOutputTokenCount = 100, EndUserId = "u" });
        var models = await OpenAi.GetOpenAIModelClient().GetModelsAsync();

        Assert.Equal(("Hello, world.", OpenAI.Chat.ChatFinishReason.Stop), (completion.Value.Content[0].Text, completion.Value.FinishReason));
        Assert.Equal(ClientServer.Model, models.Value.Single().Id);
    }

    [Fact]
    public async Task Openai_library_reports_an_error_before_the_first_token()
    {
        var chat = OpenAi.GetChatClient(ClientServer.Model);

        var failure = await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            await foreach (var _ in chat.CompleteChatStreamingAsync($"refuse ({Client})"))
            {
            }
        });

        Assert.Equal(400, failure.Status);
        Assert.Contains("context_length_exceeded", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Extensions_AI_invokes_functions(bool stream)
    {
        var cities = new List<string>();
        using var chat = OpenAi.GetChatClient(ClientServer.Model).AsIChatClient().AsBuilder().UseFunctionInvocation().Build();
        var options = new ChatOptions
        {
            Tools = [AIFunctionFactory.Create(([Description("A city")] string city) =>
            {
                cities.Add(city);
                return "sunny";
            }, "get_weather")],
        };

        var response = stream
            ? await chat.GetStreamingResponseAsync($"weather ({Client})", options).ToChatResponseAsync()
            : await chat.GetResponseAsync($"weather ({Client})", options);

        Assert.Equal(["Bern"], cities);
        Assert.Equal("It is \"sunny\".", response.Text);
    }

    [Fact]
    public async Task Extensions_AI_reads_an_object()
    {
        using var chat = OpenAi.GetChatClient(ClientServer.Model).AsIChatClient();

        var response = await chat.GetResponseAsync<Weather>($"json ({Client})");

        Assert.Equal(new Weather("Bern", 21), response.Result);
    }

    private sealed record Weather(string City, int Degrees);
}
