using System.Globalization;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace FuncChat.Sandbox.Documents;

/// <summary>Dates of a workbook, which are numbers that only their style tells apart.</summary>
internal sealed partial class SheetDates
{
    private const int From1904 = 1462;

    // The day after 9999-12-31.
    private const double LastDay = 2958466;

    private readonly HashSet<string> _styles = new(StringComparer.Ordinal);
    private readonly double _offset;

    public SheetDates(WorkbookPart workbook)
    {
        _offset = workbook.Workbook?.WorkbookProperties?.Date1904?.Value == true ? From1904 : 0;
        if (workbook.WorkbookStylesPart?.Stylesheet is not { CellFormats: { } formats } sheet)
            return;
        var own = (sheet.NumberingFormats?.Elements<NumberingFormat>() ?? [])
            .Where(format => format.NumberFormatId is not null && IsDate(format.FormatCode?.Value ?? "")).Select(format => format.NumberFormatId!.Value).ToHashSet();
        foreach (var (index, format) in formats.Elements<CellFormat>().Index())
        {
            if (format.NumberFormatId?.Value is { } id && (id is (>= 14 and <= 22) or (>= 45 and <= 47) || own.Contains(id)))
                _styles.Add(index.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The date or time that a number means; null where it is a number.</summary>
    public string? Format(string value, string? style)
    {
        if (style is null || !_styles.Contains(style) || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return null;
        var days = number + _offset;
        if (days is not (>= 0 and < LastDay))
            return null;
        var date = DateTime.FromOADate(days);
        return days < 1 ? date.ToString("HH:mm:ss", CultureInfo.InvariantCulture)
            : date.TimeOfDay == TimeSpan.Zero ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static bool IsDate(string format) => DateLetters().IsMatch(Literals().Replace(format, ""));

    [GeneratedRegex("[ymdhs]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DateLetters();

    // Quoted text, escaped letters, and colors and conditions in brackets.
    [GeneratedRegex("\"[^\"]*\"|\\\\.|\\[[^\\]]*\\]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Literals();
}
