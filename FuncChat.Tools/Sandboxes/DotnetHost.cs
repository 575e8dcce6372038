using System.Runtime.InteropServices;

namespace FuncChat.Tools.Sandboxes;

/// <summary>Finds the `dotnet` that this process's own runtime belongs to.</summary>
internal static class DotnetHost
{
    private static readonly string FileName = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";

    /// <exception cref="InvalidOperationException">It was not found: the application was published self-contained.</exception>
    public static string Find() =>
        Candidates().FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("execute_javascript needs the dotnet host, which was not found: publish framework-dependent, or set DOTNET_ROOT.");

    private static IEnumerable<string> Candidates()
    {
        // The Functions worker and `dotnet run` are started by it; an application's own executable is not.
        if (Environment.ProcessPath is { } path && string.Equals(Path.GetFileName(path), FileName, StringComparison.OrdinalIgnoreCase))
            yield return path;

        // <root>/shared/Microsoft.NETCore.App/<version>/
        yield return Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", FileName));

        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
            yield return Path.Combine(root, FileName);
    }
}
