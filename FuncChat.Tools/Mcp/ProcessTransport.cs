using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;
using FuncChat.Tools.Fetch;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// Starts a process that speaks MCP on its standard input and output, and ends it with its children: at the end of its input or, if it does not exit then, soon
/// after. The SDK's own transport reads lines of any length.
/// </summary>
/// <param name="budget">Of what it sends; null for the most of one call.</param>
internal sealed class ProcessTransport(string name, McpProcess process, ByteBudget? budget = null) : IClientTransport
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(5);

    public string Name => name;

    /// <exception cref="Win32Exception">The operating system can't start it.</exception>
    public Task<ITransport> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var started = Process.Start(CommandFor(process)) ?? throw new IOException("No process was started.");
        _ = DrainAsync(started.StandardError.BaseStream);
        var output = new RepairedStream(new LimitedStream(started.StandardOutput.BaseStream, isEventStream: false, isOfLines: true, budget: budget ?? new ByteBudget()), isOfLines: true);
        return Task.FromResult<ITransport>(new Connection(started, new LineTransport(name, started.StandardInput.BaseStream, output)));
    }

    private static ProcessStartInfo CommandFor(McpProcess process)
    {
        var start = new ProcessStartInfo
        {
            FileName = process.Command,
            WorkingDirectory = process.WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            UseShellExecute = false,
        };
        // On Windows, commands such as npx are scripts, which only a shell starts.
        var needsShell = OperatingSystem.IsWindows() && !string.Equals(Path.GetFileName(process.Command), "cmd.exe", StringComparison.OrdinalIgnoreCase);
        if (needsShell)
        {
            start.FileName = "cmd.exe";
            start.ArgumentList.Add("/c");
            start.ArgumentList.Add(process.Command);
        }

        foreach (var argument in process.Arguments)
            start.ArgumentList.Add(OperatingSystem.IsWindows() ? EscapeForShell(argument) : argument);

        // The app's environment contains the keys of every provider.
        start.Environment.Clear();
        foreach (var (variable, value) in StdioClientTransportOptions.GetDefaultEnvironmentVariables().Concat(process.Environment.Select(each => KeyValuePair.Create(each.Key, (string?)each.Value))))
            start.Environment[variable] = value;
        return start;
    }

    // As the SDK does: an argument with white space is quoted, and the shell takes these characters as they are in quotes.
    private static string EscapeForShell(string argument) =>
        argument.Any(char.IsWhiteSpace) ? argument : string.Concat(argument.Select(letter => letter is '&' or '^' or '>' or '<' or '|' ? $"^{letter}" : letter.ToString()));

    private static async Task DrainAsync(Stream errors)
    {
        try
        {
            await errors.CopyToAsync(Stream.Null);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process has ended.
        }
    }

    internal sealed class Connection : ITransport
    {
        private readonly Process _process;
        private readonly ITransport _transport;
        private int _disposed;
        private volatile bool _isKilled;

        public Connection(Process process, ITransport transport)
        {
            (_process, _transport) = (process, transport);
            _ = KillAtEndAsync();
        }

        public string? SessionId => _transport.SessionId;

        public ChannelReader<JsonRpcMessage> MessageReader => _transport.MessageReader;

        public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => _transport.SendMessageAsync(message, cancellationToken);

        /// <summary>Ends the process with its children, which would no longer be found after it has ended.</summary>
        public void Kill()
        {
            _isKilled = true;
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
            {
                // It has ended already, or can't be ended.
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0)
                return;
            // The id of a process that has exited may be another one's.
            var children = _isKilled || _process.HasExited ? null : ProcessTree.Below(_process.Id);
            if (!_isKilled)
                await EndInputAsync();
            Kill();
            children?.Kill();
            using var limit = new CancellationTokenSource(ExitTimeout);
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _transport.DisposeAsync();
            _process.Dispose();
        }

        // A process whose output has ended, or can't be read, can't be used again.
        private async Task KillAtEndAsync()
        {
            await MessageReader.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Volatile.Read(ref _disposed) == 0)
                Kill();
        }

        // A server exits at the end of its input. What it sends until then must not fill the memory.
        private async Task EndInputAsync()
        {
            using var limit = new CancellationTokenSource(ExitTimeout);
            var discarded = DiscardMessagesAsync(limit.Token);
            await CloseInputAsync();
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await limit.CancelAsync();
            await discarded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task CloseInputAsync()
        {
            try
            {
                await _process.StandardInput.BaseStream.DisposeAsync();
            }
            catch (IOException)
            {
                // It no longer reads.
            }
        }

        private async Task DiscardMessagesAsync(CancellationToken cancellationToken)
        {
            await foreach (var _ in MessageReader.ReadAllAsync(cancellationToken))
            {
                // Nothing waits for it.
            }
        }
    }
}
