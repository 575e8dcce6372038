using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using FuncChat.Tools.Sandboxes;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tools.JavaScript;

/// <summary>Runs each script in its own child process, a limited number at a time, and ends every child.</summary>
/// <param name="command">How a child is started.</param>
internal sealed partial class SandboxRunner(
    Func<ProcessStartInfo> command, JavaScriptOptions options, TimeProvider time, ILogger<SandboxRunner> logger) : IAsyncDisposable, IDisposable
{
    /// <summary>The child ends most scripts on time itself, with complete output.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>After this time the call fails, so that the turn continues.</summary>
    private static readonly TimeSpan QueueLimit = TimeSpan.FromSeconds(60);

    private readonly FairQueue _places = new(options.Concurrency);
    private readonly Lock _spareLock = new();
    private SandboxProcess? _spare;
    private bool _disposed;

    /// <summary>Waits for a free place, then runs the script.</summary>
    /// <param name="timeout">The script's time, from when its child has started.</param>
    /// <exception cref="ToolException">No child can be started.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the child is dead.</exception>
    /// <param name="user">Whose script it is: users take turns.</param>
    public async Task<ScriptOutcome> RunAsync(string code, TimeSpan timeout, CancellationToken cancellationToken, string user = "")
    {
        try
        {
            await _places.EnterAsync(user, QueueLimit, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new ToolException("Too many scripts are running on this server. Try again later, or answer without it.", exception);
        }

        try
        {
            await using var child = await StartAsync(cancellationToken);
            return await FollowAsync(child, code, timeout, cancellationToken);
        }
        finally
        {
            _places.Leave(user);
            StartSpare();
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (TakeSpare(forGood: true) is { } spare)
            await spare.DisposeAsync();
    }

    private async Task<ScriptOutcome> FollowAsync(SandboxProcess child, string code, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout + Grace, time);
        await using var onDeadline = deadline.Token.Register(child.Kill);
        await using var onCancel = cancellationToken.Register(child.Kill);
        await child.SendAsync(SandboxProcess.RequestFor(MemoryMarshal.AsBytes(code.AsSpan()), timeout, options.OutputLimit));
        var outcome = await new OutcomeReader(child, timeout, options).ReadAsync(deadline.Token);
        cancellationToken.ThrowIfCancellationRequested();
        return outcome;
    }

    /// <summary>A child that is ready for code.</summary>
    private async Task<SandboxProcess> StartAsync(CancellationToken cancellationToken)
    {
        if (TakeSpare() is { } spare)
        {
            if (await spare.WaitUntilReadyAsync(time, cancellationToken))
                return spare;

            await DiscardAsync(spare, cancellationToken);
        }

        SandboxProcess child;
        try
        {
            child = SandboxProcess.Start(command(), options.OutputLimit);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            LogCannotStart(exception);
            throw new ToolException("JavaScript is unavailable on this server right now.", exception);
        }

        if (await child.WaitUntilReadyAsync(time, cancellationToken))
            return child;

        await DiscardAsync(child, cancellationToken);
        throw new ToolException("JavaScript is unavailable on this server right now.");
    }

    private async Task DiscardAsync(SandboxProcess child, CancellationToken cancellationToken)
    {
        await child.DisposeAsync();
        cancellationToken.ThrowIfCancellationRequested();
        // It has not received a script, so its output is the runtime's.
        LogEndedEarly(await child.ReadErrorsAsync());
    }

    private SandboxProcess? TakeSpare(bool forGood = false)
    {
        lock (_spareLock)
        {
            _disposed |= forGood;
            var spare = _spare;
            _spare = null;
            return spare;
        }
    }

    private void StartSpare()
    {
        if (!options.WarmSpare)
            return;

        try
        {
            lock (_spareLock)
            {
                if (!_disposed)
                    _spare ??= SandboxProcess.Start(command(), options.OutputLimit);
            }
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            // The next script starts its own child, and reports the error.
        }
    }

    [LoggerMessage(1301, LogLevel.Error, "The process for JavaScript can't be started.")]
    private partial void LogCannotStart(Exception exception);

    [LoggerMessage(1302, LogLevel.Error, "A process for JavaScript ended before it was ready: {Output}")]
    private partial void LogEndedEarly(string output);
}
