namespace FuncChat.Engine.Models;

/// <summary>The port to a model: one streamed call.</summary>
public interface IModel
{
    /// <summary>
    /// Calls the model and streams its answer. Pieces of text arrive as they are generated; a complete answer ends with a
    /// <see cref="ModelChunkKind.Finish"/> chunk, after which only <see cref="ModelChunkKind.Usage"/> may follow.
    /// <c>MoveNextAsync</c> completes synchronously while more is available and only waits when the upstream has nothing ready, so
    /// that the caller knows when to flush.
    /// </summary>
    /// <exception cref="ModelException">The call failed, before or in the middle of the answer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the upstream call is aborted.</exception>
    IAsyncEnumerable<ModelChunk> StreamAsync(ModelRequest request, CancellationToken cancellationToken);

    /// <summary>Whether the API accepts PDFs as files, where the provider does not report it for each model.</summary>
    bool AcceptsFiles => false;
}
