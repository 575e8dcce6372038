namespace FuncChat.Tests.Support;

/// <summary>A fact about a script of PowerShell 7.</summary>
internal sealed class PwshFactAttribute : FactAttribute
{
    private static readonly bool IsInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "pwsh")) || File.Exists(Path.Combine(folder, "pwsh.exe")));

    public PwshFactAttribute() => Skip = IsInstalled ? null : "PowerShell 7 (pwsh) is not installed";
}
