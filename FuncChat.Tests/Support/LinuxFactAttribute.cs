namespace FuncChat.Tests.Support;

/// <summary>A fact about what only Linux's kernel promises, or told with its /proc or a shell.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Linux only";
}
