namespace FuncChat.Sandbox;

/// <summary>
/// What the host and its child say to each other; constants only, so that the host never loads this assembly.
/// <para>
/// The host writes one request to the child's standard input: three little-endian 32-bit integers (the timeout in
/// milliseconds, the output limit in characters, the code's length in UTF-16 units), then the code in UTF-16LE, so that no
/// code can be mistaken for anything else. It then leaves the pipe open: when it closes, the host is gone and the child ends.
/// </para>
/// <para>
/// The child writes frames to its standard output: a byte for the kind, a little-endian 32-bit length, that many bytes of
/// UTF-8. First <see cref="Ready"/>, then any number of <see cref="ConsoleLine"/> and <see cref="Truncated"/>, then one of the rest.
/// A script's text only ever stands inside a frame. The host still takes nothing in them on trust.
/// </para>
/// </summary>
internal static class SandboxProtocol
{
    public const int RequestHeaderSize = 12;
    public const int FrameHeaderSize = 5;

    /// <summary>The child is up, confined, and waits for code.</summary>
    public const byte Ready = (byte)'R';

    /// <summary>One call of a console method.</summary>
    public const byte ConsoleLine = (byte)'C';

    /// <summary>Console output or the result was cut at the limit.</summary>
    public const byte Truncated = (byte)'X';

    /// <summary>The script's value, as JSON. The last frame.</summary>
    public const byte Value = (byte)'V';

    /// <summary>The script's error, as a text with line and column. The last frame.</summary>
    public const byte Error = (byte)'E';

    /// <summary>The script noticed its own timeout. The last frame.</summary>
    public const byte TimedOut = (byte)'T';

    /// <summary>The script ran out of memory. The last frame.</summary>
    public const byte OutOfMemory = (byte)'M';
}
