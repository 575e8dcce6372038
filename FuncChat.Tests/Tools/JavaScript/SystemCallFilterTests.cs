using System.Diagnostics;
using System.Runtime.InteropServices;
using FuncChat.Tests.Support;
using FuncChat.Tools.Sandboxes;

namespace FuncChat.Tests.Tools.JavaScript;

public class SystemCallFilterTests
{
    [LinuxFact]
    public async Task Every_forbidden_call_is_refused_when_it_is_made()
    {
        if (RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
            return;
        using var process = Process.Start(new ProcessStartInfo(
            DotnetHost.Find(), ["exec", typeof(SystemCallFilterTests).Assembly.Location, ForbiddenCalls.Argument])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;

        var results = (await process.StandardOutput.ReadToEndAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .ToList();
        await process.WaitForExitAsync();

        Assert.Equal(ForbiddenCalls.All.Count + 1, results.Count);
        Assert.All(results.SkipLast(1), result => Assert.Equal((result[0], $"{ForbiddenCalls.NotPermitted}"), (result[0], result[1])));
        Assert.Equal($"{ForbiddenCalls.NotImplemented}", results[^1][1]);
    }
}
