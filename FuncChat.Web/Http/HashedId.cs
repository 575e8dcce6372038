using System.Security.Cryptography;
using System.Text;

namespace FuncChat.Web.Http;

/// <summary>The id that stands for one of a client's own, which can be any text.</summary>
internal static class HashedId
{
    public static string Of(string prefix, string text) => prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
