using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models.Demo;

/// <summary>Finds an arithmetic expression in a sentence, as JavaScript.</summary>
internal static partial class DemoArithmetic
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int Timeout = 10_000;

    public static string? In(string clause)
    {
        foreach (Match match in Candidate().Matches(clause))
        {
            var expression = ThousandsComma().Replace(match.Value, "")
                .Replace("^", "**", StringComparison.Ordinal)
                .Replace('×', '*')
                .Replace('÷', '/')
                .Trim();

            // 2026-11-22 and 24/7 are sums only where the message asks for one.
            var isMeant = expression.AsSpan().ContainsAny("+*%") || Question().IsMatch(clause);
            if (isMeant && Whole().IsMatch(expression) && IsBalanced(expression))
                return expression;
        }

        return null;
    }

    private static bool IsBalanced(string expression)
    {
        var depth = 0;
        foreach (var letter in expression)
        {
            depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
            if (depth < 0)
                return false;
        }

        return depth == 0;
    }

    [GeneratedRegex(@"(?<![\w.])(?>[-(\s]{0,20})\d[\d.,\s+\-*/×÷^%()]*(?<=[\d)])(?![\w])", Options, Timeout)]
    private static partial Regex Candidate();

    [GeneratedRegex(@"(?<=\d),(?=\d{3}(?!\d))", Options, Timeout)]
    private static partial Regex ThousandsComma();

    [GeneratedRegex(@"^(\(|-|\s)*\d+(\.\d+)?[\s)]*((\*\*|[-+*/%])(\(|-|\s)*\d+(\.\d+)?[\s)]*)+$", Options, Timeout)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\b(calculate|compute|evaluate|solve|what\s+is|what's|how\s+much|result\s+of|divide|minus)\b|=", Options, Timeout)]
    private static partial Regex Question();
}
