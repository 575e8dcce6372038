namespace FuncChat.Tools;

/// <summary>What the server must know about a tool before and after it runs.</summary>
public sealed record ToolPolicy
{
    /// <summary>
    /// The tool's runs take longer than a request should: they outlive the process that started them, and the tool works in steps
    /// (<see cref="IToolRun.StepAsync"/>).
    /// </summary>
    public bool LongRunning { get; init; }

    /// <summary>
    /// The tool returns text from outside, such as a page's. The model receives its results marked (<see cref="UntrustedText"/>), so that it does not
    /// follow instructions in them.
    /// </summary>
    public bool ReturnsUntrusted { get; init; }

    /// <summary>
    /// The tool's results name their sources: `results` or `sources` with `n`, `url` and `title`, or one such object. The turn numbers them over all of its
    /// calls and announces each.
    /// </summary>
    public bool ReturnsSources { get; init; }

    /// <summary>
    /// The tool fetches the address in its argument `url`. Once text from outside is in the conversation, that address must come from it or from the user: a
    /// model that follows instructions of a page could otherwise send what it knows in an address.
    /// </summary>
    public bool FetchesUrl { get; init; }

    /// <summary>The tool changes nothing.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The tool may delete or overwrite something. True unless the tool is known not to.</summary>
    public bool Destructive { get; init; } = true;
}
