namespace FuncChat.Tools.OpenApi;

/// <summary>The names of a query's parameters, as servers read them.</summary>
internal static class ApiQuery
{
    /// <summary>The names in the query of an address.</summary>
    public static IReadOnlyList<string> NamesIn(Uri url) =>
        [.. url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(NameOf)];

    /// <summary>The names in the query that a path of a document has, such as `/x?view=full`.</summary>
    public static IReadOnlyList<string> NamesIn(string path) =>
        [.. path.Split('#')[0].Split('?', 2).Skip(1).SelectMany(query => query.Split('&', StringSplitOptions.RemoveEmptyEntries)).Select(NameOf)];

    /// <summary>The name in a part such as `name=value`.</summary>
    public static string NameOf(string part) => Uri.UnescapeDataString(part.Split('=')[0].Replace('+', ' '));

    /// <summary>
    /// Whether two names mean the same value, or one means a part of the other: many servers read `a[]`, `a[b]` and `a.b` as parts of `a`, ignore the case, and read `a_b` for `a b`
    /// and `a.b`.
    /// </summary>
    public static bool Overlap(string name, string other)
    {
        var (one, two) = (Simplify(name), Simplify(other));
        return IsPartOf(one, two) || IsPartOf(two, one) || Flat(one).Equals(Flat(two), StringComparison.OrdinalIgnoreCase);
    }

    private static string Simplify(string name) => name.Trim() is var trimmed && trimmed.EndsWith("[]", StringComparison.Ordinal) ? trimmed[..^2] : trimmed;

    private static bool IsPartOf(string part, string whole) =>
        part.StartsWith(whole, StringComparison.OrdinalIgnoreCase) && (part.Length == whole.Length || part[whole.Length] is '[' or '.');

    private static string Flat(string name) => name.Replace('.', '_').Replace(' ', '_');
}
