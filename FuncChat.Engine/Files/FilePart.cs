namespace FuncChat.Engine.Files;

/// <summary>What the model receives for a file. A reference is short, so only the first one becomes the content.</summary>
/// <param name="again">The part for further references; null if the first one is short too.</param>
internal sealed class FilePart(byte[] first, byte[]? again = null)
{
    private byte[] _next = first;

    /// <summary>The part for the next reference.</summary>
    public byte[] Take()
    {
        var part = _next;
        _next = again ?? part;
        return part;
    }
}
