using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Usage;

/// <summary>
/// Counts the tokens and the cost of model calls towards the daily limit and the budgets. A call reserves an estimate when it starts and settles it when it
/// ends, whether it succeeds, fails or is stopped, so calls that run at the same time can't exceed a budget together.
/// </summary>
public sealed partial class TokenMeter
{
    // No model's answer is longer: with this much room, the request needs no limit.
    private const long AmpleOutput = 131_072;

    // What a call without max_tokens reserves within a budget if the model's longest answer is unknown.
    private const int BudgetedOutput = 16_384;

    // A shorter answer would be useless.
    private const int LeastOutput = 64;

    // Another call may hold the rest of a budget for a moment, until it finds that it has too little room.
    private const int MaxAttempts = 3;

    private readonly IUsageCounter _counter;
    private readonly IOptions<QuotaOptions> _limits;
    private readonly Budgets _budgets;
    private readonly PriceTable _prices;
    private readonly TimeProvider _time;
    private readonly ILogger<TokenMeter> _logger;

    internal TokenMeter(
        IUsageCounter counter, IOptions<QuotaOptions> limits, Budgets budgets, PriceTable prices, TimeProvider time, ILogger<TokenMeter> logger)
    {
        _counter = counter;
        _limits = limits;
        _budgets = budgets;
        _prices = prices;
        _time = time;
        _logger = logger;
    }

    /// <summary>Reserves the estimated use of a call.</summary>
    /// <param name="call">The id of the call (<see cref="TokenReservation.CallOf"/>); null if no process repeats it.</param>
    /// <returns>The reservation, to be settled when the call ends.</returns>
    /// <exception cref="ModelException">The user has reached the limit, or a budget has no room for the call.</exception>
    internal async ValueTask<TokenReservation> ReserveAsync(string user, ResolvedModel model, ModelRequest request, string? call = null)
    {
        var (reservation, shortage) = await TryReserveAsync(user, model, request, call);
        return reservation ?? throw new ModelException(await _budgets.ErrorOfAsync(shortage!, CancellationToken.None));
    }

    /// <summary>Reserves the estimated use of a call. The reservation's request asks for no longer an answer than the budgets have room for.</summary>
    /// <inheritdoc cref="ReserveAsync"/>
    /// <returns>The reservation or, if a budget has no room for the call, what is missing.</returns>
    /// <exception cref="ModelException">The user has reached the daily limit, or the model has no price but must have one.</exception>
    internal async ValueTask<(TokenReservation? Reservation, BudgetShortage? Shortage)> TryReserveAsync(
        string user, ResolvedModel model, ModelRequest request, string? call = null)
    {
        var price = _prices.Find(model.Id);
        var budgets = _budgets.Of(user);
        if (price is null && budgets.Any(each => each.Budget.IsMoney))
            throw new ModelException(BudgetErrors.NoPrice(model.Id));
        for (var attempt = 1; ; attempt++)
        {
            var reservation = new TokenReservation(this, UsageAccount.Of(user), _time.GetUtcNow(), price, request, call);
            await ReserveWithinLimitAsync(reservation, OutputOf(request, price, budgets.Count > 0));
            if (budgets.Count == 0)
                return (reservation, null);
            if (await FitAsync(reservation, budgets) is not { } shortage)
                return (reservation, null);
            if (attempt == MaxAttempts || !await HasRoomAsync(shortage))
                return (null, shortage);
        }
    }

    /// <summary>What an administrator would raise a budget by.</summary>
    internal BudgetNeed NeedOf(BudgetShortage shortage) => BudgetNeed.Of(shortage, _budgets.Currency);

    /// <summary>Replaces what a call holds, without waiting for anything.</summary>
    internal void Hold(TokenReservation reservation, long tokens, long cost, bool isSettled = false)
    {
        var changes = reservation.Change(tokens, cost, isSettled);
        foreach (var account in reservation.Accounts)
        {
            // Budgets are exact to some seconds of use on other instances. The limit of a day is one against abuse, and so is exact to a minute.
            _counter.Count(account.Id, reservation.At, changes, isLimited: _budgets.ApplyTo(account), reservation.Call);
        }
    }

    private async ValueTask ReserveWithinLimitAsync(TokenReservation reservation, long output)
    {
        var count = await HoldAsync(reservation, reservation.Input + output, reservation.CostOf(output));
        var others = count - reservation.Tokens;
        if (_limits.Value.TokensPerDay is not (> 0 and var limit) || others is null || others < limit)
            return;
        Hold(reservation, 0, 0);
        var window = reservation.WindowOf(reservation.Accounts[0], UsageKind.Tokens);
        throw new ModelException(await QuotaErrors.TokensReachedAsync(_counter, window, others.Value, limit, reservation.At));
    }

    // Shortens the answer to what the budgets have room for. If that is too little, holds nothing.
    private async ValueTask<BudgetShortage?> FitAsync(TokenReservation reservation, IReadOnlyList<(Budget Budget, UsageAccount Account)> budgets)
    {
        var output = reservation.Tokens - reservation.Input;
        var least = Math.Min(output, LeastOutput);
        var room = long.MaxValue;
        BudgetShortage? tightest = null;
        try
        {
            foreach (var (budget, account) in budgets)
            {
                var status = await _budgets.StatusAsync(budget, account, CancellationToken.None);
                var others = status with { Used = Math.Max(UsageCount.Sum(status.Used, -(budget.IsMoney ? reservation.Cost : reservation.Tokens)), 0) };
                var fits = budget.IsMoney ? reservation.OutputFor(others.Left) : UsageCount.Sum(others.Left, -reservation.Input);
                if (fits >= room)
                    continue;
                room = fits;
                tightest = new BudgetShortage(others, budget.IsMoney ? reservation.CostOf(least) : reservation.Input + least);
            }
        }
        catch (Exception e)
        {
            // The budgets fail open, as the limits do: a call that can't be checked is made.
            LogNotChecked(e);
            return null;
        }

        if (room < least)
        {
            Hold(reservation, 0, 0);
            return tightest;
        }

        if (reservation.Request.Sampling.MaxTokens is null && room >= AmpleOutput)
            return null;
        reservation.LimitOutput((int)Math.Min(output, room));
        await HoldAsync(reservation, reservation.Input + Math.Min(output, room), reservation.CostOf(Math.Min(output, room)));
        return null;
    }

    private async ValueTask<bool> HasRoomAsync(BudgetShortage shortage) =>
        (await _budgets.StatusAsync(shortage.Status.Budget, shortage.Status.Account, CancellationToken.None)).Left >= shortage.Needed;

    private static long OutputOf(ModelRequest request, ModelPrice? price, bool isBudgeted) =>
        isBudgeted && request.Sampling.MaxTokens is null ? price?.MaxOutput ?? BudgetedOutput : TokenEstimate.OfOutput(request);

    /// <returns>The user's tokens of the day; null if they are not limited or could not be read.</returns>
    private async Task<long?> HoldAsync(TokenReservation reservation, long tokens, long cost)
    {
        Hold(reservation, tokens, cost);

        // The caller waits only for the counts that decide something.
        var user = reservation.Accounts[0];
        foreach (var account in reservation.Accounts.Where(account => account != user && _budgets.ApplyTo(account)))
            await ReadAsync(reservation.WindowOf(account, UsageKind.Tokens));
        var isLimited = _limits.Value.TokensPerDay > 0;
        var used = isLimited || _budgets.ApplyTo(user) ? await ReadAsync(reservation.WindowOf(user, UsageKind.Tokens)) : null;
        return isLimited ? used : null;
    }

    private async Task<long?> ReadAsync(UsageWindow window)
    {
        try
        {
            return await _counter.AddAsync(window, 0, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotRead(window.Kind, e);
            return null;
        }
    }

    [LoggerMessage(122, LogLevel.Error, "The {Kind} of a user could not be read")]
    private partial void LogNotRead(UsageKind kind, Exception exception);

    [LoggerMessage(123, LogLevel.Error, "The budgets of a model call could not be checked")]
    private partial void LogNotChecked(Exception exception);
}
