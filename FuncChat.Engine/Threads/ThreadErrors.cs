namespace FuncChat.Engine.Threads;

/// <summary>The errors of threads.</summary>
public static class ThreadErrors
{
    public static AppError NotFound { get; } = new(ErrorCode.NotFound, "There is no such thread. It may have been deleted.");

    public static AppError Damaged { get; } = new(ErrorCode.Internal, "The stored thread is damaged and can't be read. You can delete it.");

    public static AppError DamagedLink { get; } = new(ErrorCode.NotFound, "The link is damaged. It works again once its owner opens the conversation.");

    public static AppError DamagedShare { get; } =
        new(ErrorCode.Internal, "What the link leads to is damaged and can't be read. Its owner can share the conversation again.");

    public static AppError MissingTurn { get; } = new(
        ErrorCode.NotFound, "The log of this turn is missing, so the turn can't be followed or continued. Its thread now shows it as failed. Send its message again with a new turn_id.");

    public static AppError NoSuchTurn { get; } = new(ErrorCode.NotFound, "The thread has no such turn.");

    public static AppError NotShared { get; } = new(ErrorCode.NotFound, "The thread is not shared.");

    public static AppError NoSuchShare { get; } = new(ErrorCode.NotFound, "There is no such link. Its owner may have stopped sharing the conversation.");

    public static AppError SharingIsOff { get; } =
        new(ErrorCode.NotFound, "This server does not share conversations. An administrator can change that with FuncChat__Threads__Sharing.");

    public static AppError NothingToShare { get; } =
        new(ErrorCode.Conflict, "The thread has no turn that has ended, so there is nothing to share yet.") { Path = "$.turn_id" };

    public static AppError DamagedTurns { get; } =
        new(ErrorCode.Internal, "The turns of this branch are damaged and can't be read, so there is nothing to share.") { Path = "$.turn_id" };

    public static AppError Exists { get; } = new(ErrorCode.Conflict, "A thread with this id already exists, or is being deleted.") { Path = "$.thread_id" };

    public static AppError Changed { get; } =
        new(ErrorCode.Conflict, "The thread has changed since you read it. Read it again, and send its new ETag in If-Match.");

    public static AppError Contended { get; } = new(ErrorCode.Unavailable, "Other requests are changing the thread. Try again in a moment.")
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static AppError NoParent { get; } =
        new(ErrorCode.Conflict, "The thread has no turn with this id to continue from. It may have been deleted.") { Path = "$.parent_turn_id" };

    public static AppError ParentRuns { get; } =
        new(ErrorCode.Conflict, "The turn to continue from has not ended.") { Path = "$.parent_turn_id", Retryable = true };

    public static AppError IsBeingDeleted { get; } = new(
        ErrorCode.Unavailable, "The thread is being deleted. Try again in a moment. If its deletion was interrupted, delete it again, or use a new id.")
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static AppError TurnIsBeingDeleted { get; } = new(ErrorCode.Conflict, "A turn with this id is being deleted. Use a new id, or try again in a moment.")
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    public static AppError NotStarted { get; } = new(ErrorCode.Conflict, "The turn took too long to start, and another turn was added to the thread meanwhile. Send it again with a new id.");

    public static AppError TurnElsewhere { get; } = new(ErrorCode.Conflict, "Another thread has a turn with this id. Use a new one.");

    public static AppError NotRemoved { get; } = new(ErrorCode.Unavailable, "A turn of the thread has not stopped yet, so the deletion is incomplete. Try again in a moment.")
    {
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    public static AppError Overtaken { get; } = new(ErrorCode.Conflict, "Another turn was added to the thread at the same time. Send the request again.")
    {
        Path = "$.thread_id",
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static bool IsOvertaken(AppError error) => error is { Code: ErrorCode.Conflict, Path: "$.thread_id", Retryable: true };

    public static AppError Running(string turnId) => new(
        ErrorCode.Conflict, $"The turn {turnId} of this thread has not ended. Wait for its end, or send if_running with queue or interrupt.")
    {
        Path = "$.thread_id",
        Retryable = true,
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    public static AppError DamagedTurn(string turnId) => new(
        ErrorCode.Internal,
        $"The turn {turnId} of this thread is damaged and can't be read, so no turn can follow it. Continue from a turn before it with parent_turn_id, or delete it.")
    {
        Path = "$.parent_turn_id",
    };

    public static AppError TooLong(int limit) => new(
        ErrorCode.InvalidRequest, $"The conversation of this thread is larger than the {limit} bytes that this server accepts. Start another thread.")
    {
        Path = "$.thread_id",
    };

    public static AppError TooManyThreads(int limit) => Full("threads", $"You have {limit} threads, the limit of this server. Delete some.");

    public static AppError TooManyTurns(int limit) => Full("thread_turns", $"The thread has {limit} turns, the limit of this server. Start another thread.");

    public static AppError TooManyBytes(long limit) => Full("thread_bytes", $"Your threads have reached {limit} bytes, the limit of this server. Delete some.");

    private static AppError Full(string limit, string message) => new(ErrorCode.RateLimited, message) { Limit = limit };
}
