using System.Text.Json.Serialization.Metadata;

namespace FuncChat.Web.OpenApi;

/// <summary>What openapi.json says about a route. What follows from the route itself, such as its path parameters and most of its errors, is derived.</summary>
/// <param name="Id">The operationId. Generated clients name their methods after it, so it never changes.</param>
/// <param name="Tag">One of <see cref="ApiTags"/>.</param>
/// <param name="Response">What the route returns when it succeeds.</param>
internal sealed record ApiOperation(string Id, string Tag, string Summary, ApiResponse Response)
{
    public string? Description { get; init; }

    public bool IsDeprecated { get; init; }

    /// <summary>Query and header parameters.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    public ApiContent? Body { get; init; }

    /// <summary>Other answers that are not errors.</summary>
    public IReadOnlyList<ApiResponse> OtherResponses { get; init; } = [];

    /// <summary>Statuses of errors, in addition to those that the route's kind has.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];

    /// <summary>The shape of every error.</summary>
    public ApiResponse Error { get; init; } = ApiResponses.Problem;
}

/// <summary>A group of operations.</summary>
internal static class ApiTags
{
    public const string Turns = "turns";
    public const string OpenAi = "openai";
    public const string Threads = "threads";
    public const string Files = "files";
    public const string Ui = "ui";
    public const string Server = "server";
}

/// <summary>A parameter of an operation.</summary>
/// <param name="In">`path`, `query` or `header`.</param>
/// <param name="Schema">Its JSON Schema.</param>
internal sealed record ApiParameter(string Name, string In, string Description, string Schema)
{
    /// <summary>The name under components/parameters, for a parameter that operations share.</summary>
    public string? Component { get; init; }
}

/// <summary>A response of an operation.</summary>
internal sealed record ApiResponse(int Status, string Description, params IReadOnlyList<ApiContent> Content)
{
    /// <summary>The name under components/responses, for a response that operations share.</summary>
    public string? Component { get; init; }

    /// <summary>The names of its headers, of those in components/headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}

/// <summary>A body in one media type: any of the records, or of the components that the generator writes by name.</summary>
internal sealed record ApiContent(string MediaType)
{
    public IReadOnlyList<JsonTypeInfo> Records { get; init; } = [];

    /// <summary>Names under components/schemas that have no record of their own: unions of events, and raw.json.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    public static ApiContent Json(JsonTypeInfo record) => new("application/json") { Records = [record] };

    public static ApiContent EventStream(params string[] components) => new("text/event-stream") { Components = components };
}
