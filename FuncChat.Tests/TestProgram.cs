using System.Globalization;
using FuncChat.Tests.Local;
using FuncChat.Tests.Tools.JavaScript;

namespace FuncChat.Tests;

/// <summary>The test assembly as a program: what a test can only do in a process of its own.</summary>
internal static class TestProgram
{
    public static async Task Main(string[] args)
    {
        if (args is [ForbiddenCalls.Argument])
            ForbiddenCalls.MakeAll();
        else if (args is [StuckSocketThread.Argument, var thread, var url])
            await StuckSocketThread.ServeAsync(int.Parse(thread, CultureInfo.InvariantCulture), url);
    }
}
