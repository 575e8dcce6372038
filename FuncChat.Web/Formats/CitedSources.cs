using FuncChat.Engine.Events;

namespace FuncChat.Web.Formats;

/// <summary>The sources that a text cites as `[1]`.</summary>
internal static class CitedSources
{
    /// <summary>Finds the first place of each source in the text.</summary>
    public static IEnumerable<(CitationEvent Source, int Start, int End)> In(string text, IEnumerable<CitationEvent> sources) =>
        from source in sources
        let mark = FormattableString.Invariant($"[{source.Number}]")
        let start = text.IndexOf(mark, StringComparison.Ordinal)
        where start >= 0
        select (source, start, start + mark.Length);
}
