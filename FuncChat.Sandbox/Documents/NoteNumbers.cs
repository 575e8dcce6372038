using System.Globalization;
using System.Xml;

namespace FuncChat.Sandbox.Documents;

/// <summary>The numbers of footnotes and endnotes, in the order in which the body refers to them: the ids in the document have others.</summary>
internal sealed class NoteNumbers
{
    private readonly Dictionary<string, int> _footnotes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _endnotes = new(StringComparer.Ordinal);

    /// <summary>The reference in the text, such as "[1]".</summary>
    public string Reference(string element, string? id)
    {
        var notes = NotesOf(element);
        if (id is not null)
            notes.TryAdd(id, notes.Count + 1);
        return MarkOf(element, id).TrimEnd();
    }

    /// <summary>What the text of a note starts with; empty if nothing refers to it.</summary>
    public string MarkOf(string element, string? id) =>
        id is null || !NotesOf(element).TryGetValue(id, out var number) ? ""
            : string.Create(CultureInfo.InvariantCulture, $"[{(element.StartsWith('e') ? NumberText.Roman(number) : number.ToString(CultureInfo.InvariantCulture))}] ");

    /// <summary>Whether an element is the line above notes, which is kept as a note.</summary>
    public static bool IsSeparator(XmlReader xml) => xml.LocalName is "footnote" or "endnote" && xml.Value("type") is not (null or "normal");

    private Dictionary<string, int> NotesOf(string element) => element.StartsWith('e') ? _endnotes : _footnotes;
}
