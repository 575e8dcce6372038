using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>The paths at which this server has OpenAI's API, for clients that take a base URL.</summary>
internal static class OpenAiPath
{
    public const string Prefix = "/api/v1";

    public static bool Includes(PathString path) => path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);
}
