namespace FuncChat.Engine.Models.Catalog;

/// <summary>
/// Names of models that are passed on without being listed. They become labels of metrics, and part of URLs and logs, so their length and letters are
/// bounded.
/// </summary>
internal static class ModelName
{
    private const int Longest = 128;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= Longest && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "._:/@+-~".Contains(letter, StringComparison.Ordinal));
}
