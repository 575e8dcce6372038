using System.Text;

namespace FuncChat.Tools.Fetch;

/// <summary>The host of a URL as it is looked up.</summary>
public static class AsciiHost
{
    /// <summary>Returns the host in ASCII; null if it is not a valid international name, as in https://xn--ä/.</summary>
    public static string? Of(Uri address)
    {
        try
        {
            // A label that is too long comes back as it was.
            return address.IdnHost is var host && Ascii.IsValid(host) ? host : null;
        }
        catch (Exception e) when (e is UriFormatException or ArgumentException)
        {
            return null;
        }
    }
}
