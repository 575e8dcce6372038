using System.Text;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.OpenApi;

/// <summary>The HTTP APIs whose operations are offered as tools.</summary>
internal sealed record OpenApiSettings(IReadOnlyList<OpenApiServerSettings> Servers);

/// <summary>One HTTP API that an OpenAPI document describes.</summary>
internal sealed record OpenApiServerSettings
{
    /// <summary>The prefix of its tools' names.</summary>
    public required string Name { get; init; }

    /// <summary>The document: a path or an address.</summary>
    public required string Document { get; init; }

    /// <summary>The address of the API. That of the document is ignored.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The operations to offer, by their ids or as `GET /path`.</summary>
    public required IReadOnlyList<string> Operations { get; init; }

    /// <summary>Header names, each with the key of the setting that has its value. The value is read for every request: a vault may renew it.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Whether an operation is offered.</summary>
    /// <param name="id">Its name in the document; null if it has none.</param>
    /// <param name="name">Its method and path, such as `GET /path`.</param>
    public bool IsAllowed(string? id, string name) => Operations.Contains(id, StringComparer.Ordinal) || Operations.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a document is fetched, and is not a file.</summary>
    public static bool IsAddress(string document) => Uri.TryCreate(document, UriKind.Absolute, out var url) && WebUrl.IsHttp(url);

    // The text of a record may be logged.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Name = {Name}");
        return true;
    }
}
