using System.Net;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Scrape;

/// <summary>Reads pages of the public web as text, from addresses that nobody vouches for.</summary>
public sealed class PageReader
{
    private const int MaxRedirects = 5;

    private readonly GuardedHttp _http;
    private readonly TimeProvider _clock;

    internal PageReader(GuardedHttp http, TimeProvider clock)
    {
        _http = http;
        _clock = clock;
    }

    /// <summary>Fetches a page (HTML, plain text, JSON or XML; at most 5 MB) and gives its whole text.</summary>
    /// <param name="url">An http or https address.</param>
    /// <param name="timeout">For everything: redirects, body and the reading of it.</param>
    /// <exception cref="ToolException">The page can't be had or read; the message says why.</exception>
    public async Task<PageContent> ReadAsync(string url, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(timeout, _clock, cancellationToken);
        try
        {
            return await ReadAsync(WebUrl.Parse(url), limit.Token);
        }
        catch (OperationCanceledException exception) when (limit.Passed)
        {
            throw new ToolException($"The page was not there within {timeout.TotalSeconds:0} seconds.", exception);
        }
    }

    private async Task<PageContent> ReadAsync(Uri url, CancellationToken cancellationToken)
    {
        using var response = await FollowAsync(url, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new ToolException($"The page answered HTTP {(int)response.StatusCode}{Meaning(response.StatusCode)}.");

        var declared = response.Content.Headers.ContentType;
        var declaredType = declared?.MediaType?.ToLowerInvariant();
        if (declaredType is not null)
            MediaType.EnsureReadable(declaredType);

        var body = await LimitedBody.ReadAsync(response, cancellationToken);
        var type = MediaType.Sniff(body.Span, declaredType);
        MediaType.EnsureReadable(type);
        var page = new PageContent
        {
            Url = response.RequestMessage?.RequestUri ?? url,
            ContentType = type,
            Content = Charset.Decode(body.Span, declared?.CharSet),
        };
        if (!MediaType.IsHtml(type))
            return page;

        // Hostile markup can hold a thread for some seconds longer than its token says: nobody waits for that.
        var (title, text) = await Task.Run(() => HtmlArticle.ReadAsync(page.Content, page.Url, cancellationToken), cancellationToken)
            .WaitAsync(cancellationToken);
        return page with { Title = title, Content = text };
    }

    private async Task<HttpResponseMessage> FollowAsync(Uri url, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("Accept", "text/html, application/xhtml+xml, text/plain, application/json, */*;q=0.5");
            var response = await _http.SendAsync(request, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
                return response;

            response.Dispose();
            if (redirects == MaxRedirects)
                throw new ToolException($"The page redirects more than {MaxRedirects} times.");
            url = Uri.TryCreate(url, location, out var next) ? next : throw new ToolException("The page redirects to no valid address.");
            WebUrl.Check(url);
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => status
        is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static string Meaning(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => ": it does not exist",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ": it may not be read without signing in, or not by programs",
        HttpStatusCode.TooManyRequests => ": it was asked too often",
        >= HttpStatusCode.InternalServerError => ": the site has a fault",
        _ => "",
    };
}
