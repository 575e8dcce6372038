using FuncChat.Engine.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Usage;

/// <summary>
/// Counts the tokens of model calls towards their users' daily limit. A call reserves an estimate when it starts and settles it when it ends, whether it
/// succeeds, fails or is stopped, so calls that run at the same time can't exceed the limit together.
/// </summary>
public sealed partial class TokenMeter(IUsageCounter counter, IOptions<QuotaOptions> limits, TimeProvider time, ILogger<TokenMeter> logger)
{
    /// <summary>Reserves the estimated tokens of a call.</summary>
    /// <returns>The reservation, to be settled when the call ends.</returns>
    /// <exception cref="ModelException">The user has reached the limit.</exception>
    internal async ValueTask<TokenReservation> ReserveAsync(string user, ModelRequest request)
    {
        var now = time.GetUtcNow();
        var window = UsageWindow.At(now, user, UsageKind.Tokens);
        var input = TokenEstimate.OfInput(request);
        var amount = input + TokenEstimate.OfOutput(request);

        // The limits fail open: a call that can't be counted is made.
        if (await TryAddAsync(window, amount) is not { } count)
            return new TokenReservation(this, window, input, Amount: 0);
        if (limits.Value.TokensPerDay is > 0 and var limit && count - amount >= limit)
        {
            await TryAddAsync(window, -amount);
            throw new ModelException(QuotaErrors.Reached(UsageKind.Tokens, limit, window.End - now));
        }

        return new TokenReservation(this, window, input, amount);
    }

    /// <summary>Replaces a reservation by what the call used. The caller does not wait for the counter.</summary>
    internal void Settle(TokenReservation reservation, long used) => _ = TryAddAsync(reservation.Window, used - reservation.Amount);

    private async Task<long?> TryAddAsync(UsageWindow window, long amount)
    {
        try
        {
            return await counter.AddAsync(window, amount, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotCounted(amount, e);
            return null;
        }
    }

    [LoggerMessage(122, LogLevel.Error, "{Amount} tokens of a user could not be counted")]
    private partial void LogNotCounted(long amount, Exception exception);
}
