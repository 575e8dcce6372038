using System.Globalization;
using System.Net;

namespace FuncChat.Tools.Search;

/// <summary>
/// Retries requests that a provider refused because of its rate limit, one at a time for all searches of this process. A provider whose limit lasts longer gets
/// none for a while.
/// </summary>
internal sealed class RequestPace
{
    private const int MaxTries = 6;

    private static readonly TimeSpan MinWait = TimeSpan.FromSeconds(1);

    // A longer delay belongs to a quota of days or months.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    // The operator may buy a larger one meanwhile.
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(10);

    // A larger number is no delay but a time.
    private const double MaxSeconds = 100_000_000;

    private readonly Lock _lock = new();
    private DateTimeOffset _pausedUntil;
    private Task _lastTurn = Task.CompletedTask;

    /// <summary>The first response that is not a refusal because of the rate, or the last refusal.</summary>
    /// <exception cref="ToolException">An earlier refusal still holds.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        Func<Task<HttpResponseMessage>> send, TimeProvider clock, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (clock.GetUtcNow() < _pausedUntil)
                throw new ToolException("its limit is reached");
        }

        var response = await send();
        if (WaitOf(response, clock) is null)
            return response;

        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_lock)
        {
            before = _lastTurn;
            _lastTurn = turn.Task;
        }

        try
        {
            await before.WaitAsync(cancellationToken);
            for (var tries = 1; tries < MaxTries && WaitOf(response, clock) is { } wait; tries++)
            {
                response.Dispose();
                await Task.Delay(wait, clock, cancellationToken);
                response = await send();
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
        finally
        {
            turn.SetResult();
        }
    }

    /// <summary>The delay that the provider requests; null if it did not refuse the request, or the delay is too long.</summary>
    private TimeSpan? WaitOf(HttpResponseMessage response, TimeProvider clock)
    {
        if (response.StatusCode != HttpStatusCode.TooManyRequests)
            return null;
        var wait = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - clock.GetUtcNow();

        // No delay: the limit's own header is more precise, if there is one.
        if (wait is null || wait <= TimeSpan.Zero)
            wait = ResetOf(response) ?? (wait is null ? null : MinWait);
        if (wait > MaxWait)
        {
            lock (_lock)
                _pausedUntil = clock.GetUtcNow() + (wait.Value < MaxPause ? wait.Value : MaxPause);
        }

        return wait <= MaxWait ? wait : null;
    }

    // Brave has two windows: "1, 0" remaining and a reset of "1, 1419704" are a month that is used up. Where it limits no month, its limit is "50, 0".
    private static TimeSpan? ResetOf(HttpResponseMessage response)
    {
        var (resets, remaining, limits) = (NumbersIn(response, "X-RateLimit-Reset"), NumbersIn(response, "X-RateLimit-Remaining"), NumbersIn(response, "X-RateLimit-Limit"));
        if (resets.Count == 0)
            return null;
        var usedUp = resets.Where((_, window) => window < remaining.Count && remaining[window] <= 0 && !(window < limits.Count && limits[window] <= 0));
        var seconds = usedUp.DefaultIfEmpty(resets[0]).Max();
        return seconds < MaxSeconds ? TimeSpan.FromSeconds(Math.Max(MinWait.TotalSeconds, seconds)) : null;
    }

    private static List<double> NumbersIn(HttpResponseMessage response, string header) => response.Headers.TryGetValues(header, out var values)
        ? [.. string.Join(',', values).Split(',').Select(text => double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : double.NaN)]
        : [];
}
