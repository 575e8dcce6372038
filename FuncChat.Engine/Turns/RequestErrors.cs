namespace FuncChat.Engine.Turns;

/// <summary>Why an answer to a turn's request is refused.</summary>
public static class RequestErrors
{
    /// <summary>The turn has not asked what the answer names.</summary>
    public static AppError NoSuchRequest { get; } =
        new(ErrorCode.NotFound, "The turn has no such request. Its requests are in the events approval_request, input_request and budget_request.") { Path = "$.request_id" };

    /// <summary>Another answer was stored first.</summary>
    public static AppError AlreadyAnswered { get; } = new(ErrorCode.Conflict, "The request has already been answered. The first answer counts.");
}
