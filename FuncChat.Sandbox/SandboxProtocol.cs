namespace FuncChat.Sandbox;

/// <summary>
/// The protocol between the host and its child; constants only, so that the host never loads this assembly.
/// <para>
/// The host writes one request to the child's standard input: three little-endian 32-bit integers (the timeout in milliseconds, the output limit in characters,
/// and a length in bytes), then either a script in UTF-16LE or a document of that length; the child's second argument decides which. The host then keeps the pipe open:
/// when it closes, the host is gone and the child ends.
/// </para>
/// <para>
/// The child writes frames to its standard output: a byte for the kind, a little-endian 32-bit length, that many bytes of UTF-8. First <see cref="Ready"/>.
/// A script: any number of <see cref="ConsoleLine"/> and <see cref="Truncated"/>, then one that is the last. A document: <see cref="PageCount"/>, <see cref="Title"/>,
/// a <see cref="Page"/> or <see cref="PageFailed"/> for each page, slide or sheet in order, <see cref="Truncated"/> where the rest of a page or pages are missing, and <see cref="End"/>.
/// Text of a script or a document is only ever inside a frame, and the host validates every frame.
/// </para>
/// </summary>
internal static class SandboxProtocol
{
    public const int RequestHeaderSize = 12;
    public const int FrameHeaderSize = 5;

    /// <summary>The second argument of a child that reads a PDF.</summary>
    public const string ReadsPdf = "pdf";

    /// <summary>The second argument of a child that reads a document of Office.</summary>
    public const string ReadsOffice = "office";

    /// <summary>The child is confined, and waits for its request.</summary>
    public const byte Ready = (byte)'R';

    /// <summary>One call of a console method.</summary>
    public const byte ConsoleLine = (byte)'C';

    /// <summary>The output was cut at the limit.</summary>
    public const byte Truncated = (byte)'X';

    /// <summary>The script's value, as JSON. The last frame.</summary>
    public const byte Value = (byte)'V';

    /// <summary>The script's error, as a text with line and column; or the document is damaged. The last frame.</summary>
    public const byte Error = (byte)'E';

    /// <summary>The script noticed its own timeout. The last frame.</summary>
    public const byte TimedOut = (byte)'T';

    /// <summary>The script or the document needs more memory than allowed. The last frame.</summary>
    public const byte OutOfMemory = (byte)'M';

    /// <summary>The number of pages of a PDF; 0 for a document that has its own marks.</summary>
    public const byte PageCount = (byte)'N';

    /// <summary>The title of a PDF; empty where it has none.</summary>
    public const byte Title = (byte)'H';

    /// <summary>The text of the next page.</summary>
    public const byte Page = (byte)'P';

    /// <summary>The next page can't be read.</summary>
    public const byte PageFailed = (byte)'F';

    /// <summary>The PDF needs a password. The last frame.</summary>
    public const byte Locked = (byte)'L';

    /// <summary>No page follows. The last frame.</summary>
    public const byte End = (byte)'Z';
}
