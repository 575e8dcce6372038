using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// The running calls of one connection. Before the specification of 2026, a server asks its question while a call runs, and does not name the call. So a
/// server that has asked once gets one call at a time.
/// </summary>
internal sealed class McpActiveCalls
{
    private readonly Lock _lock = new();
    private readonly List<McpCall> _calls = [];
    private TaskCompletionSource _ended = NewSignal();
    private bool _hasAsked;

    /// <summary>Adds a call until the result is disposed.</summary>
    public async Task<IDisposable> EnterAsync(McpCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task ended;
            lock (_lock)
            {
                if (!_hasAsked || _calls.Count == 0)
                {
                    _calls.Add(call);
                    return new Entry(this, call);
                }

                ended = _ended.Task;
            }

            await ended.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Answers a question of the server, or cancels it if the person has not answered it yet.</summary>
    /// <exception cref="McpException">Several calls are running.</exception>
    public ElicitResult Answer(ElicitRequestParams? asked)
    {
        lock (_lock)
        {
            _hasAsked = true;
            return _calls is [var call] ? call.Answer(asked) : throw new McpException("Several calls are running. Retry the call.");
        }
    }

    /// <summary>Reports the progress of the call that it names, if that is running.</summary>
    public void Report(ProgressNotificationParams progress)
    {
        McpCall? call;
        lock (_lock)
            call = _calls.Find(call => call.ProgressToken == progress.ProgressToken);
        call?.Report(progress.Progress);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Leave(McpCall call)
    {
        TaskCompletionSource ended;
        lock (_lock)
        {
            _calls.Remove(call);
            (ended, _ended) = (_ended, NewSignal());
        }

        ended.SetResult();
    }

    private sealed class Entry(McpActiveCalls calls, McpCall call) : IDisposable
    {
        public void Dispose() => calls.Leave(call);
    }
}
