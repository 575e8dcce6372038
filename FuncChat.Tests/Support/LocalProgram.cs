using System.Diagnostics;

namespace FuncChat.Tests.Support;

/// <summary>FuncChat.Local as a program of its own, its output read by the test.</summary>
internal static class LocalProgram
{
    public static Process Start(string dataPath, string url, bool readErrors, params (string Name, string Value)[] environment) =>
        Start(dataPath, url, readErrors, [], environment);

    public static Process Start(string dataPath, string url, bool readErrors, string[] arguments, (string Name, string Value)[] environment) =>
        Start("FuncChat.Local.dll", ["--urls", url, .. arguments], dataPath, readErrors, environment);

    /// <param name="assembly">The file name of what serves FuncChat.Local.</param>
    public static Process Start(string assembly, string[] arguments, string dataPath, bool readErrors, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = readErrors,
            UseShellExecute = false,
            WorkingDirectory = dataPath,
        };
        start.Environment["FuncChat__DataPath"] = dataPath;
        start.Environment["FuncChat__ServePage"] = "false";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
