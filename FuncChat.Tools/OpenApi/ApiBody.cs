using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace FuncChat.Tools.OpenApi;

/// <summary>The body of an operation: the one of its types that a model can write best.</summary>
internal sealed record ApiBody(ApiBodyType Type, string MediaType, IOpenApiSchema? Schema)
{
    private const string Json = "application/json";

    /// <summary>How the fields of a form are sent.</summary>
    public IDictionary<string, OpenApiEncoding>? Encoding { get; init; }

    /// <summary>The body; null if the operation has none.</summary>
    /// <param name="read">Reads a schema; null if it is too large.</param>
    public static ApiBody? Of(IOpenApiRequestBody? request, Func<IOpenApiSchema?, JsonObject?> read)
    {
        var bodies = (request?.Content ?? new Dictionary<string, IOpenApiMediaType>())
            .Select(body => new ApiBody(TypeOf(body.Key), body.Key, body.Value.Schema) { Encoding = body.Value.Encoding }).ToList();
        var best = bodies.MinBy(body => (body.Type, RankOf(body.MediaType)));

        // Only a multipart form can have files.
        if (best?.Type == ApiBodyType.Form && bodies.Find(body => body.Type == ApiBodyType.Multipart) is { } multipart && read(multipart.Schema) is { } schema && ApiField.HasFile(schema))
            best = multipart;
        return best is null ? null : best with { MediaType = best.SentType };
    }

    /// <summary>The argument's schema where it is not that of the body; null for JSON and forms.</summary>
    public JsonObject? OwnSchema => Type switch
    {
        ApiBodyType.Text => new JsonObject { ["type"] = "string", ["description"] = $"The body, of the type {ForeignText.Clean(MediaType, 100)}." },
        ApiBodyType.File => ApiFile.ArgumentFor(new JsonObject { ["type"] = "string", ["format"] = "binary" }),
        _ => null,
    };

    /// <summary>How content of a media type is sent.</summary>
    public static ApiBodyType TypeOf(string mediaType)
    {
        var essence = mediaType.Split(';')[0].Trim();
        bool Is(string type) => essence.Equals(type, StringComparison.OrdinalIgnoreCase);
        bool Ends(string end) => essence.EndsWith(end, StringComparison.OrdinalIgnoreCase);
        return Is(Json) || Is("*/*") || Is("application/*") || Is("text/json") || Ends("+json") ? ApiBodyType.Json
            : Is("application/x-www-form-urlencoded") ? ApiBodyType.Form
            : Is("multipart/form-data") ? ApiBodyType.Multipart
            : essence.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || Ends("/xml") || Ends("+xml") || Ends("yaml") || Ends("/jwt") || Ends("ndjson") ? ApiBodyType.Text
            : ApiBodyType.File;
    }

    /// <summary>The order of media types of the same kind: plain JSON first; a merge patch is an object like what it changes.</summary>
    public static int RankOf(string mediaType) => mediaType.Split(';')[0].Trim().Equals(Json, StringComparison.OrdinalIgnoreCase) ? 0 : mediaType.Contains("merge-patch", StringComparison.OrdinalIgnoreCase) ? 1 : 2;

    // A range such as text/* is no type to send. Empty for a file, which has its own.
    private string SentType =>
        !MediaType.Contains('*', StringComparison.Ordinal) ? MediaType
        : Type switch
        {
            ApiBodyType.Text => MediaType.Contains("xml", StringComparison.OrdinalIgnoreCase) ? "application/xml" : "text/plain",
            ApiBodyType.File => "",
            _ => Json,
        };
}

/// <summary>How an operation's body is sent, in the order in which one of several is chosen.</summary>
internal enum ApiBodyType
{
    Json,
    Form,
    Multipart,
    Text,
    File,
}
