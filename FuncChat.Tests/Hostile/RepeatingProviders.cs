using System.Globalization;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Hostile;

/// <summary>A model provider and search services that repeat the key that they were sent wherever they can.</summary>
internal sealed class RepeatingProviders : IAsyncDisposable
{
    private static readonly string[] Searches = ["/brave", "/tavily", "/duck"];

    private readonly ScriptedModelServer _models;
    private readonly ScriptedWebServer _web;
    private readonly string[] _searchKeys;

    private RepeatingProviders(ScriptedModelServer models, ScriptedWebServer web, string[] searchKeys)
    {
        (_models, _web, _searchKeys) = (models, web, searchKeys);
        _models.Otherwise(Answer);
        foreach (var path in Searches)
            _web.On(path, RefuseAsync);
    }

    /// <summary>Models of these names each end in their own way; a name `status-400` is refused with that status.</summary>
    public static IReadOnlyList<string> Models { get; } =
        ["says", "tools", "status-400", "status-401", "status-403", "status-404", "status-429", "status-500", "page", "breaks", "breaks-as-key", "stops"];

    public string ModelUrl => _models.BaseUrl;

    /// <summary>Host and port of the search services.</summary>
    public string SearchHost => _web.Url.Authority;

    /// <summary>What the models' provider was sent to be let in by.</summary>
    public IEnumerable<string> Authorizations => _models.Requests.Select(request => request.Headers["Authorization"]);

    public bool EverySearchWasAsked => Searches.All(path => _web.Requests.Any(request => request.StartsWith(path, StringComparison.Ordinal)));

    /// <param name="searchKeys">What the search services repeat to every caller.</param>
    public static async Task<RepeatingProviders> StartAsync(params string[] searchKeys) =>
        new(await ScriptedModelServer.StartAsync(), await ScriptedWebServer.StartAsync(), searchKeys);

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _models.DisposeAsync();
    }

    private static ScriptedAnswer Answer(ScriptedRequest request)
    {
        var key = request.Headers["Authorization"]["Bearer ".Length..];
        var error = $$$"""{"error":{"message":"Incorrect API key provided: {{{key}}}. Authorization: Bearer {{{key}}}","type":"bad","code":"bad"}}""";
        var model = request.Body.GetProperty("model").GetString()!;
        var answer = new ScriptedAnswer();
        if (model.StartsWith("status-", StringComparison.Ordinal))
            return answer.Respond(int.Parse(model["status-".Length..], CultureInfo.InvariantCulture), error);
        if (model == "tools" && request.LastText("tool") is null)
        {
            return answer
                .ToolCall("a", "search_web", """{"query":"x","generate_summary":true}""", 0).ToolCall("b", GatedTools.Fails, "{}", 1)
                .ToolCall("c", GatedTools.Breaks, "{}", 2).ToolCall("d", "nothing", "{}", 3).Ends("tool_calls");
        }

        return model switch
        {
            "page" => answer.Respond(200, $"<html>{key}</html>", ("Content-Type", "text/html")),
            "breaks" => answer.Text("Well").Event(error),
            "breaks-as-key" => answer.Text("Well").Event($"{{\"error\":\"{key}\"}}"),
            "stops" => answer.Text("Well"),
            _ => answer.Text("Hello").Ends(),
        };
    }

    private async Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = 403;
        await http.Response.WriteAsJsonAsync(new { error = new { message = "Bad key", headers = http.Request.Headers.ToString(), keys = _searchKeys } });
    }
}
