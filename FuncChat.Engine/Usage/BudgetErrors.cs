namespace FuncChat.Engine.Usage;

/// <summary>The errors of turns whose budget has no room.</summary>
internal static class BudgetErrors
{
    public static AppError Spent(BudgetStatus status, DateTimeOffset now) => new(
        ErrorCode.BudgetExceeded,
        FormattableString.Invariant($"{NameOf(status)} has no room for another call. It starts again on {status.ResetsAt:yyyy-MM-dd} at 00:00 UTC."))
    {
        Limit = status.Budget.Name,
        Reason = ErrorReason.InsufficientQuota,
        RetryAfter = status.ResetsAt - now,
    };

    /// <summary>The error where there may be room when the running calls have ended.</summary>
    public static AppError Held(BudgetStatus status) => new(
        ErrorCode.BudgetExceeded, $"{NameOf(status)} has no room while other calls run. Try again when one of them has ended.")
    {
        Limit = status.Budget.Name,
        Retryable = true,
        RetryAfter = QuotaErrors.HeldFor,
    };

    public static AppError Denied(string budget) => new(ErrorCode.BudgetExceeded, "The budget for models is spent, and it was not raised.")
    {
        Limit = budget,
        Reason = ErrorReason.InsufficientQuota,
    };

    public static AppError NoPrice(string model) => new(
        ErrorCode.ConfigurationError, $"The model {model} has no price, and this server has a budget in money. Choose another model, or ask the administrator to set its price.");

    private static string NameOf(BudgetStatus status)
    {
        var whose = status.Account.Scope switch
        {
            AccountScope.User => "Your",
            AccountScope.Key => "The API key's",
            _ => "This server's",
        };
        return $"{whose} budget for models of this {(status.Budget.IsMonthly ? "month" : "day")}";
    }
}
