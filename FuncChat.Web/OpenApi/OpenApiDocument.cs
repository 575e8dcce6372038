using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.OpenApi;

/// <summary>`GET /api/openapi.json`: the API in OpenAPI 3.1. A test generates the document from <see cref="ApiOperations"/> and the records.</summary>
public static class OpenApiDocument
{
    private const string Resource = "openapi.json";

    private static readonly byte[] Json = Read();

    public static IResult Result { get; } = TypedResults.Bytes(Json, "application/json");

    private static byte[] Read()
    {
        using var resource = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(Resource)!;
        var json = new byte[resource.Length];
        resource.ReadExactly(json);
        return json;
    }
}
