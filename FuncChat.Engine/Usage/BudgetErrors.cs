namespace FuncChat.Engine.Usage;

/// <summary>The errors of turns whose budget has no room.</summary>
internal static class BudgetErrors
{
    public static AppError NoRoom(BudgetShortage shortage, DateTimeOffset now)
    {
        var status = shortage.Status;
        var whose = status.Account.Scope switch
        {
            AccountScope.User => "Your",
            AccountScope.Key => "The API key's",
            _ => "This server's",
        };
        var period = status.Budget.IsMonthly ? "month" : "day";
        if (status.MayFit(shortage.Needed))
        {
            return new AppError(
                ErrorCode.BudgetExceeded, $"{whose} budget for models of this {period} has no room while other calls run. Try again when one of them has ended.")
            {
                Limit = status.Budget.Name,
                Retryable = true,
                RetryAfter = QuotaErrors.HeldFor,
            };
        }

        return new AppError(
            ErrorCode.BudgetExceeded,
            FormattableString.Invariant($"{whose} budget for models of this {period} has no room for another call. It starts again on {status.ResetsAt:yyyy-MM-dd} at 00:00 UTC."))
        {
            Limit = status.Budget.Name,
            Reason = ErrorReason.InsufficientQuota,
            RetryAfter = status.ResetsAt - now,
        };
    }

    public static AppError Denied(string budget) => new(ErrorCode.BudgetExceeded, "The budget for models is spent, and it was not raised.")
    {
        Limit = budget,
        Reason = ErrorReason.InsufficientQuota,
    };

    public static AppError NoPrice(string model) => new(
        ErrorCode.ConfigurationError, $"The model {model} has no price, and this server has a budget in money. Choose another model, or ask the administrator to set its price.");
}
