using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FuncChat.Bench.Client;

namespace FuncChat.Bench.Servers;

/// <summary>A target's process, and what the kernel says of it and its children. The upstream itself has none.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private const double TicksPerSecond = 100;
    private const int PageSize = 4096;
    private const int FirstPort = 10_000;
    private const int LastPort = 30_000;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process? _process;

    private RunningServer(Target target, IPEndPoint endPoint, Process? process)
    {
        Target = target;
        EndPoint = endPoint;
        _process = process;
    }

    public Target Target { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>Seconds of processor time so far, user and system.</summary>
    public double CpuSeconds => Processes().Sum(static id => Field(id, 13) + Field(id, 14)) / TicksPerSecond;

    /// <summary>Bytes of memory in use (resident).</summary>
    public double Memory => Processes().Sum(static id => Field(id, 23)) * PageSize;

    /// <summary>Files and sockets that are open.</summary>
    public int OpenFiles => Processes().Sum(static id => Directory.GetFileSystemEntries($"/proc/{id}/fd").Length);

    /// <summary>Starts a target on a free port, and returns as soon as it listens.</summary>
    public static async Task<RunningServer> StartAsync(Target target, IPEndPoint upstream, string folder, CancellationToken cancellationToken)
    {
        if (target.Start is not { } start)
            return new RunningServer(target, upstream, null);
        var endPoint = FreePort();
        var own = Directory.CreateDirectory(Path.Combine(folder, $"{endPoint.Port}")).FullName;
        var info = start(new ServerPlace(upstream, endPoint.Port, own));
        info.RedirectStandardOutput = true;

        // run.sh sets it for the bench, not for the servers that it measures.
        info.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        if (info.WorkingDirectory.Length == 0)
            info.WorkingDirectory = own;
        var process = Process.Start(info)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var server = new RunningServer(target, endPoint, process);
        try
        {
            await server.ListensAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process and its children, each by its id.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // Below the ports that the kernel itself chooses from: between the probe and the server's start, it could give one to another process.
    private static IPEndPoint FreePort()
    {
        while (true)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var endPoint = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(FirstPort, LastPort));
            try
            {
                probe.Bind(endPoint);
                return endPoint;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another program listens there.
            }
        }
    }

    private async Task ListensAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(EndPoint, limit.Token);
                return;
            }
            catch (SocketException) when (!_process!.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
            }
            catch (SocketException)
            {
                throw new BenchException($"{Target.Name} did not start.");
            }
        }
    }

    private IEnumerable<int> Processes()
    {
        if (_process is null)
            return [];
        var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children");
        return [_process.Id, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }

    // See proc_pid_stat(5). The name, in parentheses, may hold spaces: fields are counted from the end of it.
    private static double Field(int process, int index)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return double.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[index - 2], CultureInfo.InvariantCulture);
    }
}
