using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>
/// Puts the cells of a table's rows into their columns (https://html.spec.whatwg.org/multipage/tables.html#algorithm-for-processing-rows): a cell that
/// spans rows is repeated in each of them, and a header that spans columns in each of these. The other columns of a data cell stay empty.
/// </summary>
/// <param name="widest">The number of cells in the widest row. A cell that claims to span more columns spans no more, since the others are empty.</param>
internal sealed class TableColumns(TableColumns.Budget budget, int widest)
{
    // Of HTML.
    private const int MaxColumns = 1000;
    private const int MaxRows = 65_534;

    private const int MaxRepeated = 200;

    // Spans up to this are kept as they are: a table may be part of a larger layout.
    private const int FewColumns = 10;

    /// <summary>What the cells of a document may repeat, in cells and characters.</summary>
    public sealed class Budget
    {
        private int _left = 1_000_000;

        public bool IsSpent => _left <= 0;

        public void Take(string text) => _left -= 1 + text.Length;
    }

    private readonly List<(int RowsLeft, string Text)> _spans = [];

    /// <summary>Whether a cell of an earlier row is also in the next row.</summary>
    public bool IsSpanned => _spans.Exists(span => span.RowsLeft > 0);

    /// <summary>The texts of the next row, by column.</summary>
    public List<string> Place(IEnumerable<(IElement Cell, string Text)> cells)
    {
        var row = new List<string>();
        var length = 0;
        if (budget.IsSpent)
            _spans.Clear();
        foreach (var (cell, text) in cells)
        {
            TakeSpans(row);
            var (columns, rows) = (SpanOf(cell, "colspan", Math.Clamp(widest, FewColumns, MaxColumns)), SpanOf(cell, "rowspan", MaxRows));
            var repeated = text.Length <= MaxRepeated ? text : "";
            for (var i = 0; i < columns && (i == 0 || (row.Count < MaxColumns && !budget.IsSpent)); i++)
            {
                var again = i == 0 || cell.LocalName is "th" ? repeated : "";
                Span(row.Count, rows - 1, again);
                row.Add(i == 0 ? text : again);
                if (i > 0)
                    budget.Take(again);
                if (i == 0 || again.Length > 0)
                    length = row.Count;
            }
        }

        while (row.Count < _spans.Count)
        {
            if (_spans[row.Count].RowsLeft == 0)
                row.Add("");
            TakeSpans(row);
        }

        while (_spans.Count > 0 && _spans[^1].RowsLeft == 0)
            _spans.RemoveAt(_spans.Count - 1);
        while (row.Count > length && row[^1].Length == 0)
            row.RemoveAt(row.Count - 1);
        return row;
    }

    /// <summary>Leaves out a row that is written without columns.</summary>
    public void SkipRow()
    {
        for (var i = 0; i < _spans.Count; i++)
            _spans[i] = _spans[i] with { RowsLeft = Math.Max(0, _spans[i].RowsLeft - 1) };
    }

    private void TakeSpans(List<string> row)
    {
        while (row.Count < _spans.Count && _spans[row.Count] is { RowsLeft: > 0 } span)
        {
            _spans[row.Count] = span with { RowsLeft = span.RowsLeft - 1 };
            row.Add(span.Text);
            budget.Take(span.Text);
        }
    }

    private void Span(int column, int rows, string text)
    {
        if (column < _spans.Count)
            _spans[column] = (rows, text);
        else if (column < MaxColumns)
            _spans.Add((rows, text));
    }

    private static int SpanOf(IElement cell, string name, int limit)
    {
        var value = (cell.GetAttribute(name) ?? "").AsSpan().TrimStart(" \t\r\n\f+");
        var end = value.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? value : value[..end];
        // No rows are all rows that follow.
        return digits.IsEmpty ? 1
            : !int.TryParse(digits, out var span) ? limit
            : span == 0 ? (name == "rowspan" ? limit : 1)
            : Math.Min(span, limit);
    }
}
