using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>Files at the root of the repository count although `dotnet run --project FuncChat.Local` starts the program in the project's folder.</summary>
public sealed class SettingFileTests : IDisposable
{
    private const string FreeUrl = "http://127.0.0.1:0";
    private const string Ready = "FuncChat is ready: ";

    private readonly TemporaryFolder _root = new();
    private readonly string _project;

    public SettingFileTests()
    {
        _project = Directory.CreateDirectory(Path.Combine(_root.Path, "FuncChat.Local")).FullName;
        File.WriteAllText(Path.Combine(_project, "FuncChat.Local.csproj"), "");
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Files_at_the_root_are_read_and_reported()
    {
        var settings = Write(_root.Path, "local.settings.json", """{"Values":{"OPENAI_API_KEY":"sk-test","OPENAI_MODELS":"from-the-root"}}""");
        var servers = Write(_root.Path, "mcp.json", """{"servers":{"notes":{"url":"http://127.0.0.1:1/mcp"}}}""");

        var report = await ReportAsync();

        Assert.Contains("Models: openai:from-the-root", report);
        Assert.Contains($"Settings: {settings}", report);
        Assert.Contains($"MCP servers: {servers}", report);
    }

    [Fact]
    public async Task File_in_the_working_folder_wins_over_the_one_at_the_root_and_the_report_names_both()
    {
        var other = Write(_root.Path, "local.settings.json", """{"Values":{"OPENAI_API_KEY":"sk-test","OPENAI_MODELS":"from-the-root"}}""");
        var settings = Write(_project, "local.settings.json", """{"Values":{"OPENAI_API_KEY":"sk-test","OPENAI_MODELS":"from-the-project"}}""");

        var report = await ReportAsync();

        Assert.Contains("Models: openai:from-the-project", report);
        Assert.Contains($"Settings: {settings}. {other} is not read", report);
    }

    [Fact]
    public async Task File_above_a_folder_that_is_not_the_project_is_not_read()
    {
        File.Delete(Path.Combine(_project, "FuncChat.Local.csproj"));
        Write(_root.Path, "local.settings.json", "{");

        Assert.DoesNotContain(await ReportAsync(), line => line.StartsWith("Settings: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Path_in_a_setting_may_be_relative_to_the_root()
    {
        var servers = Write(_root.Path, "servers.json", """{"servers":{"notes":{"url":"http://127.0.0.1:1/mcp"}}}""");
        Write(_root.Path, "orders.json", """{"openapi":"3.0.0","info":{"title":"Orders","version":"1"},"paths":{}}""");

        var report = await ReportAsync(
            ("FuncChat__Mcp__File", "servers.json"), ("FuncChat__OpenApi__orders__Document", "orders.json"),
            ("FuncChat__OpenApi__orders__BaseUrl", "http://127.0.0.1:1"), ("FuncChat__OpenApi__orders__Operations", "listOrders"));

        Assert.Contains($"MCP servers: {servers}", report);
    }

    [Fact]
    public async Task Path_in_a_setting_may_be_relative_to_the_app()
    {
        // JSON that is next to the app anyway: it lists no servers.
        const string NextToApp = "FuncChat.Local.runtimeconfig.json";

        var report = await ReportAsync(
            ("FuncChat__Mcp__File", NextToApp), ("FuncChat__OpenApi__orders__Document", NextToApp),
            ("FuncChat__OpenApi__orders__BaseUrl", "http://127.0.0.1:1"), ("FuncChat__OpenApi__orders__Operations", "listOrders"));

        Assert.Contains($"MCP servers: {Path.Combine(AppContext.BaseDirectory, NextToApp)}", report);
    }

    [LinuxTheory]
    [InlineData]
    [InlineData("FuncChat__Mcp__File", " ")]
    [InlineData("FuncChat__Mcp__File", "mcp.json")]
    public async Task Program_of_a_file_at_the_root_is_found_and_started_there(params string[] setting)
    {
        // The program itself is no MCP server: it only writes down where it runs.
        var script = Write(_root.Path, "server.sh", "#!/bin/sh\npwd >started.tmp && mv started.tmp started\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Write(_root.Path, "mcp.json", JsonSerializer.Serialize(new { servers = new { notes = new { command = "./server.sh" } } }));

        Assert.Equal(_root.Path, await FolderOfProgramAsync(_root.Path, setting is [var name, var value] ? [(name, value)] : []));
    }

    [LinuxFact]
    public async Task Program_of_a_file_that_is_not_in_the_repository_is_not_started_at_its_root()
    {
        using var elsewhere = new TemporaryFolder();
        var started = Path.Combine(elsewhere.Path, "started");
        var servers = new { notes = new { command = "sh", args = (string[])["-c", $"pwd >{started}.tmp && mv {started}.tmp {started}"] } };
        var file = Write(elsewhere.Path, "mcp.json", JsonSerializer.Serialize(new { servers }));

        Assert.Equal(_project, await FolderOfProgramAsync(elsewhere.Path, ("FuncChat__Mcp__File", file)));
    }

    // Where the program runs that writes its folder to the file `started`.
    private async Task<string> FolderOfProgramAsync(string folder, params (string Name, string Value)[] settings)
    {
        using var written = new FileSystemWatcher(folder, "started");
        var started = new TaskCompletionSource();
        written.Renamed += (_, _) => started.TrySetResult();
        written.EnableRaisingEvents = true;

        using var process = LocalProgram.Start(_project, FreeUrl, readErrors: false, settings);
        var read = process.StandardOutput.ReadToEndAsync();
        await started.Task.WaitAsync(TimeSpan.FromMinutes(2));
        process.Kill();
        await read;

        return (await File.ReadAllTextAsync(Path.Combine(folder, "started"))).Trim();
    }

    private static string Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    // The lines of the start, whose last one follows those of the report.
    private async Task<List<string>> ReportAsync(params (string Name, string Value)[] settings)
    {
        using var process = LocalProgram.Start(_project, FreeUrl, readErrors: false, [("ANTHROPIC_AUTH_TOKEN", "canary"), .. settings]);
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
            if (line.StartsWith("Note: ANTHROPIC_AUTH_TOKEN", StringComparison.Ordinal))
                break;
        }

        process.Kill();
        Assert.Contains(lines, line => line.StartsWith(Ready, StringComparison.Ordinal));
        return lines;
    }
}
