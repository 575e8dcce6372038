using FuncChat.Web.Http;
using FuncChat.Web.Routes;

namespace FuncChat.Web.OpenApi;

/// <summary>The descriptions of the routes of threads, and of what is shared of them.</summary>
internal static class ThreadOperations
{
    private static readonly RequestJsonContext Requests = RequestJsonContext.Default;
    private static readonly WebJson Responses = WebJson.Relaxed;

    public static IReadOnlyDictionary<ApiRoute, ApiOperation> All { get; } = new Dictionary<ApiRoute, ApiOperation>
    {
        [ApiRoutes.ListThreads] = new(
            "listThreads", ApiTags.Threads, "Lists your threads", new ApiResponse(200, "The thread that changed last first.", ApiContent.Json(Responses.ThreadList)))
        {
            Parameters = [ApiParameters.Search, ApiParameters.Archived, ApiParameters.Folder, ApiParameters.Shared, ApiParameters.Limit(200), ApiParameters.Cursor, ApiParameters.IfNoneMatch],
            OtherResponses = [ApiResponses.Unchanged],
            Errors = [400],
        },
        [ApiRoutes.CreateThread] = new(
            "createThread", ApiTags.Threads, "Creates a thread without turns", new ApiResponse(201, "The thread.", ApiContent.Json(Responses.ThreadReport)))
        {
            Description = "A turn that names a thread creates it too: use this to choose what the thread starts with.",
            Body = ApiContent.Json(Requests.CreateThreadRequest),
            Errors = [409],
        },
        [ApiRoutes.ReadThread] = new(
            "readThread", ApiTags.Threads, "Returns a thread", new ApiResponse(200, "The thread, without the contents of its turns.", ApiContent.Json(Responses.ThreadReport)))
        {
            Parameters = [ApiParameters.IfNoneMatch],
            OtherResponses = [ApiResponses.Unchanged],
        },
        [ApiRoutes.ChangeThread] = new(
            "changeThread", ApiTags.Threads, "Renames, archives or configures a thread", new ApiResponse(200, "The thread as it is now.", ApiContent.Json(Responses.ThreadReport)))
        {
            Body = ApiContent.Json(Requests.ChangeThreadRequest),
            Parameters = [ApiParameters.IfMatch],
            Errors = [412],
        },
        [ApiRoutes.DeleteThread] = new(
            "deleteThread", ApiTags.Threads, "Deletes a thread", new ApiResponse(204, "The thread and all its turns are deleted."))
        {
            Description = "Stops a turn that runs, and deletes the turns, their events, and what their tools have stored. If a turn can't be stopped in time, the response is a 503: "
                + "the thread is gone for you, and the same request again completes the deletion.",
            Parameters = [ApiParameters.IfMatch],
            Errors = [412],
        },
        [ApiRoutes.ExportThread] = new(
            "exportThread", ApiTags.Threads, "Returns a whole thread as a file", new ApiResponse(200, "The thread with all its turns and their events.", ApiContent.Json(Responses.ThreadExport))),
        [ApiRoutes.ListThreadTurns] = new(
            "listThreadTurns", ApiTags.Threads, "Returns the turns of a thread with their messages",
            new ApiResponse(200, "The turns in the order in which they were added.", ApiContent.Json(Responses.ThreadTurnList)))
        {
            Description = "A page ends early if its turns are large: continue with `next`.",
            Parameters = [ApiParameters.WithEvents, ApiParameters.Limit(100), ApiParameters.Cursor],
            Errors = [400],
        },
        [ApiRoutes.AddThreadTurn] = new(
            "addThreadTurn", ApiTags.Threads, "Adds a turn that has ended, such as one of a client's own history", new ApiResponse(204, "The thread has the turn."))
        {
            Description = "The same turn again changes nothing.",
            Body = ApiContent.Json(Requests.AddTurnRequest),
            Errors = [409],
        },
        [ApiRoutes.DeleteThreadTurn] = new(
            "deleteThreadTurn", ApiTags.Threads, "Deletes a turn of a thread and those that follow it", new ApiResponse(204, "The turns are deleted."))
        {
            Parameters = [ApiParameters.IfMatch],
            Errors = [412],
        },
        [ApiRoutes.ShareThread] = new(
            "shareThread", ApiTags.Threads, "Shares a thread by a link, or updates what its link shows",
            new ApiResponse(201, "The new link.", ApiContent.Json(Responses.ThreadShareReport)))
        {
            Description = "The link shows the thread as it is now: later messages are private until you update it.",
            Body = ApiContent.Json(Requests.ShareThreadRequest),
            OtherResponses = [new ApiResponse(200, "The thread was shared already, and its link shows the thread as it is now.", ApiContent.Json(Responses.ThreadShareReport))],
            Errors = [409],
        },
        [ApiRoutes.StopSharingThread] = new(
            "stopSharingThread", ApiTags.Threads, "Stops sharing a thread", new ApiResponse(204, "The link is invalid.")),
        [ApiRoutes.ReadShared] = new(
            "readShared", ApiTags.Threads, "Returns what the link of a shared thread shows",
            new ApiResponse(200, "The shared turns.", ApiContent.Json(Responses.SharedThreadReport)))
        {
            Description = "Depending on the settings, the request needs no sign-in.",
        },
        [ApiRoutes.ReadSharedFile] = new(
            "readSharedFile", ApiTags.Threads, "Downloads a file that the shared messages refer to",
            new ApiResponse(200, "The content, as an attachment.", new ApiContent("application/octet-stream") { Components = ["FileContent"] })),
    };
}
