using System.ComponentModel.DataAnnotations;

namespace FuncChat.Tools.JavaScript;

/// <summary>Settings of `execute_javascript`, under `FuncChat__JavaScript__…`.</summary>
internal sealed record JavaScriptOptions
{
    public const string Section = "FuncChat:JavaScript";

    /// <summary>The heap that one script may use, in MB. Its process takes about 120 MB more. Default 128.</summary>
    [Range(64, 2048)]
    public int MemoryMegabytes { get; init; } = 128;

    /// <summary>How many scripts run at a time; the others wait, users in turn, and their time does not count yet. Default 4.</summary>
    [Range(1, 64)]
    public int Concurrency { get; init; } = 4;

    /// <summary>Where console output and result are each cut, in characters. Default 20,000.</summary>
    [Range(1000, 1_000_000)]
    public int OutputLimit { get; init; } = 20_000;

    /// <summary>
    /// Keeps one process ready for the next script, after the first one: it answers some 0.3 s sooner and takes about 120 MB. Default true.
    /// </summary>
    public bool WarmSpare { get; init; } = true;
}
