using System.Text;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FuncChat.Tests.Hostile;

/// <summary>
/// Every key that the server is set up with, and every token that a client sends, is a canary here. Providers and search services repeat
/// them in their errors; nothing that the server answers, logs or keeps may.
/// </summary>
public sealed class LeakTests : IAsyncLifetime
{
    private const string Mark = "Canary7f3a";
    private const string GroqKey = $"gsk_{Mark}Groq0123456789abcdefghij";
    private const string NamedKey = $"{Mark}.named";
    private const string BraveKey = $"BSA-{Mark}-brave";
    private const string TavilyKey = $"tvly-{Mark}Tavily01234567";
    private const string Token = $"{Mark}.token.signature";

    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLogs _logs = new();
    private readonly GatedTools _tools = new();
    private readonly StringBuilder _answers = new();
    private ScriptedModelServer _upstream = null!;
    private ScriptedWebServer _web = null!;
    private LocalServer _server = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedModelServer.StartAsync();
        _upstream.Otherwise(Answer);
        _web = await ScriptedWebServer.StartAsync();
        foreach (var path in (string[])["/brave", "/tavily", "/duck"])
        {
            _web.On(path, async http =>
            {
                http.Response.StatusCode = 403;
                await http.Response.WriteAsJsonAsync(new { error = new { message = "Bad key", headers = http.Request.Headers.ToString(), keys = new[] { BraveKey, TavilyKey } } });
            });
        }

        var host = _web.Url.Authority;
        _server = await LocalServer.StartWithAsync(
            _folder.Path,
            builder => builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_logs),
            null, _tools,
            ("GROQ_API_KEY", GroqKey), ("GROQ_API_URL", _upstream.BaseUrl),
            ("FuncChat:Providers:named:Url", _upstream.BaseUrl), ("FuncChat:Providers:named:ApiKey", NamedKey),
            ("FuncChat:Providers:named:MaxRetries", "0"),
            ("BRAVE_API_KEY", BraveKey), ("TAVILY_API_KEY", TavilyKey), ("FuncChat:Web:AllowedPrivateHosts", host),
            ("FuncChat:Search:BraveUrl", $"http://{host}/brave"), ("FuncChat:Search:TavilyUrl", $"http://{host}/tavily"),
            ("FuncChat:Search:DuckDuckGoUrl", $"http://{host}/duck"));
        _server.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
        _server.Http.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"session={Token}");
        _server.Http.DefaultRequestHeaders.TryAddWithoutValidation("X-Api-Key", Token);
        _server.Http.DefaultRequestHeaders.TryAddWithoutValidation("X-Functions-Key", Token);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _web.DisposeAsync();
        await _upstream.DisposeAsync();
        _logs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task No_key_or_token_is_in_an_answer_a_log_line_or_a_file()
    {
        foreach (var path in (string[])["api/health", "api/models", "api/tools", "api/nothing", "api/chat/turn-9999", "api/chat/x", "api/chat/turn-9999?after=x"])
            await SendAsync(HttpMethod.Get, path);
        await SendAsync(HttpMethod.Delete, "api/chat/turn-9999");
        foreach (var body in (string[])["", "[", "{}", """{"messages":[{"role":"user","content":"x"}],"model":"nobody:nothing"}"""])
        {
            await SendAsync(HttpMethod.Post, "api/chat", body);
            await SendAsync(HttpMethod.Post, "api/proxy", body);
        }

        foreach (var model in (string[])["groq:says", "named:says", "named:tools", "groq:status-400", "groq:status-401", "named:status-403", "named:status-404", "named:status-429",
            "named:status-500", "named:page", "named:breaks", "named:breaks-as-key", "named:stops"])
        {
            await SendAsync(HttpMethod.Post, "api/chat", Chat(model));
            await SendAsync(HttpMethod.Post, "api/proxy", Chat(model));
            await SendAsync(HttpMethod.Post, "api/proxy", Chat(model, ""","stream":true"""));
        }

        // The traffic was what it should be: keys went out, all ways were gone, and all was recorded.
        Assert.Contains(_upstream.Requests, request => request.Headers["Authorization"] == $"Bearer {GroqKey}");
        Assert.Contains(_upstream.Requests, request => request.Headers["Authorization"] == $"Bearer {NamedKey}");
        Assert.Equal(3, new[] { "/brave", "/tavily", "/duck" }.Count(path => _web.Requests.Any(request => request.StartsWith(path, StringComparison.Ordinal))));
        var answers = _answers.ToString();
        foreach (var code in (string[])["INVALID_REQUEST", "NOT_FOUND", "CONFIGURATION_ERROR", "RATE_LIMITED", "UPSTREAM_ERROR", "tool_call_result", "event: complete", "chat.completion.chunk"])
            Assert.Contains(code, answers, StringComparison.Ordinal);
        var files = Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(files);
        Assert.True(_logs.Lines.Count > 100);

        Assert.DoesNotContain(Mark, answers, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_logs.Lines, line => line.Contains(Mark, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(files, file => File.ReadAllText(file).Contains(Mark, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at FuncChat", answers, StringComparison.Ordinal);
    }

    private static string Chat(string model, string more = "") =>
        $$"""{"messages":[{"role":"user","content":"x"}],"model":"{{model}}","tools":["search_web","Fails","Breaks","Echo"]{{more}}}""";

    // Says what the model's name asks for, and repeats the key wherever a provider could.
    private static ScriptedAnswer Answer(ScriptedRequest request)
    {
        var key = request.Headers["Authorization"]["Bearer ".Length..];
        var error = $$$"""{"error":{"message":"Incorrect API key provided: {{{key}}}. Authorization: Bearer {{{key}}}","type":"bad","code":"bad"}}""";
        var model = request.Body.GetProperty("model").GetString()!;
        var answer = new ScriptedAnswer();
        if (model.StartsWith("status-", StringComparison.Ordinal))
            return answer.Respond(int.Parse(model["status-".Length..], System.Globalization.CultureInfo.InvariantCulture), error);
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

    private async Task SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _server.Http.SendAsync(request);
        _answers.Append(response.Headers).Append(response.Content.Headers).AppendLine(await response.Content.ReadAsStringAsync());
    }
}
