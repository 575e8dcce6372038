namespace FuncChat.Tools.Fetch;

/// <summary>The host of a URL as it is looked up.</summary>
public static class AsciiHost
{
    /// <summary>Returns the host in ASCII; null if it is not a valid international name, as in http://xn--/.</summary>
    public static string? Of(Uri address)
    {
        try
        {
            return address.IdnHost;
        }
        catch (Exception e) when (e is UriFormatException or ArgumentException)
        {
            return null;
        }
    }
}
