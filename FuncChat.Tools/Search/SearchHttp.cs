using System.Net;
using System.Text.Json;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Search;

/// <summary>Asks search providers over HTTP, and puts their failures into words that hold no key and none of what they sent.</summary>
internal sealed class SearchHttp(GuardedHttp http)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <exception cref="ToolException">No answer, a refusal, or no JSON of this shape.</exception>
    public async Task<T> SendForJsonAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken) where T : class
    {
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        using var response = await SendAsync(request, cancellationToken);
        var body = await LimitedBody.ReadAsync(response, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, Json) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new ToolException("its answer was not of the form it documents", exception);
        }
    }

    /// <exception cref="ToolException">No answer or a refusal.</exception>
    public async Task<string> SendForTextAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken);
        var body = await LimitedBody.ReadAsync(response, cancellationToken);
        return Charset.Decode(body.Span, response.Content.Headers.ContentType?.CharSet);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await http.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
            return response;
        response.Dispose();
        throw new ToolException($"it answered HTTP {(int)response.StatusCode}{Meaning(response.StatusCode)}");
    }

    private static string Meaning(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => " (access refused)",
        // 432 and 433 are Tavily's, for the limits of a plan.
        HttpStatusCode.TooManyRequests or HttpStatusCode.PaymentRequired or (HttpStatusCode)432 or (HttpStatusCode)433 =>
            " (its limit is used up)",
        _ => "",
    };
}
