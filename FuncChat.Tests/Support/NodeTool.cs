using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using FuncChat.Local;

namespace FuncChat.Tests.Support;

/// <summary>A program of Node.js that tests run, installed by npm next to its package.json on first use.</summary>
internal sealed class NodeTool : IAsyncDisposable
{
    // By folder: test classes that run at the same time need the same packages.
    private static readonly ConcurrentDictionary<string, Lazy<Task>> Installed = new(StringComparer.Ordinal);

    private readonly Process _process;

    private NodeTool(Process process) => _process = process;

    /// <summary>Starts it, and waits for the lines that tell where it listens.</summary>
    /// <param name="folder">The folder of its package.json.</param>
    /// <param name="main">Its script, beneath node_modules.</param>
    /// <param name="listening">The text before the address on each of those lines.</param>
    /// <returns>The program, and what follows on each line.</returns>
    public static async Task<(NodeTool Tool, string[] Addresses)> StartAsync(string folder, string main, string[] listening, params string[] arguments)
    {
        var script = await ScriptAsync(folder, main);
        var tool = new NodeTool(Start(folder, "node", [script, .. arguments]));
        try
        {
            return (tool, await tool.AddressesAsync(listening));
        }
        catch
        {
            await tool.DisposeAsync();
            throw;
        }
    }

    /// <summary>The path of a script of the folder's packages, which are installed first if they are missing.</summary>
    public static async Task<string> ScriptAsync(string folder, string main)
    {
        await Installed.GetOrAdd(folder, _ => new Lazy<Task>(() => InstallAsync(folder))).Value;
        return Path.Combine(folder, "node_modules", main);
    }

    /// <summary>Runs a program in the folder to its end.</summary>
    /// <returns>Its exit code and its standard output.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, string command, params string[] arguments)
    {
        using var process = Start(folder, command, arguments);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <summary>Ends it with whatever it has started.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task InstallAsync(string folder)
    {
        if (IsInstalled(folder))
            return;

        // The browser tests run at the same time, in another process.
        using var installing = await PageLock.AcquireAsync(folder, TimeProvider.System, CancellationToken.None);
        if (IsInstalled(folder))
            return;

        // From npm's cache where it has the versions, without asking the registry for newer ones.
        if (await NpmAsync(folder, "ci", "--prefer-offline") is not null && await NpmAsync(folder, "ci") is { } said)
            throw new InvalidOperationException($"npm ci failed in {folder}:\n{said}");
    }

    // npm writes this file last.
    private static bool IsInstalled(string folder)
    {
        var done = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        return done.Exists && done.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"));
    }

    /// <summary>What npm wrote if it failed, else null.</summary>
    private static async Task<string?> NpmAsync(string folder, params string[] arguments)
    {
        using var npm = OperatingSystem.IsWindows() ? Start(folder, "cmd.exe", ["/c", "npm", .. arguments]) : Start(folder, "npm", arguments);
        var said = await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        return npm.ExitCode == 0 ? null : said;
    }

    private static Process Start(string folder, string command, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(command, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                UseShellExecute = false,
                Environment = { ["NO_COLOR"] = "1" }, // some tools color their output where CI is set
            })!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"These tests need Node.js: install {NodeVersion.Range} from https://nodejs.org.", e);
        }
    }

    private async Task<string[]> AddressesAsync(string[] listening)
    {
        var said = new List<string>();
        var addresses = new string[listening.Length];
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
            var told = Array.FindIndex(listening, each => line.Contains(each, StringComparison.Ordinal));
            if (told < 0)
                continue;
            addresses[told] = line[(line.IndexOf(listening[told], StringComparison.Ordinal) + listening[told].Length)..].Trim();
            if (Array.Exists(addresses, each => each is null))
                continue;

            // What it says from here on is read and dropped, or it would wait for room in the pipe.
            _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return addresses;
        }

        throw new InvalidOperationException($"It did not start:\n{string.Join('\n', said)}");
    }
}
