namespace FuncChat.Engine.ToolRuns;

/// <summary>
/// What runs in it goes on on the thread pool after each wait, and not on the thread that ended the wait: that may be a socket's, on which
/// every stream of the process depends (see docs/performance.md).
/// </summary>
internal sealed class ThreadPoolSynchronizationContext : SynchronizationContext
{
    private static readonly ThreadPoolSynchronizationContext Shared = new();

    private ThreadPoolSynchronizationContext()
    {
    }

    /// <summary>Runs work that may block, or take long between two waits: tools, and what parses pages.</summary>
    public static Task RunAsync(Func<Task> work) => Task.Run(In(work));

    /// <inheritdoc cref="RunAsync(Func{Task})"/>
    public static Task<T> RunAsync<T>(Func<Task<T>> work) => Task.Run(In(work));

    public override SynchronizationContext CreateCopy() => this;

    public override void Post(SendOrPostCallback d, object? state) => ThreadPool.QueueUserWorkItem(
        static post =>
        {
            SetSynchronizationContext(post.Context);
            post.Callback(post.State);
        },
        (Context: this, Callback: d, State: state),
        preferLocal: false);

    private static Func<T> In<T>(Func<T> work) => () =>
    {
        SetSynchronizationContext(Shared);
        return work();
    };
}
