using System.Text;
using System.Text.Encodings.Web;

namespace FuncChat.Engine.Models;

/// <summary>Makes the bytes of <see cref="ModelChunk.EscapedText"/> from strings.</summary>
internal static class EscapedText
{
    /// <summary>
    /// The inside of a JSON string that means this text. Only what JSON requires is escaped; half a surrogate pair becomes U+FFFD.
    /// </summary>
    public static ReadOnlyMemory<byte> From(string text) =>
        Encoding.UTF8.GetBytes(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text));
}
