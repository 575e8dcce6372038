using System.Diagnostics;
using FuncChat.Tests.Local;

namespace FuncChat.Tests.Support;

/// <summary>FuncChat.Local as a process of its own, on a free port of 127.0.0.1, to be killed.</summary>
internal sealed class LocalProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly Process _process;

    private LocalProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public HttpClient Http { get; private set; } = null!;

    public static Task<LocalProcess> StartAsync(string dataPath, params (string Name, string Value)[] environment) =>
        StartAsync(LocalProgram.Start(dataPath, AnyPort, readErrors: false, environment));

    /// <summary>Starts it with one of its socket threads held for good.</summary>
    public static Task<LocalProcess> StartWithHeldThreadAsync(string dataPath, int thread) =>
        StartAsync(LocalProgram.Start("FuncChat.Tests.dll", [StuckSocketThread.Argument, $"{thread}", AnyPort], dataPath, readErrors: false));

    private static async Task<LocalProcess> StartAsync(Process process)
    {
        var local = new LocalProcess(process);
        try
        {
            local.Http = new HttpClient { BaseAddress = await local.AddressAsync(), Timeout = Timeout.InfiniteTimeSpan };
            return local;
        }
        catch
        {
            await local.DisposeAsync();
            throw;
        }
    }

    /// <summary>The files that Linux has mapped into its memory, assemblies among them.</summary>
    public string LoadedFiles() => File.ReadAllText($"/proc/{_process.Id}/maps");

    /// <summary>Ends the process with SIGKILL, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task<Uri> AddressAsync()
    {
        var said = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
            {
                // What it says from here on is read and dropped, or it would wait for room in the pipe.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new Uri(line[(at + Listening.Length)..].Trim());
            }
        }

        throw new InvalidOperationException($"FuncChat.Local did not start:\n{string.Join('\n', said)}");
    }
}
