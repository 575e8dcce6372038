using System.Text;

namespace FuncChat.Web.Http;

/// <summary>
/// Decodes the header Content-Length, which may contain digits only (RFC 9110, 8.6). Kestrel accepts a sign too, where a proxy may see another length.
/// Kestrel decodes a header's value before it parses it, so any other byte becomes one that is no part of a number.
/// </summary>
internal sealed class DecimalDigits : Encoding
{
    private const char NoDigit = 'x';
    private const string ContentLength = "Content-Length";

    private static readonly DecimalDigits Instance = new();

    /// <summary>For Kestrel's `RequestHeaderEncodingSelector`; null is the default encoding.</summary>
    public static Encoding? Of(string header) => header.Equals(ContentLength, StringComparison.OrdinalIgnoreCase) ? Instance : null;

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length > chars.Length)
        {
            chars[0] = NoDigit;
            return 1;
        }

        for (var index = 0; index < bytes.Length; index++)
            chars[index] = char.IsAsciiDigit((char)bytes[index]) ? (char)bytes[index] : NoDigit;
        return bytes.Length;
    }

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetMaxCharCount(int byteCount) => byteCount;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        ASCII.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;
}
