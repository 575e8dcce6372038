using System.Net;
using FuncChat.Tools.Fetch;

namespace FuncChat.Tools.Scrape;

/// <summary>Reads pages of the public web as text, from addresses that may be hostile.</summary>
public sealed class PageReader
{
    // As in the Fetch standard.
    private const int MaxRedirects = 20;

    // The end of a PDF is needed to read its beginning.
    private const int MaxPdfBytes = 2 * LimitedBody.MaxBytes;

    private readonly GuardedHttp _http;
    private readonly TimeProvider _clock;
    private readonly ParseBudget _budget;
    private readonly DocumentReader _documents;

    internal PageReader(GuardedHttp http, TimeProvider clock, ParseBudget budget, DocumentReader documents)
    {
        _documents = documents;
        _http = http;
        _clock = clock;
        _budget = budget;
    }

    /// <summary>Fetches a page (HTML, PDF, plain text, JSON or XML) and returns its text: of a large page, that of its first 5 MB.</summary>
    /// <param name="url">An http or https address.</param>
    /// <param name="timeout">For everything: redirects, body and parsing.</param>
    /// <param name="user">For whom the page is read: users take turns.</param>
    /// <exception cref="ToolException">The page can't be fetched or read. The message has the reason.</exception>
    public async Task<PageContent> ReadAsync(string url, TimeSpan timeout, string user, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(timeout, _clock, cancellationToken);
        var visit = new Visit(this, user);
        try
        {
            var address = WebUrl.Parse(url, out var isSchemeAssumed);
            try
            {
                return await visit.ReadAsync(address, limit.Token);
            }
            catch (ToolException exception) when (isSchemeAssumed && exception.InnerException is HttpRequestException)
            {
                return await visit.ReadAsync(new UriBuilder(address) { Scheme = "http", Port = address.IsDefaultPort ? 80 : address.Port }.Uri, limit.Token);
            }
        }
        catch (OperationCanceledException exception) when (limit.Passed)
        {
            throw new ToolException(
                visit.HasArrived ? $"The page arrived, but could not be read within {timeout.TotalSeconds:0} seconds: it is large, or this server is reading many others. Try again later."
                : $"The page did not arrive within {timeout.TotalSeconds:0} seconds.",
                exception);
        }
    }

    private async Task<PageContent> ReadPdfAsync(PageContent page, ReadOnlyMemory<byte> body, string user, CancellationToken cancellationToken)
    {
        var pdf = await _documents.ReadAsync(body, DocumentKind.Pdf, user, cancellationToken);
        return (page with { Title = pdf.Title, Content = pdf.Text }).With(pdf.Note);
    }

    /// <summary>One reading: its redirects share a limit and their cookies, which end with it.</summary>
    private sealed class Visit(PageReader reader, string user)
    {
        private readonly CookieContainer _cookies = new();
        private int _redirects;

        /// <summary>Whether the last page has arrived whole.</summary>
        public bool HasArrived { get; private set; }

        public async Task<PageContent> ReadAsync(Uri url, CancellationToken cancellationToken)
        {
            while (true)
            {
                var (page, next) = await ReadOnceAsync(url, cancellationToken);
                if (next is null)
                    return page;
                url = Redirect(next);
            }
        }

        private async Task<(PageContent Page, Uri? Refresh)> ReadOnceAsync(Uri url, CancellationToken cancellationToken)
        {
            HasArrived = false;
            using var response = await FollowAsync(url, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new ToolException($"The page answered HTTP {(int)response.StatusCode}{Meaning(response.StatusCode)}.");

            var declared = response.Content.Headers.ContentType;
            var declaredType = declared?.MediaType?.ToLowerInvariant();
            if (declaredType is not null)
                MediaType.EnsureReadable(declaredType);

            var (body, isCut) = await LimitedBody.ReadStartAsync(
                response, declaredType is MediaType.Pdf ? MaxPdfBytes : LimitedBody.MaxBytes, cancellationToken);
            HasArrived = true;
            var type = body.Length == 0 ? declaredType ?? MediaType.PlainText : MediaType.Determine(body.Span, declaredType, declared?.CharSet);
            var page = new PageContent
            {
                Url = response.RequestMessage?.RequestUri ?? url,
                ContentType = type,
                Content = "",
                Note = isCut ? "The page is larger than 5 MB; only its first 5 MB were read." : body.Length == 0 ? "The page is empty." : null,
            };
            if (type is MediaType.Pdf)
                return (isCut ? throw new ToolException("This PDF is larger than 10 MB, which is too large to read.") : await reader.ReadPdfAsync(page, body, user, cancellationToken), null);

            var text = Charset.Decode(body.Span, declared?.CharSet);
            if (Charset.LacksCharacters(text, body.Span, declared?.CharSet))
                page = page.With("Characters of Big5 that can't be read here are shown as \uFFFD.");
            if (!MediaType.IsHtml(type) || text.Length == 0)
                return (page with { Content = text }, null);

            var article = await reader._budget.RunAsync(token => HtmlArticle.ReadAsync(text, page.Url, token), user, reader._clock, cancellationToken);
            return ((page with { Title = article.Title, Content = article.Markdown }).With(article.Note), article.Refresh);
        }

        private async Task<HttpResponseMessage> FollowAsync(Uri url, CancellationToken cancellationToken)
        {
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.TryAddWithoutValidation("Accept", "text/html, application/xhtml+xml, text/plain, application/json, */*;q=0.5");
                if (_cookies.GetCookieHeader(url) is { Length: > 0 } cookies)
                    request.Headers.TryAddWithoutValidation("Cookie", cookies);
                var response = await reader._http.SendAsync(request, cancellationToken);
                Keep(response, url);
                if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
                    return response;

                response.Dispose();
                url = Redirect(Uri.TryCreate(url, location, out var next) ? next : throw new ToolException("The page redirects to an invalid address."));
            }
        }

        private Uri Redirect(Uri next)
        {
            if (_redirects++ == MaxRedirects)
                throw new ToolException($"The page redirects more than {MaxRedirects} times.");
            WebUrl.Check(next);
            return next;
        }

        private void Keep(HttpResponseMessage response, Uri url)
        {
            if (!response.Headers.TryGetValues("Set-Cookie", out var cookies))
                return;
            foreach (var cookie in cookies)
            {
                try
                {
                    _cookies.SetCookies(url, cookie);
                }
                catch (CookieException)
                {
                    // A browser ignores it, too.
                }
            }
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => status
        is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static string Meaning(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => ": it does not exist",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ": it requires signing in, or blocks programs",
        HttpStatusCode.TooManyRequests => ": too many requests",
        >= HttpStatusCode.InternalServerError => ": the site has an error",
        _ => "",
    };
}
