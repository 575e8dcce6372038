using System.Buffers;

namespace FuncChat.Engine.Models.Catalog;

/// <summary>
/// Names of models that are passed on without being listed. They become labels of metrics, and part of URLs and logs, so their length and letters are
/// bounded.
/// </summary>
internal static class ModelName
{
    private const int Longest = 128;

    private static readonly SearchValues<char> Letters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._:/@+-~");

    public static bool IsValid(string name) => name.Length is > 0 and <= Longest && !name.AsSpan().ContainsAnyExcept(Letters);
}
