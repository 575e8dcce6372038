using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Searches;
using FuncChat.Web.Chat;
using FuncChat.Web.Http;

namespace FuncChat.Web.Searches;

/// <summary>Reads the body of `POST /api/search`, which may be anything. The first fault is told with its JSON path.</summary>
internal static class SearchRequestParser
{
    private const int MostQueries = 10;
    private const int LongestQuery = 400;
    private const int MostResults = 20;
    private const int LongestTimeout = 60;

    public static IReadOnlyList<string> Fields { get; } = ["query", "queries", "max_results", "include_content", "timeout", "turn_id"];

    public static Result<TurnBody> Parse(ReadOnlyMemory<byte> body) =>
        JsonBody.Parse(body, root => Read(root, $"search {JsonBody.Fingerprint(body)}"));

    private static Result<TurnBody> Read(JsonElement body, string fingerprint)
    {
        string? query = null, turnId = null;
        IReadOnlyList<string>? queries = null;
        int? maxResults = null, timeout = null;
        bool? includeContent = null;
        foreach (var field in body.EnumerateObject())
        {
            var path = JsonField.PathTo("$", field.Name);
            var error = field.Name switch
            {
                "query" => JsonField.ReadText(field.Value, path, LongestQuery, out query),
                "queries" => ReadQueries(field.Value, path, out queries),
                "max_results" => JsonField.ReadWhole(field.Value, path, 1, MostResults, out maxResults),
                "include_content" => JsonField.ReadFlag(field.Value, path, out includeContent),
                "timeout" => JsonField.ReadWhole(field.Value, path, 1, LongestTimeout, out timeout),
                "turn_id" => JsonField.ReadTurnId(field.Value, path, out turnId),
                _ => JsonField.Unknown(path, Fields),
            };
            if (error is not null)
                return error;
        }

        if (query is not null && queries is not null)
            return JsonField.Fault("$.query", "Send either query or queries, not both.");
        if ((queries ?? (query is null ? null : [query])) is not { } asked)
            return JsonField.Fault("$.queries", "The queries are missing: send queries, such as [\"tides\",\"moon\"], or one query.");
        return new TurnBody(turnId, new SearchTurnRequest
        {
            Queries = asked,
            MaxResults = maxResults ?? 5,
            IncludeContent = includeContent ?? true,
            Timeout = timeout ?? 15,
            Fingerprint = fingerprint,
        });
    }

    private static AppError? ReadQueries(JsonElement value, string path, out IReadOnlyList<string>? queries)
    {
        queries = null;
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is < 1 or > MostQueries)
            return JsonField.Fault(path, $"This must be an array of 1 to {MostQueries} queries.");

        var read = new List<string>();
        foreach (var entry in value.EnumerateArray())
        {
            var entryPath = $"{path}[{read.Count}]";
            if (JsonField.ReadText(entry, entryPath, LongestQuery, out var query) is { } error)
                return error;
            if (query is null)
                return JsonField.Fault(entryPath, "This must be a string.");
            if (read.Contains(query, StringComparer.Ordinal))
                return JsonField.Fault(entryPath, "This query is there twice.");
            read.Add(query);
        }

        queries = read;
        return null;
    }
}
