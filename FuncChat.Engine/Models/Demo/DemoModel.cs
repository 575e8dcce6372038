using System.Runtime.CompilerServices;
using FuncChat.Engine.Models.Catalog;

namespace FuncChat.Engine.Models.Demo;

/// <summary>
/// The model that answers if no provider is configured: scripted, not an AI, as its answers state. It streams word by word, calls the tools that a
/// message asks for, and answers from their results, so that everything around a model can be tried without a key.
/// The same conversation always has the same answer.
/// </summary>
/// <param name="wordDelay">The wait before each piece.</param>
internal sealed class DemoModel(TimeSpan wordDelay, TimeProvider time) : IModel
{
    public const string Description = "demo: scripted, not an AI";

    public static readonly ProviderModels Provided = new("demo", ["scripted"], TakesAny: false);

    public async IAsyncEnumerable<ModelChunk> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var conversation = DemoConversation.Read(request.Messages);
        var answer = request.ResponseSchema is { Name: DemoPlan.SchemaName }
            ? new DemoAnswer(DemoPlan.For(conversation), [])
            : DemoScript.AnswerTo(conversation, request.ForbidsToolCalls ? [] : request.Tools);
        var most = request.Sampling.MaxTokens ?? int.MaxValue;
        var pieces = 0;

        foreach (var chunk in ChunksOf(answer, request.Messages.Count))
        {
            if (pieces == most)
                break;
            await PauseAsync(cancellationToken);
            pieces++;
            yield return chunk;
        }

        var reason = pieces == most ? FinishReason.Length : answer.Calls.Count > 0 ? FinishReason.ToolCalls : FinishReason.Stop;
        yield return ModelChunk.OfFinish(reason);
        yield return ModelChunk.OfUsage(new ModelUsage(conversation.Words, pieces));
    }

    private static IEnumerable<ModelChunk> ChunksOf(DemoAnswer answer, int turn)
    {
        foreach (var word in DemoPieces.Of(answer.Text))
            yield return ModelChunk.OfText(EscapedText.From(word));

        foreach (var (index, call) in answer.Calls.Index())
        {
            // The number of messages makes the id unique in the conversation.
            yield return ModelChunk.OfToolCall(new ToolCallPiece(index, $"call_{turn}_{index + 1}", call.Tool, ""));
            foreach (var piece in DemoPieces.Of(call.Arguments))
                yield return ModelChunk.OfToolCall(new ToolCallPiece(index, null, null, piece));
        }
    }

    private Task PauseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return wordDelay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wordDelay, time, cancellationToken);
    }
}
