using System.Diagnostics;
using System.Text;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>Ctrl+C in a terminal, which is SIGINT, to the real process.</summary>
public sealed class StopSignalTests : IAsyncLifetime
{
    private const string Ready = "FuncChat is ready: ";

    private readonly TemporaryFolder _folder = new();
    private ScriptedModelServer _upstream = null!;

    public async Task InitializeAsync() => _upstream = await ScriptedModelServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [LinuxFact]
    public async Task First_signal_reports_what_the_server_waits_for_and_the_second_one_ends_it_at_once()
    {
        _upstream.Answers(answer => answer.Text("Half").Stall());
        using var process = Start();
        using var http = new HttpClient { BaseAddress = new Uri(await AfterAsync(process, Ready)) };
        using var body = new StringContent("""{"messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/chat") { Content = body };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        await InterruptAsync(process);
        Assert.Equal(
            "have up to 600 s to finish their step. Press Ctrl+C again to stop at once.", await AfterAsync(process, "Stopping. Running turns "));
        Assert.False(process.HasExited);
        await InterruptAsync(process);

        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
    }

    [LinuxFact]
    public async Task Server_without_turns_ends_at_the_first_signal()
    {
        using var process = Start();
        await AfterAsync(process, Ready);

        await InterruptAsync(process);

        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task InterruptAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private static async Task<string> AfterAsync(Process process, string start)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
                return line[start.Length..];
        }

        throw new InvalidOperationException($"The server ended without “{start}”.");
    }

    private Process Start()
    {
        // A test run in the background of a shell ignores SIGINT, and its processes would too.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "FuncChat.Local.dll"), "--port", "0"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = _folder.Path,
        };
        foreach (var (name, value) in ((string, string)[])[
            ("FuncChat__DataPath", _folder.Path), ("FuncChat__ServePage", "false"), ("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", _upstream.BaseUrl),
            ("OPENAI_MODELS", "scripted"), ("FuncChat__Turns__ShutdownGrace", "600")])
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
