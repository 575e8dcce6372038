namespace FuncChat.Sandbox.Documents;

/// <summary>The text of a document of Word: the body, then footnotes and endnotes.</summary>
internal static class WordText
{
    public static IEnumerable<string> Read(OfficePackage package)
    {
        var styles = WordStyles.Read(package);
        var numbering = WordNumbering.Read(package);
        var notes = new NoteNumbers();
        yield return PartText.Of(package, package.Main, styles, numbering, notes);
        foreach (var part in new[] { package.Related(package.Main, "footnotes"), package.Related(package.Main, "endnotes") }.OfType<string>())
        {
            if (PartText.Of(package, part, styles, numbering, notes) is var text && !string.IsNullOrWhiteSpace(text))
                yield return $"--- Notes ---\n\n{text}";
        }
    }
}
