using System.Collections.Concurrent;
using System.Text.Json;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Local;

/// <summary>
/// The world around a process that is killed: a model provider whose answers depend on the request, so that a repeated call gets the same, and a search engine
/// with its pages. Both outlive the process and count.
/// </summary>
internal sealed class CrashUpstream : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _stalls = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _stalled = new(StringComparer.Ordinal);

    private CrashUpstream(ScriptedModelServer models, ScriptedWebServer web)
    {
        Models = models;
        Web = web;
    }

    public ScriptedModelServer Models { get; }

    public ScriptedWebServer Web { get; }

    /// <summary>The answers of the turn's own model calls, by how many tool rounds there were before.</summary>
    public List<Action<ScriptedAnswer>> Answers { get; } = [];

    public (string, string)[] Environment =>
    [
        ("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", Models.BaseUrl), ("SEARXNG_URL", Web.Url.ToString()),
        ("FuncChat__Web__AllowedPrivateHosts", Web.Url.Authority), ("FuncChat__Turns__DetachedGrace", "01:00:00"), ("MAX_TOOL_ITERATIONS", "50"),
    ];

    public static async Task<CrashUpstream> StartAsync()
    {
        var upstream = new CrashUpstream(await ScriptedModelServer.StartAsync(), await ScriptedWebServer.StartAsync());
        upstream.Models.Otherwise(upstream.Answer);
        upstream.Web.On("/search", upstream.SearchAsync);
        foreach (var page in new[] { "/page1", "/page2" })
            upstream.Web.On(page, $"<html><title>{page}</title><body><article><p>{string.Concat(Enumerable.Repeat($"All about {page}. ", 30))}</p></article></body></html>");
        return upstream;
    }

    /// <summary>The next so many calls of this phase, or of the page in question, get no answer until their caller is gone.</summary>
    public void Stall(string what, int times) => _stalls[what] = times;

    /// <summary>Waits until a call of this phase has come that gets no answer.</summary>
    public Task StalledAsync(string what) => StalledOf(what).WaitAsync();

    /// <summary>How often a path and query was fetched.</summary>
    public int Fetched(string target) => Web.Requests.Count(request => request == target);

    /// <summary>How often this was searched for; one continues to further pages of results.</summary>
    public int Searched(string query) => Fetched($"/search?q={Uri.EscapeDataString(query)}&format=json&pageno=1");

    public int Asked(string what) => _asked.GetValueOrDefault(what);

    public async ValueTask DisposeAsync()
    {
        await Models.DisposeAsync();
        await Web.DisposeAsync();
    }

    private ScriptedAnswer Answer(ScriptedRequest request)
    {
        var system = request.LastText("system");
        var prompt = request.LastText() ?? "";
        return system switch
        {
            null => Chat(request),
            _ when system.StartsWith("You plan web research", StringComparison.Ordinal) => SubCall("plan", "[\"rust\"]"),
            _ when system.StartsWith("Summarize", StringComparison.Ordinal) => SubCall(prompt.Contains("/page1", StringComparison.Ordinal) ? "page1" : "page2", "A summary."),
            _ => SubCall("answer", "The answer [1] is [2]."),
        };
    }

    private ScriptedAnswer SubCall(string what, string text)
    {
        _asked.AddOrUpdate(what, 1, (_, count) => count + 1);
        var answer = new ScriptedAnswer();
        return TakesStall(what) ? answer.Stall() : answer.Text(text).Ends();
    }

    private ScriptedAnswer Chat(ScriptedRequest request)
    {
        var rounds = request.Body.GetProperty("messages").EnumerateArray().Count(message => message.TryGetProperty("tool_calls", out _));
        var answer = new ScriptedAnswer();
        if (TakesStall($"chat{rounds}"))
            return answer.Text("Half an").Stall();
        Answers[rounds](answer);
        return answer;
    }

    private bool TakesStall(string what)
    {
        var took = false;
        if (_stalls.ContainsKey(what))
            _stalls.AddOrUpdate(what, 0, (_, left) => (took = left > 0) ? left - 1 : 0);
        if (took)
            StalledOf(what).Release();
        return took;
    }

    private SemaphoreSlim StalledOf(string what) => _stalled.GetOrAdd(what, _ => new SemaphoreSlim(0));

    private Task SearchAsync(HttpContext context)
    {
        var results = new[] { "page1", "page2" }.Select(page => new { title = page, url = new Uri(Web.Url, page).ToString(), content = $"About {page}." });
        context.Response.ContentType = "application/json";
        var body = JsonSerializer.Serialize(new { results = context.Request.Query["pageno"] == "1" ? results : [] });
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
