using System.Runtime.CompilerServices;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>A model whose answers go in step: each piece of one waits until all of them have come to it, so that all are under way together.</summary>
internal sealed class PacedModel(int answers, int pieces) : IModel
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _beat = NewBeat();
    private int _waiting;

    public ModelCatalog Catalog => new([new ModelProvider(new ProviderModels("paced", ["model"], TakesAny: false), this, name => name)]);

    /// <summary>The text of every answer.</summary>
    public string Text => string.Concat(Enumerable.Range(0, pieces).Select(PieceOf));

    public async IAsyncEnumerable<ModelChunk> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var piece = 0; piece < pieces; piece++)
        {
            await NextBeat().WaitAsync(cancellationToken);
            yield return FakeModel.Text(PieceOf(piece));
        }

        yield return FakeModel.Finish();
        yield return FakeModel.Usage(10, pieces);
    }

    private static string PieceOf(int piece) => $"wörd{piece} ";

    private static TaskCompletionSource NewBeat() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task NextBeat()
    {
        TaskCompletionSource beat;
        lock (_gate)
        {
            beat = _beat;
            if (++_waiting < answers)
                return beat.Task;
            _waiting = 0;
            _beat = NewBeat();
        }

        beat.SetResult();
        return beat.Task;
    }
}
