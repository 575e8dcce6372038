namespace FuncChat.Engine.ToolRuns;

/// <summary>
/// What runs in it goes on on the thread pool after each wait, and not on the thread that ended the wait: that may be a socket's, on which
/// every stream of the process depends (see docs/performance.md).
/// </summary>
internal sealed class PoolContext : SynchronizationContext
{
    public override SynchronizationContext CreateCopy() => this;

    public override void Post(SendOrPostCallback d, object? state) => ThreadPool.QueueUserWorkItem(
        static post =>
        {
            SetSynchronizationContext(post.Context);
            post.Callback(post.State);
        },
        (Context: this, Callback: d, State: state),
        preferLocal: false);
}
