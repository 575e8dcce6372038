using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>
/// The rules of a page's `style` elements that may hide, strike or raise text: those with selectors of an element name, classes and an id, wherever they apply to every
/// screen. Linked style sheets are not fetched.
/// </summary>
internal sealed partial class StyleSheet
{
    private const int MaxText = 256 * 1024;
    private const int MaxRules = 500;
    private const int MaxClasses = 30;
    private const int MaxApplied = 30;

    // Their keys can be long.
    private const int MaxVerdicts = 1000;

    // Each takes well under a microsecond.
    private const int MaxComparisons = 2_000_000;

    private readonly Dictionary<string, List<StyleRule>> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (bool IsHidden, bool IsStruck, bool IsApart, int Shift)> _verdicts = new(StringComparer.Ordinal);
    private readonly bool _mayStrike;
    private readonly bool _mayShift;
    private int _count;
    private int _comparisons;

    private StyleSheet(string text)
    {
        text = Strings().Replace(Comments().Replace(text, " "), "''");
        _mayStrike = text.Contains("line-through", StringComparison.OrdinalIgnoreCase);
        _mayShift = Shifts().IsMatch(text);
        for (var at = 0; at < text.Length && _count < MaxRules;)
            at = ReadRule(text, at);
    }

    public bool IsEmpty => _count == 0;

    public static StyleSheet Of(IParentNode root)
    {
        var text = string.Join('\n', root.QuerySelectorAll("style:not([media]), style[media=all i], style[media=screen i], style[media='']").Select(style => style.TextContent));
        return new(text.Length > MaxText ? text[..MaxText] : text);
    }

    /// <summary>Whether the rules and the element's own style hide it, put a line through it, keep it apart from a line through the text around it, or shift it from its line.</summary>
    public (bool IsHidden, bool IsStruck, bool IsApart, int Shift) EffectOn(IElement element)
    {
        var matching = RulesFor(element);
        if (matching.Count == 0)
            return default;
        matching.Sort(StyleRule.Compare);
        var style = StyleOf(matching.TakeLast(MaxApplied).Select(rule => rule.Declarations).Append(element.GetAttribute("style") ?? ""));
        if (_verdicts.TryGetValue(style, out var effect))
            return effect;
        effect = (InlineStyle.Hides(style), InlineStyle.Strikes(style), InlineStyle.IsApart(style), InlineStyle.Shift(style));
        if (_verdicts.Count < MaxVerdicts)
            _verdicts[style] = effect;
        return effect;
    }

    // Only as much as is looked at: a rule can be long, and apply to each element of the page.
    private static string StyleOf(IEnumerable<string> declarations)
    {
        var style = new StringBuilder();
        foreach (var each in declarations)
        {
            var left = InlineStyle.MaxLength - style.Length;
            if (left <= 0)
                break;
            style.Append(each.AsSpan(0, Math.Min(each.Length, left))).Append(';');
        }

        return style.ToString();
    }

    private List<StyleRule> RulesFor(IElement element)
    {
        var matching = new List<StyleRule>();
        AddMatching(element.LocalName);
        if (element.Id is { Length: > 0 } id)
            AddMatching($"#{id}");
        foreach (var name in element.ClassList.Take(MaxClasses))
            AddMatching($".{name}");
        return matching;

        void AddMatching(string key)
        {
            if (_comparisons > MaxComparisons || !_rules.TryGetValue(key, out var rules))
                return;
            _comparisons += rules.Count;
            matching.AddRange(rules.Where(rule => rule.Matches(element)));
        }
    }

    /// <summary>Reads one rule, or the start or end of a group of rules, and returns where the next one starts.</summary>
    private int ReadRule(string text, int start)
    {
        var brace = text.AsSpan(start).IndexOfAny('{', '}', ';');
        if (brace < 0)
            return text.Length;
        brace += start;
        var prelude = text[start..brace].Trim();
        if (text[brace] != '{' || AppliesAlways().IsMatch(prelude))
            return brace + 1;

        var end = EndOfBlock(text, brace);
        if (!prelude.StartsWith('@'))
            Add(prelude, text[(brace + 1)..end].TrimEnd('}'));
        return end;
    }

    private void Add(string selectors, string declarations)
    {
        // Rules inside of rules apply elsewhere.
        var nested = declarations.IndexOf('{', StringComparison.Ordinal);
        if (nested >= 0)
            declarations = declarations[..nested];
        if (!MayHideOrShow().IsMatch(declarations)
            && !(_mayStrike && declarations.Contains("text-decoration", StringComparison.OrdinalIgnoreCase))
            && !(_mayShift && declarations.Contains("vertical-align", StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        foreach (var selector in selectors.Split(','))
        {
            if (StyleRule.TryParse(selector.Trim(), declarations, _count) is not { } rule || _count >= MaxRules)
                continue;
            _count++;
            if (!_rules.TryGetValue(rule.Key, out var rules))
                _rules[rule.Key] = rules = [];
            rules.Add(rule);
        }
    }

    private static int EndOfBlock(string text, int open)
    {
        var depth = 0;
        for (var at = open; at < text.Length; at++)
        {
            if (text[at] == '{')
                depth++;
            else if (text[at] == '}' && --depth == 0)
                return at + 1;
        }

        return text.Length;
    }

    // An open comment or string ends with the text or its line, as in a browser: otherwise each later match would search to the end again.
    [GeneratedRegex(@"/\*.*?(\*/|\z)|<!--|-->", RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Comments();

    [GeneratedRegex("""
        "(\\.|[^"\\\n])*"?|'(\\.|[^'\\\n])*'?
        """, RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Strings();

    [GeneratedRegex(@"^@(layer\b|supports\b|media\s+(only\s+)?(screen|all)\s*$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex AppliesAlways();

    [GeneratedRegex(@"vertical-align\s*:\s*(super|sub|[-+.0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Shifts();

    [GeneratedRegex("display|visibility|opacity|zoom|filter|font|color|background|clip|transform|scale|indent|spacing|translate|inset|bottom|size|position|margin|left|right|top|overflow|width|height",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex MayHideOrShow();
}
