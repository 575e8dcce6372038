using System.Globalization;
using System.Net;
using FuncChat.Tools.Configuration;
using FuncChat.Tools.Fetch;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tools.OpenApi;

/// <summary>The operations of one HTTP API as tools.</summary>
internal sealed partial class OpenApiSource : IToolSource, IDisposable
{
    private const int MaxError = 1000;

    // Those of large APIs have 13 MB.
    private const int MaxDocument = 32 * 1024 * 1024;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly OpenApiServerSettings _server;
    private readonly IConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,

        // A call's own headers come first.
        DefaultRequestHeaders = { { "User-Agent", UserAgent.Product }, { "Accept", "*/*" } },
    };

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<Tool>>? _tools;
    private DateTimeOffset _expires;

    public OpenApiSource(OpenApiServerSettings server, IConfiguration configuration, TimeProvider time, ILogger logger)
    {
        _server = server;
        _configuration = configuration;
        _time = time;
        _logger = logger;
    }

    public string Name => _server.Name;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tool>> ListAsync(ToolUser user, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<Tool>> tools;
        lock (_lock)
        {
            if (_tools is null || (_tools.IsCompleted && _time.GetUtcNow() >= _expires))
                _tools = Task.Run(LoadAsync, CancellationToken.None);
            tools = _tools;
        }

        return await tools.WaitAsync(cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<Tool>> LoadAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(_server.Timeout, _time);
            var leftOut = new List<string>();
            var address = new Uri(OpenApiServerSettings.IsAddress(_server.Document) ? _server.Document : Path.GetFullPath(_server.Document));
            var text = await ReadFileAsync(address, limit.Token);
            var bundle = await ApiBundle.ReadAsync(text, address, ReadPartAsync, _server.IsAllowed, limit.Token);
            leftOut.AddRange((bundle?.LeftOut ?? []).Select(left => $"{left.Id ?? left.Name} (it needs {left.Reason})"));
            var allowed = _server.Operations.Where(name => bundle?.LeftOut.Exists(left => name == left.Id || name.Equals(left.Name, StringComparison.OrdinalIgnoreCase)) != true);
            var operations = ApiDocument.Read(bundle?.Text ?? text, [.. allowed], _server.Headers.Keys, ApiQuery.NamesIn(_server.BaseUrl), leftOut, limit.Token);
            if (leftOut.Count > 0)
                LogLeftOut(Name, ForeignText.Clean(string.Join(", ", leftOut), MaxError));
            if (bundle?.Unreadable.Count > 0)
                LogUnreadable(Name, ForeignText.Clean(string.Join(", ", bundle.Unreadable), MaxError));
            _expires = _time.GetUtcNow() + Lifetime;
            return [.. operations.Select(Create).DistinctBy(tool => tool.Name)];
        }
        catch (Exception failure)
        {
            LogUnavailable(Name, failure);
            _expires = _time.GetUtcNow() + RetryInterval;
            throw new ToolSourceException($"The description of the API '{Name}' is unavailable.", failure);
        }
    }

    // The document is fetched without the API's credentials.
    private async Task<string> ReadFileAsync(Uri address, CancellationToken cancellationToken)
    {
        if (address.IsFile)
            return await File.ReadAllTextAsync(address.LocalPath, cancellationToken);
        using var response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var body = new LimitedStream(await response.Content.ReadAsStreamAsync(cancellationToken), isEventStream: false, MaxDocument);
        using var received = new MemoryStream();
        await body.CopyToAsync(received, cancellationToken);
        return Charset.Decode(received.GetBuffer().AsSpan(0, (int)received.Length), response.Content.Headers.ContentType?.CharSet);
    }

    // What it throws is shown in the log, without the place of the file.
    private async Task<string> ReadPartAsync(Uri address, CancellationToken cancellationToken)
    {
        if (address.IsFile && (!File.Exists(address.LocalPath) ? "a file that does not exist" : SettingFile.FindError(address.LocalPath)) is { } wrong)
            throw new InvalidDataException($"it is {wrong}");
        if (address.IsFile && new FileInfo(address.LocalPath).Length > MaxDocument)
            throw new InvalidDataException("the file is too large");
        return await ReadFileAsync(address, cancellationToken);
    }

    private Tool Create(DescribedOperation described)
    {
        var operation = described.Operation;
        var readOnly = operation.Method == HttpMethod.Get || operation.Method == HttpMethod.Head;
        return new Tool(new RemoteFunction(
            ToolName.Of(Name, described.Id), described.Description, described.Schema, (arguments, run, cancellationToken) => CallAsync(operation, arguments, run, cancellationToken)))
        {
            Policy = new ToolPolicy { ReturnsUntrusted = true, ReadOnly = readOnly, Destructive = !readOnly },
        };
    }

    private async Task<string> CallAsync(ApiOperation operation, AIFunctionArguments arguments, IToolRun? run, CancellationToken cancellationToken)
    {
        using var request = await operation.ToRequestAsync(_server.BaseUrl, arguments, run, cancellationToken);
        foreach (var (name, key) in _server.Headers)
            request.Headers.TryAddWithoutValidation(name, _configuration[key]);
        using var limit = new CancellationTokenSource(_server.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (FindRedirect(response, request.RequestUri!) is { } host)
            {
                throw new ToolException(string.Create(
                    CultureInfo.InvariantCulture, $"The API '{Name}' returned HTTP status {(int)response.StatusCode}, a redirect to {host}. Redirects of an API are not followed."));
            }

            var text = await ApiContent.ReadAsync(response, either.Token);
            return response.IsSuccessStatusCode ? ResultOf(response, text) : throw new ToolException(ErrorOf(response, ForeignText.Clean(text, MaxError)));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException failure)
        {
            throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"The API '{Name}' did not respond within {_server.Timeout.TotalSeconds:0} seconds."), failure);
        }
        catch (ResponseTooLargeException failure)
        {
            throw new ToolException($"The API '{Name}' sent a response that is too large.", failure);
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException)
        {
            throw new ToolException($"The API '{Name}' sent a response that can't be decompressed: it is not in the encoding that its headers name, or it was cut off.", failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new ToolException($"The API '{Name}' can't be reached.", failure);
        }
    }

    private string ResultOf(HttpResponseMessage response, string text)
    {
        var headers = ApiHeaders.Describe(response, hasBody: text.Length > 0, _server.BaseUrl);
        if (text.Length > 0)
            return headers.Length > 0 ? $"{text}\n\nHeaders of the response:\n{headers}" : text;
        return string.Create(CultureInfo.InvariantCulture, $"The API returned HTTP status {(int)response.StatusCode} without a body.\n{headers}").TrimEnd();
    }

    private string ErrorOf(HttpResponseMessage response, string text)
    {
        var wait = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable ? ApiHeaders.Find(response, "Retry-After", _server.BaseUrl) : null;
        return string.Create(CultureInfo.InvariantCulture, $"The API '{Name}' returned HTTP status {(int)response.StatusCode}")
            + (wait is { Length: > 0 } ? $" (Retry-After: {wait})" : "") + (text.Length > 0 ? $": {text}" : ".");
    }

    // The host of a redirect: the rest of the address may hold a secret.
    private static string? FindRedirect(HttpResponseMessage response, Uri address) =>
        response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect
            or HttpStatusCode.PermanentRedirect) ? null
        : response.Headers.Location is not { } location ? "no address"
        : Uri.TryCreate(address, location, out var target) && AsciiHost.Of(target) is { Length: > 0 } host ? $"the host {host}" : "an invalid address";

    [LoggerMessage(711, LogLevel.Warning, "The description of the API {Api} is unavailable")]
    private partial void LogUnavailable(string api, Exception failure);

    [LoggerMessage(712, LogLevel.Warning, "Operations of the API {Api} that are allowed are not offered: {Operations}")]
    private partial void LogLeftOut(string api, string operations);

    [LoggerMessage(714, LogLevel.Warning, "Parts of the description of the API {Api} can't be read. Arguments that they describe accept any value, and operations that they describe are not offered: {References}")]
    private partial void LogUnreadable(string api, string references);
}
