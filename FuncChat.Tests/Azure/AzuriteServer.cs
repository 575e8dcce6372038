using System.ComponentModel;
using System.Diagnostics;
using Azure.Storage.Blobs;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Azure;

/// <summary>
/// Azurite, the emulator of Azure Storage, on a free port of 127.0.0.1, with its data in memory. Installed by npm, beside its package.json, the
/// first time that it is needed.
/// </summary>
public sealed class AzuriteServer : IAsyncLifetime
{
    private const string Listening = "service is successfully listening at ";

    // The account and key that every Azurite has.
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    private static readonly string Folder = Repository.PathOf("FuncChat.Tests", "Azure", "azurite");
    private readonly List<string> _said = [];
    private Process? _process;

    public string ConnectionString { get; private set; } = "";

    /// <summary>A name for a container that no other test uses.</summary>
    public static string NewContainer() => $"test-{Guid.NewGuid():N}";

    public BlobContainerClient Container(string name, BlobClientOptions? options = null) => new(ConnectionString, name, options);

    public async Task InitializeAsync()
    {
        var main = Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (!File.Exists(main))
            await InstallAsync();
        _process = Start(
            "node", main, "--blobHost", "127.0.0.1", "--blobPort", "0", "--queueHost", "127.0.0.1", "--queuePort", "0", "--tableHost", "127.0.0.1", "--tablePort", "0",
            "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent");
        var blobs = await AddressAsync(_process.StandardOutput, "Blob");
        var tables = await AddressAsync(_process.StandardOutput, "Table");
        ConnectionString = $"{Account}BlobEndpoint={blobs}/devstoreaccount1;TableEndpoint={tables}/devstoreaccount1;";

        // What it says from here on is read and dropped, or it would wait for room in the pipe.
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    public async Task DisposeAsync()
    {
        if (_process is not { } process)
            return;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task InstallAsync()
    {
        using var npm = OperatingSystem.IsWindows() ? Start("cmd.exe", "/c", "npm", "ci") : Start("npm", "ci");
        var said = await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"Azurite could not be installed: npm ci failed in {Folder}:\n{said}");
    }

    private static Process Start(string command, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(command, arguments)
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("These tests need Azurite, which needs Node.js: install version 20.19 or later from https://nodejs.org.", e);
        }
    }

    private async Task<string> AddressAsync(StreamReader output, string service)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _said.Add(line);
            if (line.Contains($"{service} {Listening}", StringComparison.Ordinal))
                return line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim();
        }

        throw new InvalidOperationException($"Azurite did not start:\n{string.Join('\n', _said)}");
    }
}

[CollectionDefinition(Name)]
public sealed class AzuriteTests : ICollectionFixture<AzuriteServer>
{
    public const string Name = "Azurite";
}
