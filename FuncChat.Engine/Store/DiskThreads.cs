using System.Collections.Concurrent;

namespace FuncChat.Engine.Store;

/// <summary>
/// Threads for file access that may block. A stalled disk holds up these threads, and neither the thread pool nor the sockets.
/// </summary>
internal static class DiskThreads
{
    private const int Count = 4;

    private static readonly Lazy<BlockingCollection<Action>> Queue = new(Start);

    /// <summary>Runs the work on one of the threads.</summary>
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue.Value.Add(
            () =>
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
            },
            CancellationToken.None);
        return completion.Task;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public static Task RunAsync(Action work, CancellationToken cancellationToken) => RunAsync(
        () =>
        {
            work();
            return true;
        },
        cancellationToken);

    private static BlockingCollection<Action> Start()
    {
        var queue = new BlockingCollection<Action>();
        for (var number = 1; number <= Count; number++)
        {
            new Thread(() =>
            {
                foreach (var work in queue.GetConsumingEnumerable())
                    work();
            })
            {
                IsBackground = true,
                Name = $"Disk {number}",
            }.Start();
        }

        return queue;
    }
}
