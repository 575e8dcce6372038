using System.Text;

namespace FuncChat.Engine.Plans;

/// <summary>
/// Reads one string field of a JSON object while the object is still being written: for each piece of JSON it returns the text that the piece adds to
/// the field. Only a field of the outermost object counts. Text before the object, such as a code fence, is skipped; text that is not JSON returns
/// nothing.
/// </summary>
internal sealed class JsonFieldStream(string field)
{
    private readonly StringBuilder _key = new();
    private readonly StringBuilder _text = new();
    private Within _within = Within.Structure;
    private int _depth;
    private bool _keyIsNext;
    private bool _over;
    private bool _escaped;
    private int _hexDigitsLeft;
    private int _hex;

    private enum Within
    {
        Structure,
        Key,
        Field,
        OtherString,
    }

    /// <summary>Adds the next piece of JSON, cut anywhere, and returns the new text. Both halves of a surrogate pair are returned together.</summary>
    public string Add(string json)
    {
        foreach (var c in json)
        {
            if (_over)
                break;
            if (_within == Within.Structure)
                AddStructure(c);
            else
                AddToString(c);
        }

        return Take();
    }

    private string Take()
    {
        var waits = _text.Length > 0 && char.IsHighSurrogate(_text[^1]) && _within == Within.Field;
        var length = waits ? _text.Length - 1 : _text.Length;
        var text = _text.ToString(0, length);
        _text.Remove(0, length);
        return text;
    }

    private void AddStructure(char c)
    {
        switch (c)
        {
            case '{' or '[' when _depth > 0 || c == '{':
                _depth++;
                _keyIsNext = _depth == 1;
                break;
            case '}' or ']' when _depth > 0:
                _over = --_depth == 0;
                break;
            case ',' or ':' when _depth == 1:
                _keyIsNext = c == ',';
                break;
            case '"' when _depth == 1 && _keyIsNext:
                _key.Clear();
                _within = Within.Key;
                break;
            case '"' when _depth > 0:
                _within = _depth == 1 && _key.Equals(field) ? Within.Field : Within.OtherString;
                break;
        }
    }

    private void AddToString(char c)
    {
        if (_hexDigitsLeft > 0)
            AddHexDigit(c);
        else if (_escaped)
            AddEscaped(c);
        else if (c == '\\')
            _escaped = true;
        else if (c == '"')
            EndString();
        else
            Put(c);
    }

    private void EndString()
    {
        _over = _within == Within.Field;
        _within = Within.Structure;
    }

    private void AddEscaped(char c)
    {
        _escaped = false;
        if (c == 'u')
            (_hexDigitsLeft, _hex) = (4, 0);
        else
            Put(c switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => c });
    }

    private void AddHexDigit(char c)
    {
        if (!char.IsAsciiHexDigit(c))
        {
            _over = true;
            return;
        }

        _hex = (_hex << 4) | Convert.ToInt32(c.ToString(), 16);
        if (--_hexDigitsLeft == 0)
            Put((char)_hex);
    }

    private void Put(char c)
    {
        if (_within == Within.Field)
            _text.Append(c);

        // A key longer than the field's name is another one; it need not be kept whole.
        else if (_within == Within.Key && _key.Length <= field.Length)
            _key.Append(c);
    }
}
