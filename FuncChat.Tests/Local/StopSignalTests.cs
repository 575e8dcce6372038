using System.Diagnostics;
using System.Text;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>Signals to the real process: Ctrl+C in a terminal (SIGINT), SIGTERM, and the end of its terminal (SIGHUP).</summary>
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
        using var response = await StartTurnAsync(http);

        await SignalAsync(process, "INT");
        Assert.Equal(
            "have up to 600 s to finish their step. Press Ctrl+C again to stop at once.", await AfterAsync(process, "Stopping. Running turns "));
        Assert.False(process.HasExited);
        await SignalAsync(process, "INT");

        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
    }

    [LinuxTheory]
    [InlineData("TERM", "TERM", 143)]
    [InlineData("HUP", "HUP", 129)]
    [InlineData("INT", "TERM", 143)]
    [InlineData("TERM", "INT", 130)]
    public async Task First_signal_waits_for_turns_and_the_second_one_ends_the_server_at_once_whichever_they_are(string first, string second, int exitCode)
    {
        _upstream.Answers(answer => answer.Text("Half").Stall());
        using var process = Start();
        using var http = new HttpClient { BaseAddress = new Uri(await AfterAsync(process, Ready)) };
        using var response = await StartTurnAsync(http);

        await SignalAsync(process, first);
        await UntilDrainingAsync(http);
        await SignalAsync(process, second);

        await process.WaitForExitAsync();
        Assert.Equal(exitCode, process.ExitCode);
    }

    [LinuxTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task Server_without_turns_ends_at_the_first_signal(string signal)
    {
        using var process = Start();
        await AfterAsync(process, Ready);

        await SignalAsync(process, signal);

        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private static async Task<HttpResponseMessage> StartTurnAsync(HttpClient http)
    {
        using var body = new StringContent("""{"messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/chat") { Content = body };
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    // A server that drains refuses turns, or does not accept connections any more.
    private static async Task UntilDrainingAsync(HttpClient http)
    {
        try
        {
            while (true)
            {
                using var health = await http.GetAsync("api/health");
                if (!health.IsSuccessStatusCode)
                    return;
            }
        }
        catch (HttpRequestException)
        {
            // It accepts no connections.
        }
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
        var start = new ProcessStartInfo("env", ["--default-signal=INT,HUP", "dotnet", Path.Combine(AppContext.BaseDirectory, "FuncChat.Local.dll"), "--port", "0"])
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
