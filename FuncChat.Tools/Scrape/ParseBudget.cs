using Microsoft.Extensions.Logging;

namespace FuncChat.Tools.Scrape;

/// <summary>
/// Bounds the memory and the processors that pages take from this process: only so many are parsed at a time, and users take turns. A page that is no longer waited for
/// keeps its place until its parser has stopped.
/// </summary>
internal sealed partial class ParseBudget(ILogger<ParseBudget> logger)
{
    /// <summary>Of one page, whatever time its reading has: a page that takes longer is hostile.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly FairQueue _places = new(Math.Clamp(Environment.ProcessorCount, 2, 8));

    /// <param name="user">For whom the page is read.</param>
    /// <exception cref="ToolException">The page can't be read: its parser failed, or takes too long.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> parse, string user, TimeProvider clock, CancellationToken cancellationToken)
    {
        await _places.EnterAsync(user, Timeout.InfiniteTimeSpan, clock, cancellationToken);
        var time = new CancellationTokenSource(Limit, clock);
        var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        // Taken now: the source is disposed when the parser ends, which may be before it is waited for.
        var token = either.Token;
        var parsing = Task.Run(() => parse(token), CancellationToken.None);
        _ = parsing.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                _places.Leave(user);
                either.Dispose();
                time.Dispose();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            return await parsing.WaitAsync(token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException("The page's markup takes too long to read.", exception);
        }
        catch (Exception exception) when (exception is not (ToolException or OperationCanceledException))
        {
            // One page must not end the run that reads many.
            LogFailed(exception.GetType().Name);
            throw new ToolException("The page's markup can't be read: look for another source.", exception);
        }
    }

    // Without the exception's message, which may quote the page.
    [LoggerMessage(1305, LogLevel.Error, "The parser of a page failed with {ExceptionType}.")]
    private partial void LogFailed(string exceptionType);
}
