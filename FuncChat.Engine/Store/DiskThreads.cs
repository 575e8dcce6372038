using FuncChat.Tools;

namespace FuncChat.Engine.Store;

/// <summary>
/// Threads for file access that may block. A stalled disk holds up these threads, and neither the thread pool nor the sockets.
/// </summary>
internal static class DiskThreads
{
    private const int Count = 4;

    // Monitor.Wait doesn't spin before it sleeps. BlockingCollection does: four idle threads then cost a short turn more than its own work.
    private static readonly Lazy<Queue<Action>> Pending = new(Start);
    private static readonly FairQueue Places = new(Count);

    /// <summary>Runs work of a user on one of the threads. Users take turns, so that one who asks for much does not keep the others waiting.</summary>
    public static async Task<T> RunAsync<T>(string user, Func<T> work, CancellationToken cancellationToken)
    {
        await Places.EnterAsync(user, Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        try
        {
            return await RunAsync(work, cancellationToken);
        }
        finally
        {
            Places.Leave(user);
        }
    }

    /// <inheritdoc cref="RunAsync{T}(string, Func{T}, CancellationToken)"/>
    public static Task RunAsync(string user, Action work, CancellationToken cancellationToken) => RunAsync(user, Returning(work), cancellationToken);

    /// <summary>Runs the work on one of the threads.</summary>
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var pending = Pending.Value;
        lock (pending)
        {
            pending.Enqueue(RunWork);
            Monitor.Pulse(pending);
        }

        return completion.Task;

        void RunWork()
        {
            if (cancellationToken.IsCancellationRequested)
            {
                completion.SetCanceled(cancellationToken);
                return;
            }

            try
            {
                completion.SetResult(work());
            }
            catch (Exception e)
            {
                completion.SetException(e);
            }
        }
    }

    /// <inheritdoc cref="RunAsync{T}(Func{T}, CancellationToken)"/>
    public static Task RunAsync(Action work, CancellationToken cancellationToken) => RunAsync(Returning(work), cancellationToken);

    /// <summary>Runs work that takes microseconds in the page cache: on the caller's thread if <see cref="InlineAccess"/> allows it, otherwise on one of the threads.</summary>
    public static Task<T> RunShortAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        if (!InlineAccess.TryEnter())
            return RunAsync(() => Timed(work), cancellationToken);
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
        finally
        {
            InlineAccess.Exit();
        }
    }

    private static Func<bool> Returning(Action work) => () =>
    {
        work();
        return true;
    };

    private static T Timed<T>(Func<T> work)
    {
        var start = Environment.TickCount64;
        try
        {
            return work();
        }
        finally
        {
            InlineAccess.ReportTime(start);
        }
    }

    private static Queue<Action> Start()
    {
        var pending = new Queue<Action>();
        for (var number = 1; number <= Count; number++)
            new Thread(() => RunAll(pending)) { IsBackground = true, Name = $"Disk {number}" }.Start();
        return pending;
    }

    private static void RunAll(Queue<Action> pending)
    {
        while (true)
        {
            Action? work;
            lock (pending)
            {
                while (!pending.TryDequeue(out work))
                    Monitor.Wait(pending);
            }

            work();
        }
    }
}
