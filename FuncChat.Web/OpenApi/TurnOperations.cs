using FuncChat.Web.Http;
using FuncChat.Web.Routes;

namespace FuncChat.Web.OpenApi;

/// <summary>The descriptions of the routes of turns, of FuncChat's own clients.</summary>
internal static class TurnOperations
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
            Parameters = [ApiParameters.LastEventId, .. ApiParameters.OfFormats],
            OtherResponses = [ApiResponses.NothingLeft],
            Errors = [409],
        },
        [ApiRoutes.FollowTurn] = new("followTurn", ApiTags.Turns, "Follows a turn of any kind again", ApiResponses.TurnStream)
        {
            Description = "Streams the events after the given one, including those to come. A turn that no server runs any more is continued. HEAD returns "
                + "whether the turn exists.",
            Parameters = [ApiParameters.LastEventId, ApiParameters.After, .. ApiParameters.OfFormats],
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
            Parameters = [ApiParameters.Owner, ApiParameters.LastEventId, ApiParameters.After, .. ApiParameters.OfFormats],
            Errors = [409],
        },
        [ApiRoutes.FollowChat] = new("followChat", ApiTags.Turns, "Follows a turn: the older name of /api/turns/{turnId}", ApiResponses.TurnStream)
        {
            IsDeprecated = true,
            Description = "Streams the events after the given one, including those to come. A turn that no server runs any more is continued.",
            Parameters = [ApiParameters.LastEventId, ApiParameters.After, .. ApiParameters.OfFormats],
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
        [ApiRoutes.ListApprovals] = new(
            "listApprovals", ApiTags.Turns, "Lists the tool calls that wait for your approval",
            new ApiResponse(200, "The calls, the one that expires first at the beginning.", ApiContent.Json(Responses.ApprovalList)))
        {
            Description = "For an approver, the calls of all users; answer them with signalTurn and the `owner`. Otherwise your own, if users approve the calls of their own turns. A page may be empty although another one follows.",
            Parameters = [ApiParameters.Limit(100), ApiParameters.Cursor],
            Errors = [400],
        },
    };
}
