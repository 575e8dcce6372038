namespace FuncChat.Web.Routes;

/// <summary>The paths of the API below `/api`, as both hosts write them.</summary>
public static class ApiPaths
{
    public const string AgUi = "agui";
    public const string Approvals = "approvals";
    public const string Chat = "chat";
    public const string ChatTurn = "chat/{turnId}";
    public const string Config = "config";
    public const string File = "files/{fileId}";
    public const string FileContent = "files/{fileId}/content";
    public const string Files = "files";
    public const string Health = "health";
    public const string Mcp = "mcp";
    public const string McpCallback = "mcp/oauth/callback";
    public const string McpClient = "mcp/oauth/client.json";
    public const string McpResource = "mcp/oauth-protected-resource";
    public const string McpServers = "mcp/servers";
    public const string McpSignIn = "mcp/servers/{server}/sign-in";
    public const string Models = "models";
    public const string OpenAiChatCompletions = "v1/chat/completions";
    public const string OpenAiModel = "v1/models/{*modelId}";
    public const string OpenAiModels = "v1/models";
    public const string OpenApi = "openapi.json";
    public const string Planning = "planning";
    public const string Proxy = "proxy";
    public const string Response = "v1/responses/{responseId}";
    public const string ResponseCancel = "v1/responses/{responseId}/cancel";
    public const string ResponseInputItems = "v1/responses/{responseId}/input_items";
    public const string Responses = "v1/responses";
    public const string Search = "search";
    public const string Shared = "shared/{shareId}";
    public const string SharedFile = "shared/{shareId}/files/{fileId}";
    public const string Thread = "threads/{threadId}";
    public const string ThreadExport = "threads/{threadId}/export";
    public const string ThreadShare = "threads/{threadId}/share";
    public const string ThreadTurn = "threads/{threadId}/turns/{turnId}";
    public const string ThreadTurns = "threads/{threadId}/turns";
    public const string Threads = "threads";
    public const string Tools = "tools";
    public const string Turn = "turns/{turnId}";
    public const string TurnSignals = "turns/{turnId}/signals";
    public const string UiChat = "ui/chat";
    public const string UiChatStop = "ui/chat/{chatId}/stop";
    public const string UiChatStream = "ui/chat/{chatId}/stream";
    public const string Usage = "usage";
    public const string UsageOfAll = "usage/users";
}
