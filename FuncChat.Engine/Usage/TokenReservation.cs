using FuncChat.Engine.Models;
using FuncChat.Engine.Store;

namespace FuncChat.Engine.Usage;

/// <summary>What a model call has reserved. Settled once, when the call ends.</summary>
/// <param name="accounts">The accounts to which it counts, the user's own first.</param>
/// <param name="price">Null if the model has none.</param>
/// <param name="call">The id of the call, if what a killed process held for it is left over from now on.</param>
internal sealed class TokenReservation(
    TokenMeter meter, IReadOnlyList<UsageAccount> accounts, DateTimeOffset at, ModelPrice? price, ModelRequest request, string? call)
{
    private long _reservedTokens;
    private long _reservedCost;

    public IReadOnlyList<UsageAccount> Accounts => accounts;

    /// <summary>When the call started: it counts for that day.</summary>
    public DateTimeOffset At => at;

    /// <summary>The id of the call.</summary>
    public string? Call => call;

    /// <summary>The call, which asks for no longer an answer than was reserved.</summary>
    public ModelRequest Request { get; private set; } = request;

    /// <summary>The estimated input.</summary>
    public long Input { get; } = TokenEstimate.OfInput(request);

    /// <summary>The tokens that are held.</summary>
    public long Tokens { get; private set; }

    /// <summary>The <see cref="Money"/> that is held.</summary>
    public long Cost { get; private set; }

    /// <summary>The id of a turn's own call: it has one at a time, and one that was interrupted is repeated by the process that continues the turn.</summary>
    public static string CallOf(TurnKey turn) => UserHash.Of($"{turn.User}\n{turn.TurnId}");

    public UsageWindow WindowOf(UsageAccount account, UsageKind kind) => UsageWindow.At(at, account.Id, kind);

    /// <summary>The most that the call may cost with this much output; 0 if the model has no price.</summary>
    public long CostOf(long output) => price is null ? 0 : UsageCount.Sum(price.MostForInput(Input), price.ForOutput(output));

    /// <summary>The output that an amount of <see cref="Money"/> buys after the input.</summary>
    public long OutputFor(long money) => price!.OutputFor(UsageCount.Sum(money, -price.MostForInput(Input)));

    public void LimitOutput(int tokens) => Request = Request with { Sampling = Request.Sampling with { MaxTokens = tokens } };

    /// <summary>Sets what is held.</summary>
    /// <param name="isSettled">Whether the call has ended, so that nothing is held for its answer.</param>
    /// <returns>What to add to the counts of each kind.</returns>
    public (UsageKind Kind, long Amount)[] Change(long tokens, long cost, bool isSettled)
    {
        var reservedTokens = isSettled ? 0 : Math.Max(UsageCount.Sum(tokens, -Input), 0);
        var reservedCost = isSettled ? 0 : Math.Max(UsageCount.Sum(cost, -CostOf(0)), 0);
        (UsageKind Kind, long Amount)[] changes =
        [
            (UsageKind.Tokens, UsageCount.Sum(tokens, -Tokens)), (UsageKind.Cost, UsageCount.Sum(cost, -Cost)),
            (UsageKind.ReservedTokens, UsageCount.Sum(reservedTokens, -_reservedTokens)), (UsageKind.ReservedCost, UsageCount.Sum(reservedCost, -_reservedCost)),
        ];
        (Tokens, Cost, _reservedTokens, _reservedCost) = (tokens, cost, reservedTokens, reservedCost);
        return changes;
    }

    /// <summary>The usage with its cost, if the model has a price.</summary>
    public ModelUsage? Price(ModelUsage? usage) =>
        usage is null || price is null ? usage : usage with { Cost = Money.FromBillionths(price.CostOf(usage)) };

    /// <summary>Counts a call that ended with an answer: what the provider reports, or an estimate if it reports nothing.</summary>
    public void Succeed(ModelUsage? reported, long answerBytes)
    {
        var usage = Clamp(reported);
        Settle(usage.InputTokens + usage.OutputTokens > 0 ? usage : new ModelUsage(Input, TokenEstimate.OfAnswer(answerBytes)));
    }

    /// <summary>
    /// Counts a call that failed or was stopped: the estimate, or more if the provider has reported more. A call that the provider turned away costs
    /// nothing.
    /// </summary>
    public void Fail(Exception failure, ModelUsage? reported, long answerBytes)
    {
        var usage = Clamp(reported);
        var turnedAway = answerBytes == 0 && failure is ModelException { Error.Code: ErrorCode.RateLimited or ErrorCode.ConfigurationError };
        if (turnedAway)
            Release();
        else
            Settle(usage with { InputTokens = Math.Max(usage.InputTokens, Input), OutputTokens = Math.Max(usage.OutputTokens, TokenEstimate.OfAnswer(answerBytes)) });
    }

    /// <summary>Counts nothing: the call is not made.</summary>
    public void Release() => meter.Hold(this, 0, 0);

    private void Settle(ModelUsage usage) => meter.Hold(this, usage.InputTokens + usage.OutputTokens, price?.CostOf(usage) ?? 0, isSettled: true);

    private static ModelUsage Clamp(ModelUsage? usage) => (usage ?? new ModelUsage(0, 0)) with
    {
        InputTokens = Math.Clamp(usage?.InputTokens ?? 0, 0, ModelUsage.Most),
        OutputTokens = Math.Clamp(usage?.OutputTokens ?? 0, 0, ModelUsage.Most),
    };
}
