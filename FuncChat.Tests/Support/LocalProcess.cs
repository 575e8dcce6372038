using System.Diagnostics;

namespace FuncChat.Tests.Support;

/// <summary>FuncChat.Local as a process of its own, on a free port of 127.0.0.1, to be killed.</summary>
internal sealed class LocalProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;

    private LocalProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public HttpClient Http { get; private set; } = null!;

    public static async Task<LocalProcess> StartAsync(string dataPath, params (string Name, string Value)[] environment)
    {
        var local = new LocalProcess(LocalProgram.Start(dataPath, "http://127.0.0.1:0", readErrors: false, environment));
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
