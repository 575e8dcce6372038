using FuncChat.Web.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FuncChat.Http;

/// <summary>The triggers for files.</summary>
public sealed class FileFunctions
{
    [Function(nameof(ApiRoutes.ListFiles))]
    public static Task<IResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.Files)] HttpRequest request) =>
        ApiRoutes.ListFiles.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.CreateFile))]
    public static Task<IResult> CreateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = ApiPaths.Files)] HttpRequest request) =>
        ApiRoutes.CreateFile.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ReadFile))]
    public static Task<IResult> ReadAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.File)] HttpRequest request) =>
        ApiRoutes.ReadFile.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.ReadFileContent))]
    public static Task<IResult> ReadContentAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ApiPaths.FileContent)] HttpRequest request) =>
        ApiRoutes.ReadFileContent.RunAsync(request.HttpContext);

    [Function(nameof(ApiRoutes.DeleteFile))]
    public static Task<IResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = ApiPaths.File)] HttpRequest request) =>
        ApiRoutes.DeleteFile.RunAsync(request.HttpContext);
}
