namespace FuncChat.Bench.Report;

/// <summary>docs/performance.md, whose tables are each between two comments and are written by the bench.</summary>
internal sealed class Document(string file)
{
    /// <summary>Replaces the text between `&lt;!-- bench:{name} --&gt;` and `&lt;!-- bench:end --&gt;`.</summary>
    public void Replace(string name, string content)
    {
        var begin = $"<!-- bench:{name} -->\n";
        const string End = "<!-- bench:end -->";
        if (!File.Exists(file))
            return;
        var text = File.ReadAllText(file);
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        if (from < 0)
            return;
        from += begin.Length;
        var to = text.IndexOf(End, from, StringComparison.Ordinal);
        File.WriteAllText(file, $"{text[..from]}{content}{text[to..]}");
    }
}
