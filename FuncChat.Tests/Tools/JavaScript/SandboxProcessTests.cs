using System.Diagnostics;
using System.Text;
using FuncChat.Sandbox;
using FuncChat.Tests.Support;
using FuncChat.Tools.JavaScript;
using FuncChat.Tools.Sandboxes;

namespace FuncChat.Tests.Tools.JavaScript;

/// <summary>What the kernel says of a child that waits for its code.</summary>
public class SandboxProcessTests
{
    [LinuxFact]
    public async Task Child_can_open_nothing_and_start_nothing_once_it_is_ready()
    {
        await using var child = await StartReadyAsync();

        var status = await File.ReadAllTextAsync($"/proc/{child.Id}/status");

        Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", status, StringComparison.Ordinal);
        Assert.All(Sandboxes.ThreadStatuses(child.Id), thread => Assert.Contains("Seccomp:\t2", thread, StringComparison.Ordinal));
    }

    [LinuxFact]
    public async Task Child_has_hard_limits_once_it_is_ready()
    {
        await using var child = await StartReadyAsync();

        var limits = (await File.ReadAllLinesAsync($"/proc/{child.Id}/limits"))
            .Skip(1)
            .ToDictionary(line => line[..26].Trim(), line => line[26..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2], StringComparer.Ordinal);

        Assert.Equal(["0", "0"], limits["Max file size"]);
        Assert.Equal(["0", "0"], limits["Max core file size"]);
        Assert.Equal(["256", "256"], limits["Max open files"]);
        Assert.All(limits["Max data size"], limit => Assert.InRange(long.Parse(limit, System.Globalization.CultureInfo.InvariantCulture), 1, 1024L * 1024 * 1024));
    }

    [LinuxFact]
    public async Task Child_starts_with_the_priority_of_the_server()
    {
        // It prints its priority as a frame after it has received something.
        await using var child = SandboxProcess.Start(Sandboxes.Shell("""head -c 1 >/dev/null; nice=$(cut -d ' ' -f 19 "/proc/$$/stat"); printf "P\\${#nice}\\0\\0\\0%s" "$nice" """), outputLimit: 1000);
        await child.SendAsync([0]);

        Assert.Equal(PriorityIn(await File.ReadAllTextAsync($"/proc/{Environment.ProcessId}/stat")), (await child.ReadAsync())?.Text);
    }

    [LinuxFact]
    public async Task All_threads_of_a_child_have_a_low_priority_once_it_is_ready()
    {
        await using var child = await StartReadyAsync();

        Assert.All(Sandboxes.ThreadStatuses(child.Id, "stat"), thread => Assert.Equal("10", PriorityIn(thread)));
    }

    [LinuxFact]
    public async Task Child_has_nothing_of_the_host_in_its_environment()
    {
        await using var child = await StartReadyAsync();

        var names = (await File.ReadAllTextAsync($"/proc/{child.Id}/environ"))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('=')[0]);

        Assert.Equal(["DOTNET_EnableDiagnostics", "DOTNET_GCHeapHardLimit", "TZ"], names.Order(StringComparer.Ordinal));
        Assert.Equal("/", new FileInfo($"/proc/{child.Id}/cwd").LinkTarget);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("while (true);")]
    [InlineData("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)")]
    public async Task Child_exits_when_its_host_is_gone(string? code)
    {
        using var process = Process.Start(SandboxCommand.Create(new JavaScriptOptions()))!;
        var frames = new FrameReader(process.StandardOutput.BaseStream, long.MaxValue);
        Assert.Equal(SandboxProtocol.Ready, (await frames.ReadAsync())?.Kind);
        if (code is not null)
        {
            await process.StandardInput.BaseStream.WriteAsync(SandboxProcess.RequestFor(Encoding.Unicode.GetBytes($"console.log('runs'); {code}"), TimeSpan.FromHours(1), 1000));
            Assert.Equal("runs", (await frames.ReadAsync())?.Text);
        }

        // As the kernel does with the pipes of a process that dies.
        process.StandardInput.Close();

        await process.WaitForExitAsync();
        Assert.True(process.HasExited);
    }

    // After the name, which may have spaces, and 16 other fields: see proc(5).
    private static string PriorityIn(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16];

    private static async Task<SandboxProcess> StartReadyAsync()
    {
        var child = SandboxProcess.Start(SandboxCommand.Create(new JavaScriptOptions()), outputLimit: 1000);
        Assert.Equal(SandboxProtocol.Ready, (await child.ReadAsync())?.Kind);
        return child;
    }
}
