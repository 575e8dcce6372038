namespace FuncChat.Engine.Turns;

/// <summary>What a turn may end with, or be refused for, apart from what a model says.</summary>
internal static class TurnErrors
{
    public static AppError Internal { get; } = new(ErrorCode.Internal, "Something broke on the server. Try again.") { Retryable = true };

    public static AppError Stopped { get; } = new(ErrorCode.Cancelled, "The turn was stopped.");

    public static AppError NobodyFollows { get; } = new(ErrorCode.Cancelled, "The turn was stopped, since nobody followed it any more.");

    public static AppError NotFound { get; } = new(ErrorCode.NotFound, "There is no such turn: it has expired, or it never was.");

    public static AppError OtherBody { get; } =
        new(ErrorCode.InvalidRequest, "A turn with this turn_id exists, and began with another body. Use a new turn_id.") { Path = "$.turn_id", IsConflict = true };

    public static AppError Leaving { get; } =
        new(ErrorCode.RateLimited, "The server is being restarted. Try again in a moment.") { Retryable = true, RetryAfter = TimeSpan.FromSeconds(2) };

    public static AppError TookTooLong(TimeSpan limit) =>
        new(ErrorCode.UpstreamTimeout, $"The turn took longer than {limit}, which is the most that this server allows.");

    public static AppError TooManyOfUser(int limit) =>
        new(ErrorCode.RateLimited, $"You have {limit} turns under way, which is the most that this server allows. Wait for one to end, or stop one.")
        {
            Limit = "turns_at_once",
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static AppError TooManyInAll { get; } =
        new(ErrorCode.RateLimited, "The server has as many turns under way as it can take. Try again in a moment.")
        {
            Retryable = true,
            RetryAfter = TimeSpan.FromSeconds(5),
        };
}
