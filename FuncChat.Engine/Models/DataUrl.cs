namespace FuncChat.Engine.Models;

/// <summary>The parts of a `data:` URL whose content is base64.</summary>
internal readonly record struct DataUrl(string MediaType, string Base64)
{
    public static DataUrl? TryParse(string url)
    {
        if (!url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            return null;
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
            return null;
        var head = url["data:".Length..comma].Split(';');
        return head.Length > 1 && head[^1].Equals("base64", StringComparison.OrdinalIgnoreCase) ? new(head[0].ToLowerInvariant(), url[(comma + 1)..]) : null;
    }
}
