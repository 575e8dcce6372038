using FuncChat.Web.Routes;

namespace FuncChat.Web.OpenApi;

/// <summary>
/// The descriptions of the routes, from which a test generates openapi.json. Every route of <see cref="ApiRoutes"/> has an entry.
/// </summary>
internal static class ApiOperations
{
    public static IReadOnlyDictionary<ApiRoute, ApiOperation> All { get; } = new[]
    {
        TurnOperations.All, ThreadOperations.All, ClientOperations.All, FileOperations.All, ServerOperations.All,
    }.SelectMany(operations => operations).ToDictionary();
}
