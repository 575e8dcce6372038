using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using FuncChat.Azure;

namespace FuncChat.Tests.Support;

/// <summary>
/// A vault beneath the SDK's own transport: it asks for a token, lists its secrets in pages of two, and gives them one by one. What it
/// can't do is answer with anything that a real one would not, unless <see cref="Otherwise"/> says so.
/// </summary>
internal sealed class ScriptedVault : HttpMessageHandler
{
    private const string Address = "https://kv-test.vault.azure.net";
    private const int PageSize = 2;

    private readonly ConcurrentDictionary<string, (string Value, JsonObject Attributes)> _secrets = new(StringComparer.Ordinal);

    /// <summary>Answers in the vault's place, where it is set and gives no null.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Otherwise { get; set; }

    public ConcurrentQueue<string> Asked { get; } = [];

    public ScriptedVault With(string name, string value, params (string Name, JsonNode Value)[] attributes)
    {
        var all = new JsonObject { ["enabled"] = true };
        foreach (var (attribute, set) in attributes)
            all[attribute] = set;
        _secrets[name] = (value, all);
        return this;
    }

    /// <summary>The real client with the settings that it has in the app, but that it tries again at once.</summary>
    public SecretClient Client(TokenCredential? credential = null)
    {
        var options = VaultServices.ClientOptions();
        options.Transport = new HttpClientTransport(this);
        options.Retry.Delay = options.Retry.MaxDelay = TimeSpan.Zero;
        return new SecretClient(new Uri(Address), credential ?? new ScriptedCredential(), options);
    }

    public static HttpResponseMessage Refusal(HttpStatusCode status, string code, string inner) => new(status)
    {
        Content = JsonContent.Create(new { error = new { code, message = "No.", innererror = new { code = inner } } }),
    };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Otherwise?.Invoke(request) ?? Answer(request));

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        if (request.Headers.Authorization is null)
        {
            var challenge = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            challenge.Headers.Add("WWW-Authenticate", "Bearer authorization=\"https://login.microsoftonline.com/t\", resource=\"https://vault.azure.net\"");
            return challenge;
        }

        var path = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
        Asked.Enqueue(request.RequestUri.AbsolutePath.Trim('/'));
        if (path.Length == 1)
            return List(request.RequestUri.Query);
        return _secrets.TryGetValue(path[1], out var secret)
            ? Json(new JsonObject { ["id"] = $"{Address}/secrets/{path[1]}/1", ["value"] = secret.Value, ["attributes"] = secret.Attributes.DeepClone() })
            : Refusal(HttpStatusCode.NotFound, "SecretNotFound", "SecretNotFound");
    }

    private HttpResponseMessage List(string query)
    {
        var at = query.IndexOf("$skiptoken=", StringComparison.Ordinal);
        var from = at < 0 ? 0 : int.Parse(query.AsSpan(at + "$skiptoken=".Length), System.Globalization.CultureInfo.InvariantCulture);
        var page = _secrets.OrderBy(secret => secret.Key, StringComparer.Ordinal).Skip(from).Take(PageSize).Select(secret => (JsonNode)new JsonObject
        {
            ["id"] = $"{Address}/secrets/{secret.Key}",
            ["managed"] = secret.Value.Attributes["managed"]?.DeepClone() ?? false,
            ["attributes"] = secret.Value.Attributes.DeepClone(),
        });
        var next = from + PageSize < _secrets.Count ? $"{Address}/secrets?api-version=7.6&$skiptoken={from + PageSize}" : null;
        return Json(new JsonObject { ["value"] = new JsonArray([.. page]), ["nextLink"] = next });
    }

    private static HttpResponseMessage Json(JsonNode body) => new(HttpStatusCode.OK) { Content = JsonContent.Create(body) };
}
