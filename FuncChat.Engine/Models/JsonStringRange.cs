using System.Runtime.InteropServices;
using System.Text.Json;

namespace FuncChat.Engine.Models;

/// <summary>The position of the inside of a JSON string in a chunk, in bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JsonStringRange(int Start, int Length)
{
    public int End => Start + Length;

    /// <summary>The position of the string that the reader is at.</summary>
    public static JsonStringRange Of(ref Utf8JsonReader reader) => new((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
}
