using System.Runtime.InteropServices;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>
/// Ctrl+C, a request to terminate, and the end of the terminal: the first signal stops the server, which waits for its turns, and the second one, whichever it is,
/// ends it at once.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    // As shells report a process that a signal ended.
    private static readonly Dictionary<PosixSignal, int> ExitCodes = new()
    {
        [PosixSignal.SIGHUP] = 129,
        [PosixSignal.SIGINT] = 130,
        [PosixSignal.SIGTERM] = 143,
    };

    private readonly List<PosixSignalRegistration> _registrations;
    private volatile IHost? _host;
    private int _signals;

    public StopSignal() => _registrations = [.. ExitCodes.Keys.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    /// <summary>From now on the host stops at the first signal; before, the process ends.</summary>
    public void Started(IHost host) => _host = host;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void OnSignal(PosixSignalContext signal)
    {
        if (_host is not { } host || Interlocked.Increment(ref _signals) > 1)
        {
            Environment.Exit(ExitCodes[signal.Signal]);
            return;
        }

        signal.Cancel = true;
        if (signal.Signal == PosixSignal.SIGINT)
        {
            var grace = host.Services.GetRequiredService<IOptions<TurnOptions>>().Value.ShutdownGrace;
            Console.WriteLine($"Stopping. Running turns have up to {grace.TotalSeconds:0} s to finish their step. Press Ctrl+C again to stop at once.");
        }

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
    }
}
