using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>Writes the formulas of a page as text. The elements that hold them stay, so that what is hidden by them can still be removed.</summary>
internal static partial class Formulas
{
    private const int MaxFormulas = 1000;
    private const int MaxTex = 1000;
    private const string Blocks = "p, ul, ol, dl, table, h1, h2, h3, h4, h5, h6, pre, blockquote, section, article, figure";

    /// <summary>A formula comes as MathML, as an image and as pieces of text, all but one of them hidden: one is left, its TeX if it has that.</summary>
    public static void ShowTex(IHtmlDocument document)
    {
        var holders = new Dictionary<IElement, bool>();
        foreach (var math in document.QuerySelectorAll("math").Take(MaxFormulas).ToList())
        {
            var holder = math.Closest(".mwe-math-element, .katex, mjx-container") ?? math;
            // A page may use these names for more than one formula.
            if (!holders.TryGetValue(holder, out var holdsOthers))
                holders[holder] = holdsOthers = holder != math && (holder.QuerySelector(Blocks) is not null || holder.QuerySelectorAll("math").Length > 1);
            if (holdsOthers)
                holder = math;
            var tex = holder.QuerySelector("img.mwe-math-fallback-image-inline, img.mwe-math-fallback-image-display")?.GetAttribute("alt")
                ?? math.QuerySelector("annotation[encoding='application/x-tex'], annotation[encoding='TeX']")?.TextContent
                ?? math.GetAttribute("alttext");
            if (string.IsNullOrWhiteSpace(tex) || tex.Length > MaxTex)
            {
                if (holder != math && document.Contains(math))
                {
                    holder.TextContent = "";
                    holder.AppendChild(math);
                }

                continue;
            }

            var trimmed = HtmlDocuments.OneLine(tex);
            if (DisplayStyle().Match(trimmed) is { Success: true } display)
                trimmed = display.Groups["tex"].Value.Trim();
            holder.TextContent = $"${trimmed}$";
        }

        ShowScripts(document);
    }

    // MathJax 2 keeps a formula in a script, as Jekyll and other generators write it, and puts what it shows before that.
    private static void ShowScripts(IHtmlDocument document)
    {
        foreach (var script in document.QuerySelectorAll("script[type^='math/tex'], script[type^='math/asciimath']").Take(MaxFormulas).ToList())
        {
            // Jekyll hides it from parsers of XML.
            var formula = HtmlDocuments.OneLine(script.TextContent.Replace("% <![CDATA[", "", StringComparison.Ordinal).Replace("%]]>", "", StringComparison.Ordinal));
            if (formula.Length is 0 or > MaxTex)
                continue;
            while (script.PreviousElementSibling is { } shown && shown.ClassList.Any(name => name.StartsWith("MathJax", StringComparison.Ordinal)))
                shown.Remove();
            var isBlock = script.GetAttribute("type")!.Contains("mode=display", StringComparison.OrdinalIgnoreCase);
            var text = document.CreateElement(isBlock ? "div" : "span");
            text.TextContent = $"${formula}$";
            script.Parent!.ReplaceChild(text, script);
        }
    }

    /// <summary>Writes what is left of MathML.</summary>
    public static void WriteMathMl(IHtmlDocument document, CancellationToken cancellationToken)
    {
        foreach (var math in document.QuerySelectorAll("math").Where(math => math.ChildElementCount > 0).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            math.TextContent = MathText.Of(math);
        }
    }

    [GeneratedRegex(@"^\{\\(display|text)style (?<tex>.*)\}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex DisplayStyle();
}
