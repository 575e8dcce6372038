using FuncChat.Web.Formats.AgUi;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;
using FuncChat.Web.Routes;

namespace FuncChat.Web.OpenApi;

/// <summary>The descriptions of the routes of the clients of OpenAI, the AI SDK and AG-UI.</summary>
internal static class ClientOperations
{
    private static readonly WebJson Responses = WebJson.Relaxed;

    public static IReadOnlyDictionary<ApiRoute, ApiOperation> All { get; } = new Dictionary<ApiRoute, ApiOperation>
    {
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
            OtherResponses = [ApiResponses.NothingLeft],
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
    };
}
