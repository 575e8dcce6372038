using System.Text;

namespace FuncChat.Sandbox.Documents;

/// <summary>Text under construction, in which raised, lowered and struck text keeps its meaning: 10⁶ and ~~100~~, as in pages.</summary>
internal sealed class StyledText
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _struck = new();
    private readonly StringBuilder _piece = new();
    private TextPosition _position;
    private bool _isStruck;

    public int Length => _text.Length + _struck.Length + _piece.Length;

    public void Append(string text, RunProperties style)
    {
        var (position, isStruck) = (style.Position ?? TextPosition.Line, style.IsStruck == true);
        if (text.Length == 0)
            return;
        if (isStruck != _isStruck)
            End();
        else if (position != _position)
            EndPiece();
        (_position, _isStruck) = (position, isStruck);
        (position is TextPosition.Line ? Target : _piece).Append(text);
    }

    /// <summary>Appends what no style applies to, such as the end of a line.</summary>
    public void AppendPlain(string text)
    {
        End();
        _text.Append(text);
    }

    public override string ToString()
    {
        End();
        return _text.ToString();
    }

    private StringBuilder Target => _isStruck ? _struck : _text;

    private void End()
    {
        EndPiece();
        if (_struck.Length > 0)
            AppendWithin(_text, _struck.ToString(), struck => $"~~{struck}~~");
        _struck.Clear();
        _isStruck = false;
    }

    private void EndPiece()
    {
        if (_piece.Length > 0)
            AppendWithin(Target, _piece.ToString(), _position is TextPosition.Raised ? RaisedText.Superscript : RaisedText.Subscript);
        _piece.Clear();
        _position = TextPosition.Line;
    }

    // The spaces around it stay.
    private static void AppendWithin(StringBuilder target, string text, Func<string, string> write)
    {
        var content = text.Trim();
        var start = text.IndexOf(content, StringComparison.Ordinal);
        target.Append(text, 0, start).Append(content.Length == 0 ? "" : write(content)).Append(text, start + content.Length, text.Length - start - content.Length);
    }
}
