namespace FuncChat.Tools.OpenApi;

/// <summary>The names of a query's parameters, as servers read them.</summary>
internal static class ApiQuery
{
    /// <summary>The names in the query of an address.</summary>
    public static IReadOnlyList<string> NamesIn(Uri url) =>
        [.. url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => Uri.UnescapeDataString(part.Split('=')[0].Replace('+', ' ')))];

    /// <summary>Whether two names mean the same value, or one means a part of the other: many servers read `a[]` and `a[b]` as parts of `a`, and ignore the case.</summary>
    public static bool Overlap(string name, string other)
    {
        var (one, two) = ($"{name.Trim()}[", $"{other.Trim()}[");
        return one.StartsWith(two, StringComparison.OrdinalIgnoreCase) || two.StartsWith(one, StringComparison.OrdinalIgnoreCase);
    }
}
