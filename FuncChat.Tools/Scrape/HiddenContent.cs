using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>
/// Removes what a reader of the page can't see: that is where instructions to models are hidden. It also marks what the style strikes, raises and
/// keeps in lines. It runs before the article is extracted, since the extraction drops styles.
/// </summary>
internal static partial class HiddenContent
{
    private const int MaxSegments = 100;

    // Less text than this is no page.
    private const int MinCovered = 200;

    private const int MaxDialogs = 100;

    public static void Remove(IHtmlDocument document, CancellationToken cancellationToken)
    {
        ShadowRoots.Show(document);
        StruckText.Clear(document);
        ShowStreamed(document);
        MarkLines(document);
        Formulas.ShowTex(document);
        if (document.Body is not { } body)
            return;

        var hiddenFromScreenReaders = new List<IElement>();
        foreach (var element in body.QuerySelectorAll("[hidden], [style], [aria-hidden], [popover], dialog, noembed, body noframes").ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (string.Equals(element.GetAttribute("hidden"), "until-found", StringComparison.OrdinalIgnoreCase))
                element.RemoveAttribute("hidden");
            else if (IsHidden(element))
                element.Remove();
            else if (string.Equals(element.GetAttribute("aria-hidden")?.Trim(), "true", StringComparison.OrdinalIgnoreCase))
                hiddenFromScreenReaders.Add(element);
            if (element.GetAttribute("style") is { } style)
                Mark(element, InlineStyle.Strikes(style), InlineStyle.IsApart(style), InlineStyle.Shift(style));
        }

        var styles = StyleSheet.Of(document);
        RemoveUnlessCovered(body, hiddenFromScreenReaders, styles);
        RaisedElement.MarkClasses(body);
        RemoveStyled(body, styles, cancellationToken);
        Formulas.WriteMathMl(document, cancellationToken);
        PreformattedText.Show(body, cancellationToken);
    }

    // A dialog that the page shows at first, such as one about cookies, leaves all behind it to be seen and hides it from screen readers.
    private static void RemoveUnlessCovered(IElement body, List<IElement> hidden, StyleSheet styles)
    {
        if (hidden.Count == 0)
            return;
        var lengths = hidden.ToDictionary(element => element, _ => 0);
        var shown = Measure(body, lengths);
        var all = shown + lengths.Values.Sum();
        var isCovered = all >= MinCovered && shown < all / 10 && body.QuerySelectorAll("dialog, [role], [aria-modal]").Where(IsDialog).Take(MaxDialogs).Any(dialog => IsShown(dialog, body, lengths, styles));
        foreach (var element in hidden.Where(element => !isCovered || lengths[element] < all / 10))
            element.Remove();
    }

    private static bool IsDialog(IElement element) =>
        element is IHtmlDialogElement
        || element.GetAttribute("role")?.Trim().ToLowerInvariant() is "dialog" or "alertdialog"
        || string.Equals(element.GetAttribute("aria-modal")?.Trim(), "true", StringComparison.OrdinalIgnoreCase);

    private static bool IsShown(IElement element, IElement body, Dictionary<IElement, int> hidden, StyleSheet styles)
    {
        for (var each = element; each is not null && each != body; each = each.ParentElement)
        {
            if (hidden.ContainsKey(each) || styles.EffectOn(each).IsHidden)
                return false;
        }

        return true;
    }

    /// <summary>Returns the length of the text outside of the elements, and sets that of each one that is in no other.</summary>
    private static int Measure(INode node, Dictionary<IElement, int> apart)
    {
        var length = 0;
        foreach (var child in node.ChildNodes)
        {
            if (child is IText text)
                length += text.Data.AsSpan().Trim().Length;
            else if (child is IElement element && apart.ContainsKey(element))
                apart[element] = Measure(element, []);
            else if (child is not IElement { LocalName: "script" or "style" or "template" or "noscript" })
                length += Measure(child, apart);
        }

        return length;
    }

    // Where the style sheet hides most of the page, a script shows it: pages fade in, and open their tabs and answers.
    private static void RemoveStyled(IElement body, StyleSheet styles, CancellationToken cancellationToken)
    {
        if (styles.IsEmpty)
            return;
        var hidden = new List<IElement>();
        var hiddenText = 0;
        var element = body.FirstElementChild;
        while (element is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (isHidden, isStruck, isApart, shift) = styles.EffectOn(element);
            Mark(element, isStruck, isApart, shift);
            if (isHidden)
            {
                hidden.Add(element);
                hiddenText += element.TextContent.Length;
            }

            element = NextOf(element, body, isHidden);
        }

        if (hiddenText <= body.TextContent.Length / 2)
            hidden.ForEach(each => each.Remove());
    }

    private static IElement? NextOf(IElement element, IElement root, bool skipsChildren)
    {
        if (!skipsChildren && element.FirstElementChild is { } child)
            return child;
        for (var current = element; current is not null && current != root; current = current.ParentElement)
        {
            if (current.NextElementSibling is { } next)
                return next;
        }

        return null;
    }

    private static void Mark(IElement element, bool isStruck, bool isApart, int shift)
    {
        if (isStruck)
            StruckText.Mark(element);
        if (isApart)
            StruckText.MarkApart(element);
        if (shift != 0)
            RaisedElement.Mark(element, shift);
    }

    private static bool IsHidden(IElement element) =>
        element.LocalName is "noembed" or "noframes"
        || element.HasAttribute("hidden")
        || element.HasAttribute("popover")
        || element is IHtmlDialogElement && !element.HasAttribute("open")
        || element.GetAttribute("style") is { } style && InlineStyle.Hides(style);

    // Code in which each line is a block by its style, which the extraction drops.
    private static void MarkLines(IHtmlDocument document)
    {
        foreach (var line in document.QuerySelectorAll("pre [style*=display]").Where(CodeText.IsLine))
            line.AppendChild(document.CreateTextNode("\n"));
    }

    // React streams late parts of a page as <div hidden id="S:0">, and a script moves each to <template id="B:0">, in place of the "Loading…" after it.
    private static void ShowStreamed(IHtmlDocument document)
    {
        foreach (var segment in document.QuerySelectorAll("div[hidden][id^='S:']").Take(MaxSegments).ToList())
        {
            if (!SegmentId().IsMatch(segment.Id ?? ""))
                continue;
            segment.RemoveAttribute("hidden");
            var number = segment.Id![2..];
            if (document.GetElementById($"P:{number}") is { Parent: { } parent } placeholder)
                parent.ReplaceChild(segment, placeholder);
            else if (document.GetElementById($"B:{number}") is { } boundary)
                ReplaceFallback(boundary, segment);
        }
    }

    private static void ReplaceFallback(IElement boundary, IElement segment)
    {
        if (boundary.Parent is not { } parent || segment.Contains(boundary))
            return;
        for (var depth = 0; boundary.NextSibling is { } next && next != segment;)
        {
            if (next is IComment { Data: "/$" } && depth-- == 0)
                break;
            if (next is IComment { Data: "$" or "$?" or "$!" })
                depth++;
            parent.RemoveChild(next);
        }

        parent.ReplaceChild(segment, boundary);
    }

    [GeneratedRegex("^S:[0-9a-fA-F]{1,6}$", RegexOptions.NonBacktracking)]
    private static partial Regex SegmentId();
}
