using System.ClientModel;
using System.ComponentModel;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;

namespace FuncChat.Bench.Peers;

/// <summary>A chat relay as the documentation of Microsoft.Extensions.AI recommends it: the OpenAI SDK's client, function invocation, server-sent events.</summary>
internal static class ChatClientRelay
{
    public static void MapChatClient(this WebApplication app, Uri upstream)
    {
        var openAi = new OpenAIClient(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(upstream, "/v1") });
        var http = new HttpClient { BaseAddress = upstream };
        var search = AIFunctionFactory.Create(
            async ([Description("What to search for.")] string query, CancellationToken cancellationToken) =>
                await http.GetFromJsonAsync<JsonElement>(new Uri($"/search?q={Uri.EscapeDataString(query)}&format=json&pageno=1", UriKind.Relative), cancellationToken),
            "search_web",
            "Searches the web.");
        app.MapPost("/v1/chat/completions", (ChatRequest body, CancellationToken cancellationToken) =>
        {
            var client = openAi.GetChatClient(body.Model).AsIChatClient().AsBuilder().UseFunctionInvocation().Build();
            return TypedResults.ServerSentEvents(StreamAsync(client, body, search, cancellationToken));
        });
    }

    private static async IAsyncEnumerable<SseItem<Delta>> StreamAsync(
        IChatClient client, ChatRequest body, AIFunction search, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var messages = body.Messages.Select(message => new ChatMessage(new ChatRole(message.Role), message.Content));
        var options = new ChatOptions { Tools = body.Tools is null ? null : [search] };
        await foreach (var update in client.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            if (update.Text.Length > 0)
                yield return new SseItem<Delta>(new Delta(update.Text), "delta");
        }

        yield return new SseItem<Delta>(new Delta(""), "complete");
    }

    private sealed record ChatRequest(string Model, IReadOnlyList<Message> Messages, IReadOnlyList<string>? Tools);

    private sealed record Message(string Role, string Content);

    private sealed record Delta(string Content);
}
