using System.Buffers;
using System.Globalization;
using System.Text;

namespace FuncChat.Web.Usage;

/// <summary>The users of a report as CSV (RFC 4180).</summary>
internal static class UsageCsv
{
    private const string LineEnd = "\r\n";

    // A spreadsheet runs a cell that begins with one of these as a formula. https://owasp.org/www-community/attacks/CSV_Injection
    private const string FormulaStarts = "=+-@\t\r\n＝＋－＠";

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n;\t");

    public static string Of(AllUsageReport usage)
    {
        var csv = new StringBuilder();
        Append("month", "user", "name", "tokens", "cost", "currency", "tool_runs", "bytes");
        foreach (var user in usage.Users)
        {
            Append(
                usage.Month, user.User, user.Name, Number(user.Tokens), user.Cost is { } cost ? Number(cost) : "", usage.Currency, Number(user.ToolRuns),
                Number(user.Bytes));
        }

        return csv.ToString();

        void Append(params ReadOnlySpan<string?> cells)
        {
            for (var column = 0; column < cells.Length; column++)
                csv.Append(column == 0 ? "" : ",").Append(CellOf(cells[column] ?? ""));
            csv.Append(LineEnd);
        }
    }

    // An apostrophe makes a spreadsheet show the text as it is.
    private static string CellOf(string text)
    {
        var safe = text.TrimStart() is [var first, ..] && FormulaStarts.Contains(first, StringComparison.Ordinal) ? $"'{text}" : text;
        return !safe.AsSpan().ContainsAny(Quoted) && safe == safe.Trim() ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Number(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
