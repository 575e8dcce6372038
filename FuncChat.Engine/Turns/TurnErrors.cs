using FuncChat.Engine.Store;

namespace FuncChat.Engine.Turns;

/// <summary>The errors of turns that do not come from a model.</summary>
public static class TurnErrors
{
    public static AppError Internal { get; } = new(ErrorCode.Internal, "An unexpected error occurred on the server. Try again.") { Retryable = true };

    public static AppError Stopped { get; } = new(ErrorCode.Cancelled, "The turn was stopped.");

    public static AppError NotFollowed { get; } = new(ErrorCode.Cancelled, "The turn was stopped because no client was following it.");

    public static AppError NotFound { get; } = new(ErrorCode.NotFound, "There is no such turn. It may have expired.");

    public static AppError OtherBody { get; } =
        new(ErrorCode.Conflict, "A turn with this turn_id already exists with another request body. Use a new turn_id.") { Path = "$.turn_id" };

    public static AppError Draining { get; } =
        new(ErrorCode.Unavailable, "The server is restarting. Try again in a moment.") { Retryable = true, RetryAfter = TimeSpan.FromSeconds(2) };

    public static AppError StoreUnavailable { get; } = new(ErrorCode.Unavailable, "The store of the turns is unavailable. Try again in a moment.")
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    public static AppError Damaged { get; } = new(ErrorCode.Internal, "The stored turn is damaged and can't be read. Start a new one.");

    public static AppError BeingCreated { get; } =
        new(ErrorCode.Unavailable, "Another request is creating a turn with this turn_id. Try again in a moment.")
        {
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static AppError CannotContinue(AppError reason) =>
        new(ErrorCode.ConfigurationError, $"The turn was interrupted and can't continue: {reason.Message}");

    public static AppError GivenUp(int attempts) =>
        new(ErrorCode.Internal, $"The turn was given up: the server process ended {attempts} times at the same step.");

    /// <summary>What a failed store means for the caller.</summary>
    public static AppError Of(TurnStoreException failure) => failure.Error ?? failure.Reason switch
    {
        TurnStoreFailure.Damaged => Damaged,
        TurnStoreFailure.Full => StoreFull,
        _ => StoreUnavailable,
    };

    public static AppError TookTooLong(TimeSpan limit) =>
        new(ErrorCode.TurnTimeout, $"The turn took longer than {limit}, the limit of this server.");

    public static AppError TooManyOfUser(int limit) =>
        new(ErrorCode.RateLimited, $"You already have {limit} running turns, the limit of this server. Wait for one to end, or stop one.")
        {
            Limit = "turns_at_once",
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static AppError TooManyWaiting(int limit) =>
        new(ErrorCode.RateLimited, $"You already have {limit} requests that wait for the end of a turn, the limit of this server. Try again when one of them has its answer.")
        {
            Limit = "turns_at_once",
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static AppError TooManyBytesOfUser(long limit) =>
        new(ErrorCode.RateLimited, $"Your requests and running turns together may hold {limit} bytes on this server. Try again in a moment, or stop a turn.")
        {
            Limit = "request_bytes_at_once",
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static AppError TooManyBytesInTotal { get; } =
        new(ErrorCode.Unavailable, "The server has no memory left for another conversation of this size. Try again in a moment.")
        {
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static AppError StoreFull { get; } = new(ErrorCode.Unavailable, "The server has no room to store another turn. Try again later.")
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromMinutes(1),
    };

    public static AppError TooManyInTotal { get; } =
        new(ErrorCode.RateLimited, "The server is running as many turns as it can. Try again in a moment.")
        {
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };
}
