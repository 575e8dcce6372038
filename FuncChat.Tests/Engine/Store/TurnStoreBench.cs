using System.Text;
using FuncChat.Engine.Store;

namespace FuncChat.Tests.Engine.Store;

/// <summary>One turn in a store of turns.</summary>
/// <typeparam name="T">The store.</typeparam>
public abstract class TurnStoreBench<T>
    where T : class, ITurnStore, ITurnLeases, ITurnSignals, ITurnRetention, ITurnStoreProbe
{
    protected const string Header = "{\"turn\":1}\n\n";
    protected const string First = "id: 1\nevent: delta\ndata: {\"content\":\"é\"}\n\n";
    protected const string Second = "id: 2\nevent: complete\ndata: {}\n\n";

    protected static CancellationToken None => CancellationToken.None;

    /// <summary>A key of this test alone, where tests share a store.</summary>
    protected TurnKey Key { get; } = new($"user-{Guid.NewGuid():N}", "turn-0001");

    /// <summary>An instance over the test's own store: each call returns another one over the same.</summary>
    protected abstract T Open();

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Appends one event.</summary>
    protected static ValueTask AppendAsync(ITurnWriter writer, string frame) =>
        writer.AppendAsync(new EventBatch([Bytes(frame)], writer.LastEventId, StoredFrames.IdOf(Bytes(frame))), None);

    protected async Task<ITurnWriter> CreateAsync(T store)
    {
        var writer = await store.CreateAsync(Key, Bytes(Header), None);
        Assert.NotNull(writer);
        return writer;
    }

    protected async Task<string> ReadAsync(T store)
    {
        await using var reader = await OpenReaderAsync(store);
        return Encoding.UTF8.GetString((await reader.ReadHeaderAsync(None)).Span) + await ToEndAsync(reader, 0);
    }

    protected static async Task<string> ToEndAsync(ITurnReader reader, long afterId)
    {
        var text = new StringBuilder();
        while (await reader.ReadAsync(afterId, None) is { IsEmpty: false } page)
        {
            text.Append(Encoding.UTF8.GetString(page.Frames.Span));
            afterId = page.LastId;
        }

        return text.ToString();
    }

    protected async Task<ITurnReader> OpenReaderAsync(T store)
    {
        var reader = await store.OpenAsync(Key, None);
        Assert.NotNull(reader);
        return reader;
    }
}
