using System.Text;
using FuncChat.Tools;

namespace FuncChat.Engine.Files;

/// <summary>The names of files, which may be anything.</summary>
internal static class FileName
{
    private const int Longest = 200;

    /// <summary>The name without folders, and without characters that no name has; a name of its type if nothing remains.</summary>
    public static string Clean(string? name, string mediaType)
    {
        var last = (name ?? "").Split('/', '\\')[^1];
        var cleaned = new StringBuilder();
        foreach (var rune in last.EnumerateRunes())
        {
            if (!Rune.IsControl(rune) && rune.Value is not ('"' or '<' or '>' or '|' or ':' or '*' or '?')
                && Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator
                    or System.Globalization.UnicodeCategory.ParagraphSeparator))
                cleaned.Append(rune);
        }

        var text = cleaned.ToString().Trim(' ', '.');
        text = text[..TextCut.LengthWithin(text, Longest)];
        return text.Length > 0 ? text : $"file.{ExtensionOf(mediaType)}";
    }

    /// <summary>The name of a file that a tool returned.</summary>
    public static string Of(string tool, string mediaType) => $"{tool}.{ExtensionOf(mediaType)}";

    private static string ExtensionOf(string mediaType) => mediaType switch
    {
        FileType.PlainText => "txt",
        "image/jpeg" => "jpg",
        _ when mediaType.EndsWith("wordprocessingml.document", StringComparison.Ordinal) => "docx",
        _ when mediaType.EndsWith("spreadsheetml.sheet", StringComparison.Ordinal) => "xlsx",
        _ when mediaType.EndsWith("presentationml.presentation", StringComparison.Ordinal) => "pptx",
        _ => mediaType[(mediaType.IndexOf('/', StringComparison.Ordinal) + 1)..],
    };
}
