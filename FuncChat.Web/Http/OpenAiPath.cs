using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>The paths at which this server has OpenAI's API, for clients that take a base URL.</summary>
internal static class OpenAiPath
{
    public const string Prefix = "/api/v1";

    // What clients request whose base URL lacks a part of the prefix.
    private const string PrefixWithoutApi = "/v1";
    private static readonly PathString[] Misplaced = ["/chat/completions", "/responses", "/api/chat/completions", "/api/responses"];

    public static bool Includes(PathString path) => path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a client of OpenAI's API asks here because its base URL is wrong.</summary>
    public static bool IsMisplaced(PathString path) =>
        path.StartsWithSegments(PrefixWithoutApi, StringComparison.OrdinalIgnoreCase) || Array.Exists(Misplaced, each => each.Equals(path, StringComparison.OrdinalIgnoreCase));
}
