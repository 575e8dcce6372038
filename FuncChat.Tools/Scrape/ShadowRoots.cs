using AngleSharp.Dom;

namespace FuncChat.Tools.Scrape;

/// <summary>Puts what a browser shows of an element with a declarative shadow root into the element: the shadow root, and the children that have a slot in it.</summary>
internal static class ShadowRoots
{
    // Besides elements of the page's own, whose names have a hyphen (https://dom.spec.whatwg.org/#valid-shadow-host-name). The parser takes others as well.
    private static readonly HashSet<string> Hosts = new(StringComparer.Ordinal)
    {
        "article", "aside", "blockquote", "body", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "nav", "p", "section", "span",
    };

    // Recursive, since HtmlDocuments limits the depth.
    public static void Show(IParentNode root)
    {
        foreach (var element in root.QuerySelectorAll("*").Where(element => element.ShadowRoot is not null && IsHost(element)).ToList())
            Show(element, element.ShadowRoot!);
    }

    private static bool IsHost(IElement element) => Hosts.Contains(element.LocalName) || element.LocalName.Contains('-', StringComparison.Ordinal);

    private static void Show(IElement host, IShadowRoot shadow)
    {
        var slots = shadow.QuerySelectorAll("slot").ToList();
        // Its rules apply to the shadow root only.
        var styles = StyleSheet.Of(shadow);
        if (!styles.IsEmpty)
        {
            foreach (var hidden in shadow.QuerySelectorAll("*").Where(element => styles.EffectOn(element).IsHidden).ToList())
                hidden.Remove();
        }

        foreach (var style in shadow.QuerySelectorAll("style").ToList())
            style.Remove();
        Show(shadow);
        var children = host.ChildNodes.Where(child => child is IElement || (child is IText text && !string.IsNullOrWhiteSpace(text.Data))).ToLookup(SlotOf, StringComparer.Ordinal);
        foreach (var slot in slots.DistinctBy(NameOf, StringComparer.Ordinal).Where(slot => children.Contains(NameOf(slot))))
        {
            slot.TextContent = "";
            foreach (var child in children[NameOf(slot)].ToList())
                slot.AppendChild(child);
        }

        host.TextContent = "";
        foreach (var child in shadow.ChildNodes.ToList())
            host.AppendChild(child);
    }

    private static string NameOf(IElement slot) => slot.GetAttribute("name") ?? "";

    private static string SlotOf(INode child) => child is IElement element ? element.GetAttribute("slot") ?? "" : "";
}
