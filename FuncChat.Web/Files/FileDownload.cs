using FuncChat.Engine.Files;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Files;

/// <summary>A file for downloading. A browser neither runs nor shows it.</summary>
internal static class FileDownload
{
    public static IResult Of(HttpContext http, StoredFile file, byte[] content)
    {
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";
        return TypedResults.File(content, file.MediaType, file.Name);
    }
}
