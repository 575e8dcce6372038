using FuncChat.Engine;
using FuncChat.Web.AgUi;
using FuncChat.Web.Approvals;
using FuncChat.Web.Auth;
using FuncChat.Web.Catalog;
using FuncChat.Web.Chat;
using FuncChat.Web.Files;
using FuncChat.Web.Http;
using FuncChat.Web.Mcp;
using FuncChat.Web.OpenAi;
using FuncChat.Web.OpenApi;
using FuncChat.Web.Plans;
using FuncChat.Web.Proxy;
using FuncChat.Web.Responses;
using FuncChat.Web.Searches;
using FuncChat.Web.Threads;
using FuncChat.Web.Turns;
using FuncChat.Web.UiChat;
using FuncChat.Web.Usage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Web.Routes;

/// <summary>
/// The routes of the API. FuncChat.Local maps them all; the Functions host has a trigger for each, with the name of the property here.
/// </summary>
public static class ApiRoutes
{
    public static ApiRoute Health { get; } = Open(ApiPaths.Health, http => Service<HealthApi>(http).CheckAsync(http));

    public static ApiRoute Config { get; } = Open(ApiPaths.Config, http => Task.FromResult(Service<ConfigApi>(http).Config()));

    public static ApiRoute OpenApi { get; } = Open(ApiPaths.OpenApi, _ => Task.FromResult(OpenApiDocument.Result));

    public static ApiRoute Models { get; } = Get(ApiPaths.Models, http => Service<CatalogApi>(http).ModelsAsync(http));

    public static ApiRoute Tools { get; } = Get(ApiPaths.Tools, http => Service<CatalogApi>(http).ToolsAsync(http));

    public static ApiRoute ReadUsage { get; } = Get(ApiPaths.Usage, http => Service<UsageApi>(http).ReadAsync(http));

    public static ApiRoute ReadAllUsage { get; } = Get(ApiPaths.UsageOfAll, http => Service<AllUsageApi>(http).ReadAsync(http));

    public static ApiRoute ListApprovals { get; } = Get(ApiPaths.Approvals, http => Service<ApprovalsApi>(http).ListAsync(http));

    public static ApiRoute StartChat { get; } = Post(ApiPaths.Chat, http => Service<ChatApi>(http).StartAsync(http));

    public static ApiRoute Proxy { get; } = Post(ApiPaths.Proxy, http => Service<ProxyApi>(http).CompleteAsync(http));

    public static ApiRoute OpenAiChatCompletions { get; } =
        Post(ApiPaths.OpenAiChatCompletions, http => Service<ChatCompletionsApi>(http).CompleteAsync(http));

    public static ApiRoute OpenAiModels { get; } = Get(ApiPaths.OpenAiModels, http => Service<OpenAiModelsApi>(http).ListAsync(http));

    public static ApiRoute OpenAiModel { get; } = Get(ApiPaths.OpenAiModel, http => Service<OpenAiModelsApi>(http).GetAsync(http));

    public static ApiRoute CreateResponse { get; } = Post(ApiPaths.Responses, http => Service<ResponsesApi>(http).CreateAsync(http));

    public static ApiRoute ReadResponse { get; } = Get(ApiPaths.Response, http => Service<ResponseResourceApi>(http).ReadAsync(http));

    public static ApiRoute DeleteResponse { get; } = Delete(ApiPaths.Response, http => Service<ResponseResourceApi>(http).DeleteAsync(http));

    public static ApiRoute CancelResponse { get; } = Post(ApiPaths.ResponseCancel, http => Service<ResponseResourceApi>(http).CancelAsync(http));

    public static ApiRoute ReadResponseInput { get; } =
        Get(ApiPaths.ResponseInputItems, http => Service<ResponseResourceApi>(http).InputItemsAsync(http));

    public static ApiRoute RunAgUi { get; } = Post(ApiPaths.AgUi, http => Service<AgUiApi>(http).RunAsync(http));

    public static ApiRoute StartUiChat { get; } = Post(ApiPaths.UiChat, http => Service<UiChatApi>(http).ChatAsync(http));

    public static ApiRoute ResumeUiChat { get; } = Get(ApiPaths.UiChatStream, http => Service<UiChatApi>(http).ResumeAsync(http));

    public static ApiRoute StopUiChat { get; } = Post(ApiPaths.UiChatStop, http => Service<UiChatApi>(http).StopAsync(http));

    public static ApiRoute Search { get; } = Post(ApiPaths.Search, http => Service<SearchApi>(http).StartAsync(http));

    public static ApiRoute Planning { get; } = Post(ApiPaths.Planning, http => Service<PlanApi>(http).StartAsync(http));

    public static ApiRoute Mcp { get; } = Post(ApiPaths.Mcp, http => Service<McpApi>(http).HandleAsync(http));

    public static ApiRoute McpResource { get; } = Open(ApiPaths.McpResource, http => Task.FromResult(ProtectedResource.Describe(http)));

    public static ApiRoute McpClient { get; } = Open(ApiPaths.McpClient, http => Task.FromResult(ClientMetadata.Describe(http)));

    public static ApiRoute ListMcpServers { get; } = Get(ApiPaths.McpServers, http => Service<McpSignInApi>(http).ListAsync(http));

    public static ApiRoute StartMcpSignIn { get; } = Post(ApiPaths.McpSignIn, http => Service<McpSignInApi>(http).StartAsync(http));

    public static ApiRoute EndMcpSignIn { get; } = Delete(ApiPaths.McpSignIn, http => Service<McpSignInApi>(http).EndAsync(http));

    public static ApiRoute McpCallback { get; } = Open(ApiPaths.McpCallback, http => Task.FromResult(Service<McpSignInApi>(http).Return(http)));

    public static ApiRoute CompleteMcpSignIn { get; } = Post(ApiPaths.McpCallback, http => Service<McpSignInApi>(http).CompleteAsync(http));

    public static ApiRoute CreateFile { get; } = Post(ApiPaths.Files, http => Service<FilesApi>(http).UploadAsync(http));

    public static ApiRoute ListFiles { get; } = Get(ApiPaths.Files, http => Service<FilesApi>(http).ListAsync(http));

    public static ApiRoute ReadFile { get; } = Get(ApiPaths.File, http => Service<FilesApi>(http).ReadAsync(http));

    public static ApiRoute ReadFileContent { get; } = Get(ApiPaths.FileContent, http => Service<FilesApi>(http).ReadContentAsync(http));

    public static ApiRoute DeleteFile { get; } = Delete(ApiPaths.File, http => Service<FilesApi>(http).DeleteAsync(http));

    public static ApiRoute FollowTurn { get; } = Get(ApiPaths.Turn, http => Service<TurnApi>(http).FollowAsync(http));

    public static ApiRoute StopTurn { get; } = Delete(ApiPaths.Turn, http => Service<TurnApi>(http).StopAsync(http));

    public static ApiRoute SignalTurn { get; } = Post(ApiPaths.TurnSignals, http => Service<SignalApi>(http).SendAsync(http));

    public static ApiRoute ListThreads { get; } = Get(ApiPaths.Threads, http => Service<ThreadApi>(http).ListAsync(http));

    public static ApiRoute CreateThread { get; } = Post(ApiPaths.Threads, http => Service<ThreadApi>(http).CreateAsync(http));

    public static ApiRoute ReadThread { get; } = Get(ApiPaths.Thread, http => Service<ThreadApi>(http).ReadAsync(http));

    public static ApiRoute ChangeThread { get; } = new(HttpMethods.Patch, ApiPaths.Thread, http => Service<ThreadApi>(http).ChangeAsync(http));

    public static ApiRoute DeleteThread { get; } = Delete(ApiPaths.Thread, http => Service<ThreadApi>(http).DeleteAsync(http));

    public static ApiRoute ExportThread { get; } = Get(ApiPaths.ThreadExport, http => Service<ThreadApi>(http).ExportAsync(http));

    public static ApiRoute ListThreadTurns { get; } = Get(ApiPaths.ThreadTurns, http => Service<ThreadTurnApi>(http).ListAsync(http));

    public static ApiRoute AddThreadTurn { get; } = new(HttpMethods.Put, ApiPaths.ThreadTurn, http => Service<ThreadTurnApi>(http).AddAsync(http));

    public static ApiRoute DeleteThreadTurn { get; } = Delete(ApiPaths.ThreadTurn, http => Service<ThreadTurnApi>(http).DeleteAsync(http));

    public static ApiRoute ShareThread { get; } = Post(ApiPaths.ThreadShare, http => Service<ThreadShareApi>(http).ShareAsync(http));

    public static ApiRoute StopSharingThread { get; } = Delete(ApiPaths.ThreadShare, http => Service<ThreadShareApi>(http).StopAsync(http));

    public static ApiRoute ReadShared { get; } = Shared(ApiPaths.Shared, http => Service<SharedThreadApi>(http).ReadAsync(http));

    public static ApiRoute ReadSharedFile { get; } = Shared(ApiPaths.SharedFile, http => Service<SharedThreadApi>(http).ReadFileAsync(http));

    /// <summary>The older name of <see cref="FollowTurn"/>.</summary>
    public static ApiRoute FollowChat { get; } = Get(ApiPaths.ChatTurn, http => Service<TurnApi>(http).FollowAsync(http));

    /// <summary>The older name of <see cref="StopTurn"/>.</summary>
    public static ApiRoute StopChat { get; } = Delete(ApiPaths.ChatTurn, http => Service<TurnApi>(http).StopAsync(http));

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        Health, Config, OpenApi, Models, Tools, ReadUsage, ReadAllUsage, ListApprovals, StartChat, Proxy, OpenAiChatCompletions, OpenAiModels, OpenAiModel, CreateResponse,
        ReadResponse, DeleteResponse, CancelResponse, ReadResponseInput, StartUiChat, ResumeUiChat, StopUiChat, RunAgUi, Search, Planning, Mcp,
        McpResource, McpClient, ListMcpServers, StartMcpSignIn, EndMcpSignIn, McpCallback, CompleteMcpSignIn, CreateFile, ListFiles, ReadFile, ReadFileContent, DeleteFile, FollowTurn, StopTurn, SignalTurn,
        ListThreads, CreateThread, ReadThread, ChangeThread, DeleteThread, ExportThread, ListThreadTurns, AddThreadTurn, DeleteThreadTurn,
        ShareThread, StopSharingThread, ReadShared, ReadSharedFile,
        FollowChat, StopChat,
    ];

    /// <summary>Answers a request that no route matches: 405 if the path exists, 404 if not.</summary>
    public static Task<IResult> AnswerUnknownAsync(HttpContext http)
    {
        var others = All.Where(route => route.Matches(http.Request.Path)).ToList();
        return others.Exists(route => route.IsOpen)
            ? Task.FromResult(Answer())
            : Service<ApiAuthorization>(http).RunAsync(http, () => Task.FromResult(Answer()));

        IResult Answer()
        {
            if (others.Count == 0 || OpenAiPath.IsMisplaced(http.Request.Path) || OpenAiPath.IsMissing(http.Request))
                return new ProblemResult(new AppError(ErrorCode.NotFound, TextOfUnknown(http.Request.Path)));
            var methods = string.Join(", ", others.SelectMany(route => route.Methods).Distinct(StringComparer.Ordinal));
            http.Response.Headers.Allow = methods;
            return new ProblemResult(new AppError(ErrorCode.InvalidRequest, $"This path does not support the method. It supports: {methods}.")
            {
                Status = StatusCodes.Status405MethodNotAllowed,
            });
        }
    }

    private static string TextOfUnknown(PathString path) =>
        OpenAiPath.IsMisplaced(path) ? $"OpenAI's API is at {OpenAiPath.Prefix} here: set the base URL of your client to the address of this server with {OpenAiPath.Prefix}."
        : path.StartsWithSegments($"{OpenAiPath.Prefix}/conversations", StringComparison.OrdinalIgnoreCase)
            ? "This server has no routes for conversations. A response creates its conversation: send an id of your choice in conversation, and read it at /api/threads."
        : path.StartsWithSegments($"{OpenAiPath.Prefix}/files", StringComparison.OrdinalIgnoreCase)
            ? "This server has no files below /api/v1. Upload with POST /api/files, and send the id as the file_id of a message: see docs/files.md."
        : OpenAiPath.Includes(path) ? "This server has no such route. Of OpenAI's API, it has chat/completions, models and responses."
        : "There is no such route. See /api/openapi.json, or docs/api.md.";

    private static ApiRoute Open(string path, Func<HttpContext, Task<IResult>> handler) => new(HttpMethods.Get, path, handler) { IsOpen = true };

    private static ApiRoute Shared(string path, Func<HttpContext, Task<IResult>> handler) =>
        new(HttpMethods.Get, path, handler) { IsOpenTo = http => Service<SharedThreadApi>(http).IsPublic };

    private static ApiRoute Get(string path, Func<HttpContext, Task<IResult>> handler) => new(HttpMethods.Get, path, handler);

    private static ApiRoute Post(string path, Func<HttpContext, Task<IResult>> handler) => new(HttpMethods.Post, path, handler);

    private static ApiRoute Delete(string path, Func<HttpContext, Task<IResult>> handler) => new(HttpMethods.Delete, path, handler);

    private static T Service<T>(HttpContext http)
        where T : class => http.RequestServices.GetRequiredService<T>();
}
