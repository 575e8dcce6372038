using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Formats.AgUi;
using FuncChat.Web.Http;
using FuncChat.Web.Routes;

namespace FuncChat.Web.OpenApi;

/// <summary>
/// The descriptions of the routes, from which a test generates openapi.json. Every route of <see cref="ApiRoutes"/> has an entry.
/// </summary>
internal static class ApiOperations
{
    private static readonly RequestJsonContext Requests = RequestJsonContext.Default;
    private static readonly WebJson Responses = WebJson.Relaxed;

    public static IReadOnlyDictionary<ApiRoute, ApiOperation> All { get; } = new Dictionary<ApiRoute, ApiOperation>
    {
        [ApiRoutes.StartChat] = new("startChat", ApiTags.Turns, "Starts a chat turn and streams it", ApiResponses.ChatStream)
        {
            Description = "The server calls the model, runs the tools that it asks for, and sends it their results, until it answers. A request with the same "
                + "turn_id and body follows the existing turn.",
            Body = ApiContent.Json(Requests.ChatRequest),
            Parameters = [ApiParameters.Format],
            Errors = [409],
        },
        [ApiRoutes.FollowTurn] = new("followTurn", ApiTags.Turns, "Follows a turn of any kind again", ApiResponses.TurnStream)
        {
            Description = "Streams the events after the given one, including those to come. A turn that no server runs any more is continued. HEAD returns "
                + "whether the turn exists.",
            Parameters = [ApiParameters.LastEventId, ApiParameters.After, ApiParameters.Format],
            OtherResponses = [ApiResponses.NothingLeft],
            Errors = [400],
        },
        [ApiRoutes.StopTurn] = new("stopTurn", ApiTags.Turns, "Stops a turn of any kind", ApiResponses.Stopped)
        {
            Description = "Cancels its model calls, tool runs and searches; its last event is an error with the code CANCELLED. Does nothing if the turn has "
                + "ended.",
        },
        [ApiRoutes.SignalTurn] = new(
            "signalTurn", ApiTags.Turns, "Answers a request of a turn, or stops the turn",
            new ApiResponse(
                200, "The answer counts: a receipt or, with `Accept: text/event-stream`, the turn after the last event that you have. The response stays open until "
                + "the turn no longer runs on this server.",
                ApiContent.Json(Responses.SignalReceipt), ApiContent.EventStream("ChatEvent")))
        {
            Description = "The first answer to a request counts: the same answer of the same user again succeeds, another one is a 409. A parked turn continues.",
            Body = ApiContent.Json(Requests.SignalRequest),
            Parameters = [ApiParameters.Owner, ApiParameters.LastEventId, ApiParameters.After, ApiParameters.Format],
            Errors = [409],
        },
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
            "deleteThreadTurn", ApiTags.Threads, "Deletes a turn of a thread and those that follow it", new ApiResponse(204, "The turns are deleted.")),
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
        [ApiRoutes.FollowChat] = new("followChat", ApiTags.Turns, "Follows a turn: the older name of /api/turns/{turnId}", ApiResponses.TurnStream)
        {
            IsDeprecated = true,
            Description = "Streams the events after the given one, including those to come. A turn that no server runs any more is continued.",
            Parameters = [ApiParameters.LastEventId, ApiParameters.After, ApiParameters.Format],
            OtherResponses = [ApiResponses.NothingLeft],
            Errors = [400],
        },
        [ApiRoutes.StopChat] = new("stopChat", ApiTags.Turns, "Stops a turn: the older name of /api/turns/{turnId}", ApiResponses.Stopped)
        {
            IsDeprecated = true,
            Description = "Cancels its model calls, tool runs and searches; its last event is an error with the code CANCELLED. Does nothing if the turn has "
                + "ended.",
        },
        [ApiRoutes.Proxy] = new(
            "completeChat", ApiTags.Turns, "Starts a chat turn for clients of OpenAI's chat completions",
            new ApiResponse(
                200, "The answer: one chat.completion, or a stream of chunks if the request asks for one.",
                ApiContent.Json(Responses.Completion), new ApiContent("text/event-stream") { Records = [Responses.CompletionChunk, Responses.CompletionUsageChunk, Responses.ChunkError] })
            {
                Headers = ApiResponses.TurnId,
            })
        {
            Description = "Returns one chat.completion when the turn has ended or, with `stream`, chat.completion.chunk events and [DONE]. Nothing is sent while a "
                + "turn runs that is not streamed: if a proxy on the way cuts silent responses, stream.",
            Body = ApiContent.Json(Requests.ProxyRequest),
            Errors = [409, 499, 500, 502, 504],
        },
        [ApiRoutes.OpenAiChatCompletions] = new(
            "createChatCompletion", ApiTags.OpenAi, "Starts a chat turn for OpenAI's clients",
            new ApiResponse(
                200, "The answer: one chat.completion, or a stream of chunks if the request asks for one.",
                ApiContent.Json(Responses.OpenAiCompletion),
                new ApiContent("text/event-stream") { Records = [Responses.CompletionChunk, Responses.CompletionUsageChunk, Responses.OpenAiError] })
            {
                Headers = ApiResponses.TurnId,
            })
        {
            Description = "OpenAI's chat completions: set the base URL of a client to /api/v1. A tool that the request defines is called by the client; a tool of "
                + "this server runs only if the request names it. An error before the first token is the response, with its status.",
            Body = new ApiContent("application/json") { Components = ["OpenAiCompletionRequest"] },
            Parameters = [ApiParameters.IdempotencyKey],
            Errors = [404, 409, 499, 500, 502, 504],
            Error = ApiResponses.OpenAiError,
        },
        [ApiRoutes.CreateResponse] = new(
            "createResponse", ApiTags.OpenAi, "Starts a chat turn for clients of OpenAI's Responses API",
            new ApiResponse(
                200, "The response, or a stream of events if the request asks for one.", ApiContent.Json(ResponsesJson.Relaxed.OpenAiResponse),
                new ApiContent("text/event-stream") { Records = [ResponsesJson.Relaxed.ResponseEvent, ResponsesJson.Relaxed.ResponseErrorEvent] })
            {
                Headers = ApiResponses.TurnId,
            })
        {
            Description = "A function in `tools` is called by the client; `web_search`, `mcp` and names are tools of this server. Without `background`, the response stops "
                + "when you disconnect. An error before the first token is the response, with its status.",
            Body = new ApiContent("application/json") { Components = ["ResponseRequest"] },
            Parameters = [ApiParameters.IdempotencyKey],
            Errors = [404, 409, 499, 500, 502, 504],
            Error = ApiResponses.OpenAiError,
        },
        [ApiRoutes.ReadResponse] = new(
            "readResponse", ApiTags.OpenAi, "Returns a response, or follows it",
            new ApiResponse(
                200, "The response as it is now or, with `stream`, its events after `starting_after`, those to come included.",
                ApiContent.Json(ResponsesJson.Relaxed.OpenAiResponse),
                new ApiContent("text/event-stream") { Records = [ResponsesJson.Relaxed.ResponseEvent, ResponsesJson.Relaxed.ResponseErrorEvent] }))
        {
            Description = "Any chat can be read as a response, whichever route started it. Following a response that no server runs any more continues it.",
            Parameters = [ApiParameters.Stream, ApiParameters.StartingAfter],
            Errors = [400],
            Error = ApiResponses.OpenAiError,
        },
        [ApiRoutes.DeleteResponse] = new(
            "deleteResponse", ApiTags.OpenAi, "Deletes a response",
            new ApiResponse(200, "The response is deleted.", ApiContent.Json(ResponsesJson.Relaxed.DeletedResponse)))
        {
            Description = "Removes the turn with everything that it has stored. A response that has not ended is stopped first. One of a conversation is deleted there.",
            Errors = [409],
            Error = ApiResponses.OpenAiError,
        },
        [ApiRoutes.CancelResponse] = new(
            "cancelResponse", ApiTags.OpenAi, "Stops a response",
            new ApiResponse(200, "The response.", ApiContent.Json(ResponsesJson.Relaxed.OpenAiResponse)))
        {
            Description = "Does nothing if the response has ended.",
            Error = ApiResponses.OpenAiError,
        },
        [ApiRoutes.ReadResponseInput] = new(
            "listResponseInputItems", ApiTags.OpenAi, "Lists the items that a response began with",
            new ApiResponse(200, "The items, those of earlier responses included.", ApiContent.Json(ResponsesJson.Relaxed.ResponseItemList)))
        {
            Parameters = [ApiParameters.ItemLimit, ApiParameters.ItemOrder, ApiParameters.ItemsAfter],
            Errors = [400],
            Error = ApiResponses.OpenAiError,
        },
        [ApiRoutes.RunAgUi] = new(
            "runAgUi", ApiTags.Ui, "Runs the agent for a client of AG-UI",
            new ApiResponse(
                200, "The events of the run. Each has an id, which `Last-Event-ID` names to continue.", new ApiContent("text/event-stream") { Records = [AgUiJson.Relaxed.AgUiEvent] })
            {
                Headers = ApiResponses.TurnId,
            })
        {
            Description = "For HttpAgent of @ag-ui/client and CopilotKit. The runId is the id of the turn: the same input again follows the same run. Another run of the "
                + "thread is stopped, unless it waits for the answers to interrupts.",
            Body = new ApiContent("application/json") { Components = ["RunAgentInput"] },
            Parameters = [ApiParameters.LastEventId],
            Errors = [404, 409],
        },
        [ApiRoutes.StartUiChat] = new("startUiChat", ApiTags.Ui, "Answers the last message of a chat of the AI SDK", ApiResponses.UiMessageStream)
        {
            Description = "For `useChat`: set the path of the transport to /api/ui/chat. Another turn of the chat that runs is stopped. A last message with answers to "
                + "approvals continues the turn that waits for them.",
            Body = new ApiContent("application/json") { Components = ["UiChatRequest"] },
            Parameters = [ApiParameters.UiSdkVersion],
            Errors = [404, 409],
            Error = ApiResponses.Sentence,
        },
        [ApiRoutes.ResumeUiChat] = new("resumeUiChat", ApiTags.Ui, "Resumes the answer of a chat of the AI SDK", ApiResponses.UiMessageStream)
        {
            Description = "By the id of the chat, the answer that is being written, or has ended within the last minute, from its beginning. By the id of a stream, "
                + "the chunks after the ones that you have.",
            Parameters = [ApiParameters.UiSdkVersion, ApiParameters.StartIndex],
            OtherResponses = [new ApiResponse(204, "No answer is being written.")],
            Errors = [400],
            Error = ApiResponses.Sentence,
        },
        [ApiRoutes.StopUiChat] = new("stopUiChat", ApiTags.Ui, "Stops the answer of a chat of the AI SDK", ApiResponses.Stopped)
        {
            Description = "`stop()` of the AI SDK only disconnects.",
            Error = ApiResponses.Sentence,
        },
        [ApiRoutes.OpenAiModels] = new(
            "listOpenAiModels", ApiTags.OpenAi, "Lists the models in OpenAI's shape",
            new ApiResponse(200, "The models.", ApiContent.Json(Responses.OpenAiModelList)))
        {
            Error = ApiResponses.OpenAiError,
        },
        [ApiRoutes.OpenAiModel] = new(
            "readOpenAiModel", ApiTags.OpenAi, "Returns a model in OpenAI's shape",
            new ApiResponse(200, "The model.", ApiContent.Json(Responses.OpenAiModel)))
        {
            Error = ApiResponses.OpenAiError,
        },
        [ApiRoutes.Search] = new("startSearch", ApiTags.Turns, "Searches the web and streams the results", ApiResponses.SearchStream)
        {
            Description = "All queries run at the same time, and each has an event when it ends. A page is read once, however many queries find it. If all queries "
                + "fail, the turn ends with an error.",
            Body = ApiContent.Json(Requests.SearchRequest),
            Errors = [409],
        },
        [ApiRoutes.Planning] = new("startPlan", ApiTags.Turns, "Plans how to answer a question and streams the reasoning", ApiResponses.PlanStream)
        {
            Description = "The model returns a plan of a fixed shape; if its answer is not one, it is asked once more. To refine a plan, send its questions with "
                + "the user's answers.",
            Body = ApiContent.Json(Requests.PlanRequest),
            Errors = [409],
        },
        [ApiRoutes.Mcp] = new(
            "callMcp", ApiTags.Server, "Offers the server's tools to MCP clients",
            new ApiResponse(200, "JSON-RPC messages, as events.", ApiContent.EventStream("JsonRpcEvents")))
        {
            Description = "The streamable HTTP transport of the Model Context Protocol, without sessions.",
            Body = new ApiContent("application/json") { Components = ["JsonRpcMessage"] },
            OtherResponses = [new ApiResponse(202, "The server received a notification.")],
        },
        [ApiRoutes.McpResource] = new(
            "describeMcpResource", ApiTags.Server, "Returns where MCP clients get a token (RFC 9728)",
            new ApiResponse(200, "The metadata.", ApiContent.Json(Responses.ProtectedResourceDocument))),
        [ApiRoutes.ListMcpServers] = new(
            "listMcpServers", ApiTags.Server, "Lists the MCP servers whose tools are offered, as you can use them",
            new ApiResponse(200, "The servers, in the order of the settings.", ApiContent.Json(Responses.McpServerList))),
        [ApiRoutes.StartMcpSignIn] = new(
            "startMcpSignIn", ApiTags.Server, "Starts your sign-in to an MCP server",
            new ApiResponse(200, "The address to open in the browser.", ApiContent.Json(Responses.StartedSignIn)))
        {
            Description = "Replaces a sign-in that you have not completed.",
            Errors = [502],
        },
        [ApiRoutes.EndMcpSignIn] = new(
            "endMcpSignIn", ApiTags.Server, "Signs you out of an MCP server",
            new ApiResponse(204, "Your tokens are deleted, and revoked if the authorization server supports it.")),
        [ApiRoutes.McpCallback] = new(
            "returnFromMcpSignIn", ApiTags.Server, "Returns the browser from an authorization server to the page",
            new ApiResponse(303, "The page, which completes the sign-in."))
        {
            Errors = [400],
        },
        [ApiRoutes.CompleteMcpSignIn] = new(
            "completeMcpSignIn", ApiTags.Server, "Completes your sign-in to an MCP server",
            new ApiResponse(200, "You are signed in.", ApiContent.Json(Responses.CompletedSignIn)))
        {
            Description = "A sign-in can be completed once, by the user who started it, within 10 minutes.",
            Body = ApiContent.Json(Requests.CompleteSignInRequest),
            Errors = [502],
        },
        [ApiRoutes.CreateFile] = new(
            "createFile", ApiTags.Files, "Stores a file that messages can refer to",
            new ApiResponse(201, "The file.", ApiContent.Json(Responses.FileDescription)))
        {
            Description = "Images, PDFs, documents of Word, Excel and PowerPoint, and text such as CSV and JSON; the type is determined by the content. Messages refer to the file by its id: "
                + "`{\"type\":\"file\",\"file\":{\"file_id\":\"file_…\"}}`. Instead of a form, the body may be the file alone, with its name in `name`.",
            Body = new ApiContent("multipart/form-data") { Components = ["FileUpload"] },
            Parameters = [ApiParameters.FileName, ApiParameters.ThreadOfFile],
            Errors = [413, 415],
        },
        [ApiRoutes.ListFiles] = new(
            "listFiles", ApiTags.Files, "Lists your files, the newest first",
            new ApiResponse(200, "The files.", ApiContent.Json(Responses.FileList)))
        {
            Parameters = [ApiParameters.ThreadOfFile],
            Errors = [400],
        },
        [ApiRoutes.ReadFile] = new(
            "readFile", ApiTags.Files, "Returns a file without its content",
            new ApiResponse(200, "The file.", ApiContent.Json(Responses.FileDescription))),
        [ApiRoutes.ReadFileContent] = new(
            "readFileContent", ApiTags.Files, "Downloads a file",
            new ApiResponse(200, "The content, as an attachment.", new ApiContent("application/octet-stream") { Components = ["FileContent"] })),
        [ApiRoutes.DeleteFile] = new("deleteFile", ApiTags.Files, "Deletes a file", new ApiResponse(204, "The file is deleted.")),
        [ApiRoutes.Models] = new(
            "listModels", ApiTags.Server, "Lists the models of this server",
            new ApiResponse(200, "The models, in the order of the settings.", ApiContent.Json(Responses.ModelList))),
        [ApiRoutes.Tools] = new(
            "listTools", ApiTags.Server, "Lists the tools that a chat may offer to the model",
            new ApiResponse(200, "The tools.", ApiContent.Json(Responses.ToolList))),
        [ApiRoutes.ReadUsage] = new(
            "readUsage", ApiTags.Server, "Returns what the caller has used, and the limits",
            new ApiResponse(200, "The usage, by the names of the limits.", ApiContent.Json(Responses.UsageReport))),
        [ApiRoutes.ReadAllUsage] = new(
            "readAllUsage", ApiTags.Server, "Returns what all users have used in a month, for administrators",
            new ApiResponse(200, "The usage as JSON, or the users as CSV.", ApiContent.Json(Responses.AllUsageReport), new ApiContent("text/csv") { Components = ["Csv"] }))
        {
            Parameters = [ApiParameters.Month, ApiParameters.UsageFormat],
            Errors = [400],
        },
        [ApiRoutes.ListApprovals] = new(
            "listApprovals", ApiTags.Turns, "Lists the tool calls that wait for your approval",
            new ApiResponse(200, "The calls, the one that expires first at the beginning.", ApiContent.Json(Responses.ApprovalList)))
        {
            Description = "For an approver, the calls of all users; answer them with signalTurn and the `owner`. Otherwise your own, if users approve the calls of their own turns. A page may be empty although another one follows.",
            Parameters = [ApiParameters.Limit(100), ApiParameters.Cursor],
            Errors = [400],
        },
        [ApiRoutes.Health] = new(
            "checkHealth", ApiTags.Server, "Returns the health of the server",
            new ApiResponse(200, "The server is healthy or degraded.", ApiContent.Json(Responses.HealthReportDocument)))
        {
            OtherResponses = [new ApiResponse(503, "A dependency failed.", ApiContent.Json(Responses.HealthReportDocument))],
        },
        [ApiRoutes.Config] = new(
            "readConfig", ApiTags.Server, "Returns what a page must know before the user signs in",
            new ApiResponse(200, "How to sign in, and the limits.", ApiContent.Json(Responses.ConfigDocument))),
        [ApiRoutes.OpenApi] = new(
            "describeApi", ApiTags.Server, "Returns this document",
            new ApiResponse(200, "OpenAPI 3.1.", new ApiContent("application/json") { Components = ["OpenApiDocument"] })),
    };
}
