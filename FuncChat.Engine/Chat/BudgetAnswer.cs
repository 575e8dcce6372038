using System.Text.Json;
using FuncChat.Engine.Events;

namespace FuncChat.Engine.Chat;

/// <summary>The amount by which an approval raises a budget: `{"amount": 5}` in the signal's arguments.</summary>
internal static class BudgetAnswer
{
    private const string Amount = "amount";
    private const decimal Most = 1_000_000_000_000;

    public static AppError? FindError(BudgetRequestEvent asked, RequestAnswer answer)
    {
        if (answer.Always == true)
            return AppError.Invalid("$.always", "A budget is raised by an amount. Send the amount in arguments.");
        if (answer.Arguments is not { } arguments)
            return null;
        using var json = JsonDocument.Parse(arguments);
        return json.RootElement.EnumerateObject().Any(property => property.Name != Amount) || AmountOf(arguments) is not { } amount
            ? AppError.Invalid("$.arguments", "To raise a budget, send {\"amount\": number}, or no arguments.")
            : amount is <= 0 or > Most ? AppError.Invalid("$.arguments.amount", $"This must be more than 0, and at most {Most}.")
            : asked.Currency is null && amount != decimal.Truncate(amount) ? AppError.Invalid("$.arguments.amount", "This must be a whole number of tokens.")
            : null;
    }

    /// <summary>The amount; null if the arguments have none.</summary>
    public static decimal? AmountOf(string? arguments)
    {
        if (arguments is null)
            return null;
        using var json = JsonDocument.Parse(arguments);
        return json.RootElement.TryGetProperty(Amount, out var amount) && amount.ValueKind == JsonValueKind.Number && amount.TryGetDecimal(out var value) ? value : null;
    }
}
