using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Models.ChatClients;
using FuncChat.Tests.Support;
using Microsoft.Extensions.AI;

namespace FuncChat.Tests.Engine.Models.Providers;

/// <summary>A chat client that wants its protected reasoning back.</summary>
public sealed class ChatClientStateTests
{
    private readonly List<IReadOnlyList<ChatMessage>> _asked = [];

    [Fact]
    public async Task Protected_reasoning_goes_back_before_the_call_that_it_led_to()
    {
        var model = new ChatClientModel(new StatefulClient(this), "cloud", TimeProvider.System);
        var models = new ModelCatalog([new ModelProvider(new ProviderModels("cloud", ["m"], TakesAny: false), model, described => described)]);

        await InterruptedTurns.RunAsync(models, "cloud:m");

        Assert.Equal(4, _asked.Count);
        Assert.Equal(
            ["TextReasoningContent", "FunctionCallContent", "TextReasoningContent", "FunctionCallContent", "TextReasoningContent", "TextContent"],
            _asked[^1].Where(message => message.Role == ChatRole.Assistant).SelectMany(message => message.Contents).Select(content => content.GetType().Name));
    }

    private sealed class StatefulClient(ChatClientStateTests test) : IChatClient
    {
        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var asked = messages.ToList();
            test._asked.Add(asked);
            var round = asked.Count(message => message.Role == ChatRole.Tool);
            var thoughts = asked.SelectMany(message => message.Contents).OfType<TextReasoningContent>().ToList();
            for (var place = 0; place < asked.Count(message => message.Role == ChatRole.Assistant); place++)
            {
                if (thoughts.ElementAtOrDefault(place) is not { } thought || (thought.Text, thought.ProtectedData) != ($"Thought {place}.", $"sig{place}"))
                    throw new HttpRequestException("A signature is missing.", null, System.Net.HttpStatusCode.BadRequest);
            }

            yield return new(ChatRole.Assistant, [new TextReasoningContent("Thought ")]);
            yield return new(ChatRole.Assistant, [new TextReasoningContent($"{round}.")]);
            yield return new(ChatRole.Assistant, [new TextReasoningContent(null) { ProtectedData = $"sig{round}" }]);
            AIContent rest = round switch
            {
                0 => new FunctionCallContent("a", GatedTools.Quick),
                1 => new FunctionCallContent("b", GatedTools.Echo, new Dictionary<string, object?> { ["text"] = "x" }),
                _ => new TextContent("Done."),
            };
            yield return new(ChatRole.Assistant, [rest]);
        }

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
