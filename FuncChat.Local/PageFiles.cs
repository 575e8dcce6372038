using Microsoft.Extensions.FileProviders;

namespace FuncChat.Local;

internal static class PageFiles
{
    /// <summary>Serves the built page, compressed, with the headers that it has in the cloud. The API's responses are not compressed, since they are streams.</summary>
    public static void UsePageFiles(this WebApplication app, string dist)
    {
        var files = new PhysicalFileProvider(dist);
        var headers = PageHeaders.Read(dist);
        var options = new StaticFileOptions { FileProvider = files, OnPrepareResponse = response => headers.SetOn(response.Context) };
        app.UseWhen(http => !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase), page => page.UseResponseCompression());
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(options);

        // What clients look for there, such as how to sign in, is not a view of the page.
        app.MapFallback("/.well-known/{**path}", () => TypedResults.NotFound());
        app.MapFallbackToFile("index.html", options);
    }
}
