namespace FuncChat.Engine.Turns;

/// <summary>Why an answer to a turn's request is refused.</summary>
public static class RequestErrors
{
    /// <summary>The turn has not asked what the answer names.</summary>
    public static AppError NoSuchRequest { get; } =
        new(ErrorCode.NotFound, "The turn has no such request. Its requests are in the events approval_request, input_request and budget_request.") { Path = "$.request_id" };

    /// <summary>Another answer was stored first.</summary>
    public static AppError AlreadyAnswered { get; } = new(ErrorCode.Conflict, "The request has already been answered. The first answer counts.");

    /// <summary>The turn has ended before the answer, as one that was stopped.</summary>
    public static AppError Dismissed { get; } = new(ErrorCode.Conflict, "The turn has ended, and its requests with it. No call that waited for an answer was made.");

    /// <summary>An approval is asked for, and the answer is to a question.</summary>
    public static AppError IsApproval { get; } = AppError.Invalid("$.type", "This request asks for an approval. Send the type approve or deny.");

    /// <summary>A question is asked, and the answer is an approval.</summary>
    public static AppError IsQuestion { get; } = AppError.Invalid("$.type", "This request is a question. Send the type answer, with content, or deny.");

    internal static AppError NotAnApprover { get; } =
        new(ErrorCode.Forbidden, "On this server, tool calls are approved by members of a role that you do not have. You can deny the call.");

    internal static AppError NotAnAdministrator { get; } =
        new(ErrorCode.Forbidden, "Budgets are raised by administrators of this server. You can deny the request, which ends the turn.");

    internal static AppError Expired { get; } = new(ErrorCode.Conflict, "The request has expired, which counts as a denial.");
}
