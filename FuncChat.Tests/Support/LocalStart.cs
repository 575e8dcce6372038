namespace FuncChat.Tests.Support;

/// <summary>How FuncChat.Local starts as a process of its own: whether it comes to listen, and what it says until then.</summary>
internal sealed record LocalStart(bool Listens, int? ExitCode, string Output, string Error)
{
    public static Task<LocalStart> TryAsync(string dataPath, string url, params (string Name, string Value)[] environment) => TryAsync(dataPath, url, [], environment);

    public static async Task<LocalStart> TryAsync(string dataPath, string url, string[] arguments, (string Name, string Value)[] environment)
    {
        using var process = LocalProgram.Start(dataPath, url, readErrors: true, arguments, environment);
        var error = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();

        // Listening or not, it says something or its output ends.
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (!line.Contains("Application started", StringComparison.Ordinal))
                continue;
            process.Kill();
            await process.WaitForExitAsync();
            return new LocalStart(Listens: true, null, string.Join('\n', lines), await error);
        }

        await process.WaitForExitAsync();
        return new LocalStart(Listens: false, process.ExitCode, string.Join('\n', lines), await error);
    }
}
