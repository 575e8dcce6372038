using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;

namespace FuncChat.Tests.Support;

/// <summary>A model without HTTP: plays answers in the order in which they were given, one for each call, and keeps what it was asked.</summary>
internal sealed class FakeModel(string provider = "fake", string name = "model") : IModel
{
    public const string Name = "fake:model";

    private readonly ConcurrentQueue<Func<CancellationToken, IAsyncEnumerable<ModelChunk>>> _script = new();
    private readonly ConcurrentQueue<ModelRequest> _requests = new();
    private Func<ModelRequest, IEnumerable<ModelChunk>>? _otherwise;

    public IReadOnlyList<ModelRequest> Requests => [.. _requests];

    /// <summary>A catalog of this model alone, as <see cref="Name"/> where the test does not say otherwise.</summary>
    public ModelCatalog Catalog => new([new ModelProvider(new ProviderModels(provider, [name], TakesAny: false), this, described => described)]);

    public static ModelChunk Text(string text) => ModelChunk.OfText(Escaped(text));

    public static ModelChunk Reasoning(string text) => ModelChunk.OfReasoning(Escaped(text));

    public static ModelChunk Usage(long input, long output) => ModelChunk.OfUsage(new ModelUsage(input, output));

    public static ModelChunk Finish(string reason = FinishReason.Stop) => ModelChunk.OfFinish(reason);

    public static ModelChunk Call(int index, string? id, string name, string arguments = "{}") =>
        ModelChunk.OfToolCall(new ToolCallPiece(index, id, name, arguments));

    /// <summary>An answer of these pieces, all at hand at once.</summary>
    public FakeModel Answers(params ModelChunk[] chunks) => Plays(token => PlayAsync(chunks, token));

    public FakeModel Says(params string[] pieces) => Answers([.. pieces.Select(Text), Finish(), Usage(10, 5)]);

    public FakeModel Calls(params (string Id, string Name, string Arguments)[] calls) =>
        Answers([.. calls.Select((call, index) => Call(index, call.Id, call.Name, call.Arguments)), Finish(FinishReason.ToolCalls), Usage(10, 5)]);

    public FakeModel Fails(AppError error, params ModelChunk[] before) => Plays(token => FailAsync(error, before, token));

    /// <summary>An answer whose pieces the test gives one by one.</summary>
    public FakeModel Plays(ModelFeed feed) => Plays(feed.StreamAsync);

    /// <summary>Answers calls that find the script empty.</summary>
    public FakeModel Otherwise(Func<ModelRequest, IEnumerable<ModelChunk>> answer)
    {
        _otherwise = answer;
        return this;
    }

    public IAsyncEnumerable<ModelChunk> StreamAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        if (_script.TryDequeue(out var play))
            return play(cancellationToken);
        return _otherwise is { } answer
            ? PlayAsync(answer(request), cancellationToken)
            : throw new InvalidOperationException($"The test scripted no answer for call {_requests.Count}.");
    }

    // Providers escape what they must and no more.
    private static ReadOnlyMemory<byte> Escaped(string text) => Encoding.UTF8.GetBytes(text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));

    private FakeModel Plays(Func<CancellationToken, IAsyncEnumerable<ModelChunk>> play)
    {
        _script.Enqueue(play);
        return this;
    }

    private static async IAsyncEnumerable<ModelChunk> PlayAsync(IEnumerable<ModelChunk> chunks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var chunk in chunks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return chunk;
        }

        await Task.CompletedTask;
    }

    private static async IAsyncEnumerable<ModelChunk> FailAsync(
        AppError error, ModelChunk[] before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var chunk in PlayAsync(before, cancellationToken))
            yield return chunk;
        throw new ModelException(error);
    }
}
