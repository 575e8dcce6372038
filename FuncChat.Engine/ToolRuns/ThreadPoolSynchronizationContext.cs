namespace FuncChat.Engine.ToolRuns;

/// <summary>
/// Resumes work on the thread pool after each await, and not on the thread that completed the awaited operation: that may be a socket's thread, on which
/// every stream of the process depends (see docs/performance.md).
/// </summary>
internal sealed class ThreadPoolSynchronizationContext : SynchronizationContext
{
    private static readonly ThreadPoolSynchronizationContext Shared = new();

    private ThreadPoolSynchronizationContext()
    {
    }

    /// <summary>Runs work that may block or compute for long between two awaits, such as tools and parsers of pages.</summary>
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
