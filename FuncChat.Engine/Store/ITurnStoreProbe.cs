namespace FuncChat.Engine.Store;

/// <summary>Checks the store for `/api/health`.</summary>
public interface ITurnStoreProbe
{
    /// <summary>Writes and reads something, and checks that there is room for more. Throws if the store can't be used.</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}
