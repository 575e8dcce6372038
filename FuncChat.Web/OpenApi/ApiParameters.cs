namespace FuncChat.Web.OpenApi;

/// <summary>The parameters of operations.</summary>
internal static class ApiParameters
{
    private const string EventId = """{"type":"integer","minimum":0}""";

    /// <summary>The parameters in paths, by the name that <see cref="Routes.ApiPaths"/> gives them.</summary>
    public static IReadOnlyDictionary<string, ApiParameter> InPath { get; } = new[]
    {
        new ApiParameter("turnId", "path", "The turn's id: your own turn_id, or the one in X-Turn-Id.", """{"$ref":"#/components/schemas/TurnId"}""")
        {
            Component = "TurnId",
        },
        new ApiParameter("responseId", "path", "The id of the response, which is a turn's id.", """{"type":"string"}"""),
        new ApiParameter("threadId", "path", "The thread's id.", """{"$ref":"#/components/schemas/TurnId"}"""),
        new ApiParameter("shareId", "path", "The id of the link.", """{"type":"string"}"""),
        new ApiParameter("fileId", "path", "The file's id.", """{"type":"string"}"""),
        new ApiParameter(
            "chatId", "path", "The id of the chat, or the stream's id in x-workflow-run-id.", """{"type":"string"}"""),
        new ApiParameter("server", "path", "The name of the MCP server.", """{"type":"string"}"""),
        new ApiParameter("modelId", "path", "The model's id, raw or percent-encoded.", """{"type":"string"}"""),
    }.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);

    public static ApiParameter LastEventId { get; } = new("Last-Event-ID", "header", "The id of the last event that you have.", EventId);

    public static ApiParameter After { get; } =
        new("after", "query", "The id of the last event that you have, for clients that can't set Last-Event-ID; `lastEventId` is another name. The highest one counts.", EventId);

    public static ApiParameter IdempotencyKey { get; } = new(
        "Idempotency-Key", "header", "A key of your own. A request with the same key and body follows the existing turn, which then continues when you disconnect.",
        """{"type":"string"}""");

    public static ApiParameter Stream { get; } = new("stream", "query", "Whether the answer is a stream of events.", """{"type":"boolean"}""");

    public static ApiParameter StartingAfter { get; } = new("starting_after", "query", "The sequence_number of the last event that you have.", EventId);

    public static ApiParameter ItemLimit { get; } = new("limit", "query", "The most items to return. Default 20.", """{"type":"integer","minimum":1,"maximum":100}""");

    public static ApiParameter ItemOrder { get; } = new("order", "query", "The order: the last item first, by default.", """{"type":"string","enum":["asc","desc"]}""");

    public static ApiParameter ItemsAfter { get; } = new("after", "query", "The id of the last item that you have.", """{"type":"string"}""");

    public static ApiParameter UiSdkVersion { get; } = new(
        Formats.UiMessages.UiSdkVersion.Header, "header", "For the format `ui-messages`: the major version of the AI SDK that the page uses. Every version throws on chunks that it does not know.",
        """{"type":"integer","enum":[5,6,7],"default":6}""");

    public static ApiParameter StartIndex { get; } = new(
        "startIndex", "query", "The number of chunks of the stream that you have.", """{"type":"integer"}""");

    public static ApiParameter Owner { get; } = new(
        "owner", "query", "For approvers and administrators: the id of the user whose turn it is, if it is not your own.", """{"type":"string"}""");

    public static ApiParameter Month { get; } = new(
        "month", "query", "The month (UTC), such as 2026-11. The current one by default.", """{"type":"string","pattern":"^\\d{4}-\\d{2}$"}""");

    public static ApiParameter UsageFormat { get; } = new(
        "format", "query", "`json` by default, or `csv`, which an `Accept` header of text/csv asks for too.", """{"type":"string","enum":["json","csv"]}""");

    public static ApiParameter Limit(int most) => new(
        "limit", "query", "The most items of a page; 50 by default.", $$"""{"type":"integer","minimum":1,"maximum":{{most}}}""");

    public static ApiParameter FileLimit(int most) => new(
        "limit", "query", "The most files to return; all of them by default.", $$"""{"type":"integer","minimum":1,"maximum":{{most}}}""");

    public static ApiParameter Cursor { get; } = new("after", "query", "The `next` of an earlier page, for the page after it.", """{"type":"string"}""");

    public static ApiParameter Search { get; } = new("search", "query", "A text that titles must contain, in any case.", """{"type":"string"}""");

    public static ApiParameter Archived { get; } = new(
        "archived", "query", "Whether archived threads are listed: `false` by default.", """{"type":"string","enum":["true","false","all"]}""");

    public static ApiParameter Folder { get; } = new(
        "folder", "query", "The folder whose threads are listed; an empty text for those in none.", """{"type":"string"}""");

    public static ApiParameter Shared { get; } = new(
        "shared", "query", "`true` to list only threads that are shared.", """{"type":"string","enum":["true"]}""");

    public static ApiParameter WithEvents { get; } = new("events", "query", "Whether each turn has its events.", """{"type":"string","enum":["true","false"]}""");

    public static ApiParameter IfMatch { get; } = new(
        "If-Match", "header", "The ETag of the thread as you know it: if it has changed since, the response is a 412.", """{"type":"string"}""");

    public static ApiParameter IfNoneMatch { get; } = new(
        "If-None-Match", "header", "The ETag of what you have: if it is still the same, the response is a 304.", """{"type":"string"}""");

    public static ApiParameter FileName { get; } = new("name", "query", "The file's name, if the body is the file alone.", """{"type":"string"}""");

    public static ApiParameter ThreadOfFile { get; } = new(
        "thread_id", "query", "The thread that the file belongs to.", """{"type":"string","pattern":"^[A-Za-z0-9_-]{8,64}$"}""");

    /// <summary>The wire format of a turn, and what a format asks for.</summary>
    public static IReadOnlyList<ApiParameter> OfFormats { get; } =
    [
        new(
            "format", "query", "The wire format of the response: `native` by default, and for searches and plans; the others are for chats.",
            """{"$ref":"#/components/schemas/WireFormat"}"""),
        new("include_usage", "query", "For the format `openai-chat`: whether the stream ends with the tokens that were used.", """{"type":"boolean","default":false}"""),
        UiSdkVersion,
    ];
}
