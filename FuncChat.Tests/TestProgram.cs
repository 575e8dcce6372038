using FuncChat.Tests.Tools.JavaScript;

namespace FuncChat.Tests;

/// <summary>The test assembly as a program: what a test can only do in a process of its own.</summary>
internal static class TestProgram
{
    public static void Main(string[] args)
    {
        if (args is [ForbiddenCalls.Argument])
            ForbiddenCalls.MakeAll();
    }
}
