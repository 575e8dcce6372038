using System.Text;

namespace FuncChat.Tools.Scrape;

/// <summary>
/// Text under construction: white space flows together, and breaks and marks wait until text follows them, so that an
/// empty paragraph, heading or item leaves nothing.
/// </summary>
internal sealed class MarkdownText
{
    // The largest offset that can be asked for, and the part after it. Short markup can stand for a long text, such as links to pages of a long base address.
    private const int MaxLength = 10_000_000 + ScrapeWebContentTool.MaxCharacters;

    private readonly StringBuilder _text = new();
    private string _mark = "";
    private int _indent;
    private int _markIndent;
    private int _breaks;
    private bool _space;

    /// <summary>Whether the text is as long as it may be, so that nothing more is appended.</summary>
    public bool IsFull => _text.Length >= MaxLength;

    private static ReadOnlySpan<char> WhiteSpace => " \t\r\n\f\u00A0";

    /// <summary>Ends the line (1) or the paragraph (2).</summary>
    public void Break(int lines)
    {
        // Nothing parts a mark from its text.
        if (_mark.Length == 0)
            _breaks = Math.Max(_breaks, lines);
        _space &= lines == 0;
    }

    /// <summary>Starts the line of a heading or an item with a mark, such as "- ".</summary>
    public void BeginMarked(string mark, int indent = 0)
    {
        if (_mark.Length == 0)
            _markIndent = _indent;
        _mark += mark;
        _indent += indent;
    }

    /// <summary>Ends what the last <see cref="BeginMarked"/> with the same indent began.</summary>
    public void EndMarked(int indent = 0)
    {
        _mark = "";
        _indent -= indent;
    }

    /// <summary>Parts two cells of a row.</summary>
    public void Separate()
    {
        _space = true;
        AppendVerbatim("|");
        _space = true;
    }

    /// <summary>Appends text in which any run of white space is one space.</summary>
    public void AppendFlowing(string text)
    {
        foreach (var part in text.AsSpan().SplitAny(WhiteSpace))
        {
            if (part.End.Value > part.Start.Value)
                Append(text.AsSpan(part));
            _space |= part.End.Value < text.Length;
        }
    }

    public void AppendVerbatim(string text) => Append(text);

    public override string ToString() => _text.ToString();

    private void Append(ReadOnlySpan<char> text)
    {
        if (IsFull)
            return;
        if (_text.Length > 0 && _breaks > 0)
            _text.Append('\n', _breaks).Append(' ', _mark.Length > 0 ? _markIndent : _indent);
        else if (_text.Length > 0 && _space)
            _text.Append(' ');
        _text.Append(_mark).Append(text);
        _text.Length = Math.Min(_text.Length, MaxLength);
        _mark = "";
        _breaks = 0;
        _space = false;
    }
}
