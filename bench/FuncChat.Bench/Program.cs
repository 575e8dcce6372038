using System.Runtime.InteropServices;
using FuncChat.Bench;
using FuncChat.Bench.Client;

// <root of the repository> <folder of what run.sh built and installed> [scenario…]. run.sh starts it.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    using var bench = new BenchRun(args[0], args[1]);
    await bench.RunAsync(args[2..], stop.Token);
    return 0;
}
catch (BenchException e)
{
    Console.Error.WriteLine($"Stopped: {e.Message}");
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

// The servers are ended on the way out.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
