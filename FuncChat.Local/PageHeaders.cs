using System.Text.Json;

namespace FuncChat.Local;

/// <summary>
/// The page's headers from `staticwebapp.config.json`, so that the page runs here with the same policies as in Azure Static Web Apps.
/// </summary>
internal sealed class PageHeaders
{
    private const string FileName = "staticwebapp.config.json";

    // It requires TLS, which this server does not have: a browser would refuse the other servers of this machine too.
    private const string CloudOnly = "Strict-Transport-Security";

    private readonly Dictionary<string, string> _everywhere;
    private readonly List<(PathString Folder, Dictionary<string, string> Headers)> _folders;

    private PageHeaders(Dictionary<string, string> everywhere, List<(PathString Folder, Dictionary<string, string> Headers)> folders)
    {
        _everywhere = everywhere;
        _folders = folders;
    }

    /// <summary>Reads the file that the page's build puts next to it.</summary>
    public static PageHeaders Read(string dist)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(dist, FileName)));
        var config = document.RootElement;
        var everywhere = HeadersOf(config.GetProperty("globalHeaders"));
        everywhere.Remove(CloudOnly);
        return new PageHeaders(everywhere, [.. config.GetProperty("routes").EnumerateArray()
            .Where(route => route.TryGetProperty("headers", out _))
            .Select(route => (new PathString(route.GetProperty("route").GetString()!.TrimEnd('*').TrimEnd('/')), HeadersOf(route.GetProperty("headers"))))]);
    }

    public void SetOn(HttpContext http)
    {
        Set(_everywhere);
        foreach (var (folder, headers) in _folders)
        {
            if (http.Request.Path.StartsWithSegments(folder, StringComparison.OrdinalIgnoreCase))
                Set(headers);
        }

        void Set(Dictionary<string, string> headers)
        {
            foreach (var (name, value) in headers)
                http.Response.Headers[name] = value;
        }
    }

    private static Dictionary<string, string> HeadersOf(JsonElement headers) =>
        headers.EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
}
