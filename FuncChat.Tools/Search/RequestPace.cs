using System.Globalization;
using System.Net;

namespace FuncChat.Tools.Search;

/// <summary>Retries requests that a provider refused because of its rate limit, one at a time for all searches of this process.</summary>
internal sealed class RequestPace
{
    private const int MaxTries = 6;

    // A longer delay belongs to a quota of days or months.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private Task _lastTurn = Task.CompletedTask;

    /// <summary>The first response that is not a refusal because of the rate, or the last refusal.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        Func<Task<HttpResponseMessage>> send, TimeProvider clock, CancellationToken cancellationToken)
    {
        var response = await send();
        if (WaitOf(response) is null)
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
            for (var tries = 1; tries < MaxTries && WaitOf(response) is { } wait; tries++)
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
    private static TimeSpan? WaitOf(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.TooManyRequests)
            return null;
        var wait = response.Headers.RetryAfter?.Delta ?? FirstReset(response);
        return wait > TimeSpan.Zero && wait <= MaxWait ? wait : null;
    }

    // "1, 1419704": the seconds until the limit of a second is over, and until that of a month is.
    private static TimeSpan? FirstReset(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-RateLimit-Reset", out var values)
        && double.TryParse(string.Join(',', values).Split(',')[0], CultureInfo.InvariantCulture, out var seconds) && seconds < 1_000_000
            ? TimeSpan.FromSeconds(Math.Max(1, seconds))
            : null;
}
