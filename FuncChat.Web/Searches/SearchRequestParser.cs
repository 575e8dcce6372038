using FuncChat.Engine;
using FuncChat.Engine.Searches;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;

namespace FuncChat.Web.Searches;

/// <summary>Reads the body of `POST /api/search`, which is untrusted, and reports the first error with its JSON path.</summary>
internal static class SearchRequestParser
{
    public static Result<TurnBody> Parse(ReadOnlyMemory<byte> body)
    {
        var request = RequestJson.Read(body, RequestJsonContext.Default.SearchRequest);
        return request.Succeeded ? TurnOf(request.Value, $"search {RequestJson.Fingerprint(body)}") : request.Error;
    }

    private static Result<TurnBody> TurnOf(SearchRequest request, string fingerprint)
    {
        if (request is { Query: not null, Queries: not null })
            return JsonField.Error("$.query", "Send either query or queries, not both.");
        if ((request.Queries ?? (request.Query is null ? null : [request.Query])) is not { } queries)
            return JsonField.Error("$.queries", "The queries are missing: send queries, such as [\"tides\",\"moon\"], or one query.");
        return new TurnBody(request.TurnId, new SearchTurnRequest
        {
            Queries = queries,
            MaxResults = request.MaxResults ?? 5,
            IncludeContent = request.IncludeContent ?? true,
            Timeout = request.Timeout ?? 15,
            Fingerprint = fingerprint,
        });
    }
}
