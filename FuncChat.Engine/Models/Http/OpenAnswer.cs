namespace FuncChat.Engine.Models.Http;

/// <summary>An answer that is being received.</summary>
internal sealed class OpenAnswer(HttpResponseMessage response, Stream stream, EventStreamReader reader) : IAsyncDisposable
{
    public Stream Stream => stream;

    public EventStreamReader Reader => reader;

    /// <summary>Aborts the call if its answer has not been read to the end.</summary>
    public async ValueTask DisposeAsync()
    {
        reader.Dispose();
        await stream.DisposeAsync();
        response.Dispose();
    }
}
