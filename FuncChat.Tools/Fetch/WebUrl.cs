namespace FuncChat.Tools.Fetch;

/// <summary>The web addresses that the tools take. Where a host leads is checked when it is connected to, not here.</summary>
internal static class WebUrl
{
    private const int MaxLength = 2048;

    /// <exception cref="ToolException">Not an absolute http or https address, or one with a user name in it.</exception>
    public static Uri Parse(string text)
    {
        if (text.Length > MaxLength)
            throw new ToolException($"The address is longer than {MaxLength} characters.");
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri))
            throw new ToolException("That is not a web address: give a whole one, such as https://example.com/page.");
        Check(uri);
        return uri;
    }

    /// <exception cref="ToolException">As for <see cref="Parse"/>.</exception>
    public static void Check(Uri uri)
    {
        if (!IsHttp(uri))
            throw new ToolException($"Only http and https addresses can be fetched, not {uri.Scheme}.");
        if (uri.UserInfo.Length > 0)
            throw new ToolException("Addresses with a user name or password in them are not fetched.");
    }

    public static bool IsHttp(Uri uri) => uri.Scheme is "http" or "https";
}
