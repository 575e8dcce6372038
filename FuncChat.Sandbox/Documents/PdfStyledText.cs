using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;

namespace FuncChat.Sandbox.Documents;

/// <summary>
/// Raised, lowered and struck letters of a PDF, which says nothing of them: they are smaller than the letter that they follow and not on its line, or have a line
/// drawn through their middle. A line between letters separates cells or makes a fraction of them, and several are the borders of cells without letters.
/// </summary>
internal sealed class PdfStyledText
{
    // Of the size of the letter that they follow.
    private const double MaxSize = 0.85;
    private const double MinRaised = 0.15;
    private const double MinLowered = 0.06;
    private const double MaxDistance = 0.9;
    private const double MaxGap = 0.5;

    // Of the size of the letter that a line strikes.
    private const double MaxThickness = 0.15;
    private const double MinHeight = 0.15;
    private const double MaxHeight = 0.5;

    /// <summary>More lines side by side are a pattern.</summary>
    private const int MaxColumns = 30;

    /// <summary>A page with more lines is a drawing.</summary>
    private const int MaxLines = 2000;

    private readonly string _text;
    private readonly IReadOnlyList<Letter> _letters;
    private readonly List<PdfRectangle> _lines;
    private readonly List<PdfRectangle> _borders;
    private readonly PdfHiddenText _hidden;

    private PdfStyledText(string text, Page page)
    {
        _text = text;
        _letters = page.Letters;
        _hidden = new PdfHiddenText(page);
        var shapes = page.Paths.Count > MaxLines ? [] : page.Paths.Where(path => path.IsStroked || path.IsFilled).SelectMany(path => path)
            .Select(path => path.GetBoundingRectangle()).OfType<PdfRectangle>().Take(MaxLines).ToList();
        _lines = shapes.FindAll(shape => shape.Width > shape.Height);
        _borders = shapes.FindAll(shape => shape.Height > shape.Width);
    }

    /// <summary>The text of a page, without what is hidden, in which raised, lowered and struck letters are written as such.</summary>
    /// <param name="text">The letters in their order, with white space between them.</param>
    public static string Of(string text, Page page) => new PdfStyledText(text, page).Write();

    private string Write()
    {
        var written = new StyledText();
        Letter? line = null, previous = null;
        TextPosition? position = null;
        var (at, wasStruck) = (0, false);
        foreach (var (word, sign) in Words())
        {
            var start = _text.IndexOf(word[0].Value, at, StringComparison.Ordinal);
            written.Append(sign, RunProperties.None);
            if (line is null || previous is null || _text.AsSpan(at..start).Contains('\n') || word[0].StartBaseLine.X - previous.EndBaseLine.X > line.PointSize * MaxGap)
                line = null;
            // A line may end within a letter.
            var isStruck = word.Count(IsStruck) * 2 > word.Count;
            written.Append(_text[at..start] + EmptyCells(previous, word[0], isNewLine: at == 0 || _text.AsSpan(at..start).Contains('\n')), new RunProperties(IsStruck: wasStruck && isStruck));
            at = start;
            position = null;
            foreach (var letter in word)
            {
                if (_hidden.Hides(letter))
                {
                    at += letter.Value.Length;
                    continue;
                }

                if (position is null || previous is null || !IsLevel(letter, previous))
                    position = PositionOf(letter, line);
                written.Append(letter.Value, new RunProperties(IsStruck: isStruck, Position: position));
                if (position is null)
                    line = letter;
                previous = letter;
                at += letter.Value.Length;
            }

            wasStruck = isStruck;
        }

        written.Append(_text[at..], RunProperties.None);
        return written.ToString();
    }

    // The letters between white space and lines, and the sign that a line stands for; none if they are not those of the text.
    private List<(List<Letter> Letters, string Sign)> Words()
    {
        var words = new List<(List<Letter> Letters, string Sign)>();
        var at = 0;
        foreach (var letter in _letters.Where(letter => !string.IsNullOrWhiteSpace(letter.Value)))
        {
            var start = at;
            while (start < _text.Length && char.IsWhiteSpace(_text[start]))
                start++;
            if (!_text.AsSpan(start).StartsWith(letter.Value, StringComparison.Ordinal))
                return [];
            var sign = start > at || words.Count == 0 ? "" : SignBetween(words[^1].Letters[^1], letter);
            if (sign is not null)
                words.Add(([], sign));
            words[^1].Letters.Add(letter);
            at = start + letter.Value.Length;
        }

        return words;
    }

    // Null if no line is between two letters that follow each other.
    private string? SignBetween(Letter left, Letter right)
    {
        if (left.TextOrientation is not TextOrientation.Horizontal || right.TextOrientation is not TextOrientation.Horizontal)
            return null;
        var size = left.PointSize;
        if (right.StartBaseLine.Y < left.StartBaseLine.Y - (size * MinRaised) && right.StartBaseLine.X < left.EndBaseLine.X)
        {
            return _lines.Exists(line => line.Height <= size * MaxThickness && line.Bottom <= left.StartBaseLine.Y && line.Bottom >= right.StartBaseLine.Y
                && line.Left <= left.EndBaseLine.X && line.Right >= left.StartBaseLine.X && line.Left <= right.EndBaseLine.X && line.Right >= right.StartBaseLine.X) ? "/" : null;
        }

        return right.StartBaseLine.X >= left.EndBaseLine.X
            && _borders.Exists(line => line.Width <= size * MaxThickness && line.Height >= size && line.Left >= left.EndBaseLine.X - (size * MinLowered) && line.Right <= right.StartBaseLine.X + (size * MinLowered)
                && line.Bottom <= left.StartBaseLine.Y && line.Top >= left.StartBaseLine.Y) ? " " : null;
    }

    // A sign for each border of the cells without letters before this one, where later cells would otherwise take their places.
    private string EmptyCells(Letter? previous, Letter next, bool isNewLine)
    {
        if (_borders.Count < 2 || next.TextOrientation is not TextOrientation.Horizontal)
            return "";
        if (!isNewLine && (previous is null || !IsOnLine(previous, next) || next.StartBaseLine.X - previous.EndBaseLine.X < next.PointSize))
            return "";
        var left = isNewLine ? double.MinValue : previous!.EndBaseLine.X;
        var (count, last) = (0, double.MinValue);
        foreach (var x in _borders.Where(line => line.Width <= next.PointSize * MaxThickness && line.Height >= next.PointSize && line.Left > left && line.Right < next.StartBaseLine.X
            && line.Bottom <= next.StartBaseLine.Y && line.Top >= next.StartBaseLine.Y).Select(line => line.Left).Order())
        {
            // Each of two cells may have a border of its own.
            if (x - last > next.PointSize)
                count++;
            last = x;
        }

        if (count is < 2 or > MaxColumns || (isNewLine && _letters.Any(letter => IsOnLine(letter, next) && letter.StartBaseLine.X < next.StartBaseLine.X)))
            return "";

        // The first one on a line is the border of the table.
        return string.Concat(Enumerable.Repeat("| ", isNewLine ? count - 1 : count));
    }

    private static bool IsOnLine(Letter letter, Letter other) =>
        letter.TextOrientation is TextOrientation.Horizontal && Math.Abs(letter.StartBaseLine.Y - other.StartBaseLine.Y) < other.PointSize * MinHeight && !string.IsNullOrWhiteSpace(letter.Value);

    private static TextPosition? PositionOf(Letter letter, Letter? line)
    {
        if (line is null || letter.TextOrientation is not TextOrientation.Horizontal || line.TextOrientation is not TextOrientation.Horizontal || letter.PointSize > line.PointSize * MaxSize)
            return null;
        var distance = (letter.StartBaseLine.Y - line.StartBaseLine.Y) / line.PointSize;
        return distance is >= MinRaised and <= MaxDistance ? TextPosition.Raised : distance is <= -MinLowered and >= -MaxDistance ? TextPosition.Lowered : null;
    }

    private static bool IsLevel(Letter letter, Letter previous) =>
        Math.Abs(letter.PointSize - previous.PointSize) < previous.PointSize * (1 - MaxSize) && Math.Abs(letter.StartBaseLine.Y - previous.StartBaseLine.Y) < previous.PointSize * MinLowered;

    private bool IsStruck(Letter letter)
    {
        if (letter.TextOrientation is not TextOrientation.Horizontal)
            return false;
        var middle = (letter.StartBaseLine.X + letter.EndBaseLine.X) / 2;
        foreach (var line in _lines)
        {
            var height = (line.Centroid.Y - letter.StartBaseLine.Y) / letter.PointSize;
            if (line.Height <= letter.PointSize * MaxThickness && height is >= MinHeight and <= MaxHeight && line.Left <= middle && line.Right >= middle)
                return true;
        }

        return false;
    }
}
