namespace FuncChat.Engine.Turns;

/// <summary>The errors of turns that do not come from a model.</summary>
internal static class TurnErrors
{
    public static AppError Internal { get; } = new(ErrorCode.Internal, "An unexpected error occurred on the server. Try again.") { Retryable = true };

    public static AppError Stopped { get; } = new(ErrorCode.Cancelled, "The turn was stopped.");

    public static AppError NobodyFollows { get; } = new(ErrorCode.Cancelled, "The turn was stopped because no client was following it.");

    public static AppError NotFound { get; } = new(ErrorCode.NotFound, "There is no such turn. It may have expired.");

    public static AppError OtherBody { get; } =
        new(ErrorCode.Conflict, "A turn with this turn_id already exists with another request body. Use a new turn_id.") { Path = "$.turn_id" };

    public static AppError Draining { get; } =
        new(ErrorCode.Unavailable, "The server is restarting. Try again in a moment.") { Retryable = true, RetryAfter = TimeSpan.FromSeconds(2) };

    public static AppError TookTooLong(TimeSpan limit) =>
        new(ErrorCode.TurnTimeout, $"The turn took longer than {limit}, the limit of this server.");

    public static AppError TooManyOfUser(int limit) =>
        new(ErrorCode.RateLimited, $"You already have {limit} running turns, the limit of this server. Wait for one to end, or stop one.")
        {
            Limit = "turns_at_once",
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static AppError TooManyInAll { get; } =
        new(ErrorCode.RateLimited, "The server is running as many turns as it can. Try again in a moment.")
        {
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };
}
