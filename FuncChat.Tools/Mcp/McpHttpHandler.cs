using FuncChat.Tools.Fetch;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Tools.Mcp;

/// <summary>
/// Sends requests to one MCP server: adds its credentials, only for its own origin, follows no redirects, and limits the response.
/// </summary>
/// <param name="token">Returns the bearer token for a request; null if there is none.</param>
/// <param name="refused">Called with a token that the server does not accept.</param>
/// <param name="challenged">Called when the server refuses a request, and says where users sign in (RFC 9728).</param>
/// <param name="budget">Of all responses together; null where each has a stream of its own.</param>
internal sealed class McpHttpHandler(
    McpServerSettings server, IConfiguration configuration, Func<CancellationToken, ValueTask<string?>> token, Action<string> refused, Action challenged, ByteBudget? budget, TimeProvider time,
    HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    private const string SessionHeader = "Mcp-Session-Id";

    // The SDK opens a stream again as soon as the server allows it (`retry: 0`), for ever.
    private static readonly TimeSpan ReopenInterval = TimeSpan.FromSeconds(1);

    // The SDK waits without limit for a server to confirm the end of a session.
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(3);

    private readonly string _origin = server.Url!.GetLeftPart(UriPartial.Authority);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // With the transport of 2024, the server chooses the address for messages.
        if (request.RequestUri?.GetLeftPart(UriPartial.Authority) != _origin)
            throw new HttpRequestException("The server named an address on another host.");
        foreach (var (name, key) in server.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, configuration[key]))
                throw new HttpRequestException("A header of the server's settings can't be sent.");
        }

        if (request.Method == HttpMethod.Get && request.Headers.Contains("Last-Event-ID"))
            await Task.Delay(ReopenInterval, time, cancellationToken);
        using var limit = new CancellationTokenSource(request.Method == HttpMethod.Delete ? EndTimeout : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        cancellationToken = either.Token;
        var bearer = await token(cancellationToken);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode is >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest)
        {
            response.Dispose();
            throw new HttpRequestException("The server redirects to another address, which is not followed.", null, response.StatusCode);
        }

        if (response.StatusCode == HttpStatusCode.Unauthorized && bearer is not null)
            refused(bearer);
        if (response.StatusCode == HttpStatusCode.Unauthorized
            && response.Headers.WwwAuthenticate.Any(each => each.Parameter?.Contains("resource_metadata", StringComparison.OrdinalIgnoreCase) == true))
        {
            challenged();
        }

        if (response.StatusCode == HttpStatusCode.Forbidden && BearerChallenge.In(response) is { } challenge
            && BearerChallenge.Find(challenge, "error") == "insufficient_scope" && ScopeSet.Parse(BearerChallenge.Find(challenge, "scope")) is { IsEmpty: false } scopes)
        {
            response.Dispose();
            throw new InsufficientScopeException(scopes);
        }

        // Case has no meaning in a media type, but has to the SDK, which can't read a body of an unknown charset either.
        if (response.Content.Headers.ContentType is { MediaType: { } type } contentType)
        {
            contentType.MediaType = type.ToLowerInvariant();
            if (!Charset.IsReadable(contentType.CharSet))
                contentType.CharSet = null;
        }

        response.Content = new LimitedContent(response.Content, budget ?? new ByteBudget());
        if (request.Method == HttpMethod.Post)
            await ThrowErrorAsync(request, response, cancellationToken);
        return response;
    }

    private async Task ThrowErrorAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // Other statuses have a meaning of their own: the credentials, and the end of the session.
        var hasSession = request.Headers.Contains(SessionHeader);
        if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || (response.StatusCode == HttpStatusCode.NotFound && hasSession))
            return;
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            response.Content = await FirstMessageAsync(response, cancellationToken);
        if (response.StatusCode == HttpStatusCode.BadRequest && hasSession)
        {
            if (await SessionLostException.ReadAsync(response.Content, cancellationToken) is { } lost)
            {
                response.Dispose();
                throw lost;
            }
        }

        if (await McpErrors.ReadAsync(response.Content, cancellationToken) is { } error)
        {
            response.Dispose();
            throw error;
        }
    }

    // The stream may stay open.
    private async Task<HttpContent> FirstMessageAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(EndTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using (var events = response.Content)
            {
                var message = await SseParser.Create(await events.ReadAsStreamAsync(either.Token)).EnumerateAsync(either.Token).Select(item => item.Data)
                    .FirstOrDefaultAsync(data => data.Length > 0, either.Token);
                return new StringContent(message ?? "", Encoding.UTF8, "application/json");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("The server did not send an event.", null, response.StatusCode);
        }
    }

    private sealed class LimitedContent : HttpContent
    {
        private readonly HttpContent _content;
        private readonly ByteBudget _budget;

        public LimitedContent(HttpContent content, ByteBudget budget)
        {
            (_content, _budget) = (content, budget);
            foreach (var header in content.Headers)
                Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
        {
            var type = Headers.ContentType?.MediaType;
            var body = new RepairedStream(new LimitedStream(await _content.ReadAsStreamAsync(cancellationToken), type == "text/event-stream", budget: _budget));
            if (type == "text/event-stream")
                return new MessageEvents(body);
            if (type != "application/json")
                return body;
            await using (body)
            {
                var whole = new MemoryStream();
                await body.CopyToAsync(whole, cancellationToken);
                ResponseId.Repair(whole.GetBuffer().AsSpan(0, (int)whole.Length));
                whole.Position = 0;
                return whole;
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await using var limited = await CreateContentReadStreamAsync(cancellationToken);
            await limited.CopyToAsync(stream, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _content.Dispose();
            base.Dispose(disposing);
        }
    }
}
