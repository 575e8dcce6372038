using System.Runtime.InteropServices;
using FuncChat.Engine.Turns;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>Ctrl+C: the first one reports what the server waits for, and the second one ends it at once.</summary>
internal sealed class StopSignal : IDisposable
{
    // As shells report a process that SIGINT ended.
    private const int Interrupted = 130;

    private readonly PosixSignalRegistration _registration;
    private volatile IHost? _host;
    private int _signals;

    public StopSignal() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);

    /// <summary>From now on the host stops at the first signal; before, the process ends.</summary>
    public void Started(IHost host) => _host = host;

    public void Dispose() => _registration.Dispose();

    private void OnSignal(PosixSignalContext signal)
    {
        if (_host is not { } host || Interlocked.Increment(ref _signals) > 1)
        {
            Environment.Exit(Interrupted);
            return;
        }

        signal.Cancel = true;
        var grace = host.Services.GetRequiredService<IOptions<TurnOptions>>().Value.ShutdownGrace;
        Console.WriteLine($"Stopping. Running turns have up to {grace.TotalSeconds:0} s to finish their step. Press Ctrl+C again to stop at once.");
    }
}
