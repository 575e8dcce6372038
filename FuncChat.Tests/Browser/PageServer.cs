using System.Diagnostics;
using System.Text.RegularExpressions;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Browser;

/// <summary>FuncChat.Local as people start it: a process of its own, on a free port of 127.0.0.1, with no setting but those given.</summary>
internal sealed partial class PageServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private PageServer(Process process, DirectoryInfo folder, Uri address)
    {
        _process = process;
        _folder = folder;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Ends when the server answers requests.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds all that it wrote.</exception>
    public static async Task<PageServer> StartAsync(params (string Name, string Value)[] settings)
    {
        RequireBuiltPage();

        // The working folder is where local settings are read from and turns are kept.
        var folder = Directory.CreateTempSubdirectory("funcchat-test-");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "FuncChat.Local.dll"), "--urls", "http://127.0.0.1:0" },
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        KeepOnly(start.Environment, "PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "USERPROFILE", "DOTNET_ROOT");
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        var address = AddressOf(process);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new PageServer(process, folder, await address);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    // Without it FuncChat.Local would build the page itself, in the middle of a test, or serve none.
    private static void RequireBuiltPage()
    {
        var page = Repository.PathOf("staticwebapp", "dist", "index.html");
        Assert.True(File.Exists(page), $"The page is not built: run `npm ci && npm run build` in staticwebapp, or ./test.sh. Missing: {page}");
    }

    private static void KeepOnly(IDictionary<string, string?> environment, params string[] names)
    {
        foreach (var name in environment.Keys.Except(names, StringComparer.OrdinalIgnoreCase).ToList())
            environment.Remove(name);
    }

    private static Task<Uri> AddressOf(Process process)
    {
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var written = new List<string>();
        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) =>
        {
            // Waits for the rest of what it wrote.
            process.WaitForExit();
            lock (written)
                address.TrySetException(new InvalidOperationException($"FuncChat.Local did not start:\n{string.Join('\n', written)}"));
        };
        return address.Task;

        void Read(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is not { } text)
                return;
            lock (written)
                written.Add(text);
            if (Listening().Match(text) is { Success: true } match)
                address.TrySetResult(new Uri(match.Groups["url"].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (?<url>http\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
