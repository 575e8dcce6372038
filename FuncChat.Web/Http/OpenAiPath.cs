using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Http;

/// <summary>The paths at which this server has OpenAI's API, for clients that take a base URL.</summary>
internal static class OpenAiPath
{
    public const string Prefix = "/api/v1";

    // What clients request whose base URL lacks a part of the prefix, or has that of another server or route.
    private static readonly PathString[] MisplacedPrefixes = ["/v1", "/openai/v1", "/api/openai/v1", "/api/proxy/v1"];
    private static readonly PathString[] Misplaced = ["/chat/completions", "/responses", "/api/chat/completions", "/api/responses", "/api/proxy/chat/completions"];

    // Routes of OpenAI's API that this server lacks, where it has those of one response.
    private static readonly PathString[] Missing = [$"{Prefix}/responses/input_tokens", $"{Prefix}/responses/compact"];

    public static bool Includes(PathString path) => path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the request is for a route of OpenAI's API that this server lacks, though the path could be that of a response.</summary>
    public static bool IsMissing(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && Array.Exists(Missing, each => each.Equals(request.Path, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a client of OpenAI's API asks here because its base URL is wrong.</summary>
    public static bool IsMisplaced(PathString path) =>
        Array.Exists(MisplacedPrefixes, each => path.StartsWithSegments(each, StringComparison.OrdinalIgnoreCase)) || Array.Exists(Misplaced, each => each.Equals(path, StringComparison.OrdinalIgnoreCase));
}
