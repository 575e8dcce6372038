using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Search;

/// <summary>Sends requests to search providers. Its error messages contain no key and no text of theirs.</summary>
internal sealed class SearchHttp(GuardedHttp http, TimeProvider clock)
{
    private const int MaxError = 4096;
    private const string Refused = " (access refused)";

    /// <param name="create">Creates the request for each try.</param>
    /// <param name="pace">That of the provider.</param>
    /// <exception cref="ToolException">No response, an error status, or JSON of another shape.</exception>
    public async Task<JsonElement> SendForJsonAsync(Func<HttpRequestMessage> create, RequestPace pace, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(CreateRequest, pace, cancellationToken);
        return await ReadJsonAsync(response, cancellationToken);

        HttpRequestMessage CreateRequest()
        {
            var request = create();
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            return request;
        }
    }

    /// <inheritdoc cref="SendForJsonAsync"/>
    /// <exception cref="ToolException">No response, or an error status.</exception>
    public async Task<string> SendForTextAsync(Func<HttpRequestMessage> create, RequestPace pace, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(create, pace, cancellationToken);
        var body = await LimitedBody.ReadAsync(response, cancellationToken);
        return Charset.Decode(body.Span, response.Content.Headers.ContentType?.CharSet);
    }

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> create, RequestPace pace, CancellationToken cancellationToken)
    {
        var response = await pace.SendAsync(SendOnceAsync, clock, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
            return response;
        using (response)
        {
            var message = $"it returned HTTP status {(int)response.StatusCode}{await MeaningOfAsync(response, cancellationToken)}";
            throw new ToolException(message, new HttpRequestException(message, null, response.StatusCode));
        }

        async Task<HttpResponseMessage> SendOnceAsync()
        {
            using var request = create();
            return await http.SendAsync(request, cancellationToken);
        }
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

    private static async Task<string> MeaningOfAsync(HttpResponseMessage response, CancellationToken cancellationToken) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Refused,
        HttpStatusCode.UnprocessableEntity when await IsInvalidKeyAsync(response, cancellationToken) => Refused,
        // 432 and 433 are Tavily's, for the limits of a plan.
        HttpStatusCode.TooManyRequests or HttpStatusCode.PaymentRequired or (HttpStatusCode)432 or (HttpStatusCode)433 =>
            " (its limit is reached)",
        _ => "",
    };

    // Brave's status for a wrong key is also that of an invalid query.
    private static async Task<bool> IsInvalidKeyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (body, _) = await LimitedBody.ReadStartAsync(response, MaxError, cancellationToken);
        return body.Span.IndexOf("SUBSCRIPTION_TOKEN_INVALID"u8) >= 0;
    }
}
