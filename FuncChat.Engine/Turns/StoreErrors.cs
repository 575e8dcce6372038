using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>Turns the failure of a store into the error that its caller receives.</summary>
internal static class StoreErrors
{
    public static async Task<Result<T>> CatchAsync<T>(Func<Task<Result<T>>> work)
        where T : class
    {
        try
        {
            return await work();
        }
        catch (TurnStoreException e)
        {
            return TurnErrors.Of(e);
        }
    }

    public static async Task<AppError?> CatchAsync(Func<Task<AppError?>> work)
    {
        try
        {
            return await work();
        }
        catch (TurnStoreException e)
        {
            return TurnErrors.Of(e);
        }
    }
}
