namespace FuncChat.Tools;

/// <summary>Reads references within a JSON document (RFC 6901, section 6), such as `#/$defs/name` in a schema.</summary>
public static class JsonPointer
{
    /// <summary>The names and places that lead from the root to what is referred to; null for a reference to another document, or by a name of its own.</summary>
    public static string[]? Read(string reference) =>
        reference is "#" ? []
        : reference.StartsWith("#/", StringComparison.Ordinal) ? [.. Uri.UnescapeDataString(reference[2..]).Split('/').Select(Unescape)]
        : null;

    private static string Unescape(string name) => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
