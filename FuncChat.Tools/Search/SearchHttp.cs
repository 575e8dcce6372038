using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Search;

/// <summary>Sends requests to search providers. Its error messages contain no key and no text of theirs.</summary>
internal sealed class SearchHttp(GuardedHttp http, TimeProvider clock)
{
    /// <exception cref="ToolException">No response, an error status, or JSON of another shape.</exception>
    public async Task<JsonElement> SendForJsonAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        using var response = Check(await http.SendAsync(request, cancellationToken));
        return await ReadJsonAsync(response, cancellationToken);
    }

    /// <summary>As the other overload, with retries at the provider's rate limit.</summary>
    /// <param name="create">Creates the request for each try.</param>
    /// <exception cref="ToolException">No response, an error status, or JSON of another shape.</exception>
    public async Task<JsonElement> SendForJsonAsync(Func<HttpRequestMessage> create, RequestPace pace, CancellationToken cancellationToken)
    {
        using var response = Check(await pace.SendAsync(SendAsync, clock, cancellationToken));
        return await ReadJsonAsync(response, cancellationToken);

        async Task<HttpResponseMessage> SendAsync()
        {
            using var request = create();
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            return await http.SendAsync(request, cancellationToken);
        }
    }

    /// <exception cref="ToolException">No response, or an error status.</exception>
    public async Task<string> SendForTextAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = Check(await http.SendAsync(request, cancellationToken));
        var body = await LimitedBody.ReadAsync(response, cancellationToken);
        return Charset.Decode(body.Span, response.Content.Headers.ContentType?.CharSet);
    }

    // Not all send UTF-8 without a mark, and some cut a text in the middle of an emoji.
    private static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await LimitedBody.ReadAsync(response, cancellationToken);
        var text = Charset.Decode(body.Span, response.Content.Headers.ContentType?.CharSet ?? Encoding.UTF8.WebName);
        try
        {
            var answer = JsonElement.Parse(LoneSurrogates.Replace(Encoding.UTF8.GetBytes(text)).Span);
            return answer.ValueKind == JsonValueKind.Object ? answer : throw SearchJson.UnknownFormat();
        }
        catch (JsonException exception)
        {
            throw SearchJson.UnknownFormat(exception);
        }
    }

    private static HttpResponseMessage Check(HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return response;
        response.Dispose();
        var message = $"it returned HTTP status {(int)response.StatusCode}{Meaning(response.StatusCode)}";
        throw new ToolException(message, new HttpRequestException(message, null, response.StatusCode));
    }

    private static string Meaning(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => " (access refused)",
        // 432 and 433 are Tavily's, for the limits of a plan.
        HttpStatusCode.TooManyRequests or HttpStatusCode.PaymentRequired or (HttpStatusCode)432 or (HttpStatusCode)433 =>
            " (its limit is reached)",
        _ => "",
    };
}
