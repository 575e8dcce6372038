namespace FuncChat.Tools.Mcp;

/// <summary>
/// Empties the JSON objects and arrays that are nested deeper than the SDK reads: it refuses a whole message for one of them, such as a list of tools for one schema.
/// </summary>
/// <param name="isOfLines">Whether each line is a message. Otherwise, an empty line ends one, as in an event stream.</param>
internal sealed class NestingCut(bool isOfLines)
{
    // The SDK reads 64 levels, and a tool's schema may have 48.
    private const int MaxDepth = 56;

    private int _depth;
    private bool _isInText;
    private bool _isEscaped;
    private bool _isAtLineStart = true;

    /// <summary>Moves what is kept to the start.</summary>
    /// <returns>The length of what is kept.</returns>
    public int Cut(Span<byte> bytes)
    {
        var kept = 0;
        foreach (var letter in bytes)
        {
            if (Keeps(letter))
                bytes[kept++] = letter;
        }

        return kept;
    }

    private bool Keeps(byte letter)
    {
        if (letter == '\n')
        {
            // Texts have no line breaks.
            _isInText = _isEscaped = false;
            if (isOfLines || _isAtLineStart)
                _depth = 0;
            _isAtLineStart = true;
            return true;
        }

        _isAtLineStart &= letter == '\r';
        if (_isInText)
        {
            _isInText = _isEscaped || letter != '"';
            _isEscaped = !_isEscaped && letter == '\\';
        }
        else if (letter == '"')
        {
            _isInText = true;
        }
        else if (letter is (byte)'{' or (byte)'[')
        {
            return ++_depth <= MaxDepth;
        }
        else if (letter is (byte)'}' or (byte)']')
        {
            return --_depth < MaxDepth;
        }

        return _depth < MaxDepth;
    }
}
