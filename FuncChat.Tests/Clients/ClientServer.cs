using System.Collections.Concurrent;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Clients;

/// <summary>
/// The server that stock clients call, with a provider that answers by the words of the question. All clients share it; the question's end names the client,
/// so that their calls can be told apart.
/// </summary>
public sealed class ClientServer : IAsyncLifetime
{
    public const string Model = "openai:scripted";

    private const string Weather = """{"city":"Bern"}""";
    private const string Json = """{"city":"Bern","degrees":21}""";

    private static readonly string Scripts = Repository.PathOf("FuncChat.Tests", "Clients", "node");

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<JsonElement>>> _results = new(StringComparer.Ordinal);
    private ScriptedModelServer _upstream = null!;
    private LocalServer _server = null!;
    private string _node = null!;

    public Uri BaseUrl => new(_server.Http.BaseAddress!, "api/v1");

    public async Task InitializeAsync()
    {
        _node = Path.GetDirectoryName(Path.GetDirectoryName(await NodeTool.ScriptAsync(Scripts, Path.Combine("openai", "package.json"))))!;
        _upstream = (await ScriptedModelServer.StartAsync()).Otherwise(Answer);
        _server = await LocalServer.StartAsync(_folder.Path, settings: [
            ("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", _upstream.BaseUrl), ("OPENAI_MODELS", "scripted"),
            ("FuncChat:Providers:openai:MaxRetries", "0")]);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Runs the script of a client, once, and returns what its checks returned, by their names.</summary>
    internal Task<JsonElement> ResultsAsync(string script, params string[] arguments) => _results.GetOrAdd(
        string.Join(' ', [script, .. arguments]), _ => new Lazy<Task<JsonElement>>(() => RunAsync(script, arguments))).Value;

    /// <summary>The calls of the model for a question.</summary>
    internal IReadOnlyList<ScriptedRequest> CallsFor(string question, string client) =>
        [.. _upstream.Requests.Where(request => Question(request).Contains($"{question} ({client})", StringComparison.Ordinal))];

    private async Task<JsonElement> RunAsync(string script, string[] arguments)
    {
        var (exitCode, output) = await NodeTool.RunAsync(Path.GetDirectoryName(_node)!, "node", [$"{script}.mjs", BaseUrl.ToString(), .. arguments]);
        Assert.True(exitCode == 0, output);
        return JsonElement.Parse(output);
    }

    private ScriptedAnswer Answer(ScriptedRequest request)
    {
        var answer = new ScriptedAnswer();
        var body = request.Body;
        var last = body.GetProperty("messages").EnumerateArray().Last();
        var question = Question(request);
        if (last.GetProperty("role").ValueEquals("tool"))
            return answer.Text("It is ", last.GetProperty("content").GetString()!, ".").Ends();
        if (Asks("weather"))
            return answer.ToolCall("call_1", "get_weather", Weather).Ends("tool_calls");
        if (Asks("script"))
            return answer.ToolCall("call_1", "execute_javascript", """{"code":"6*7"}""").Ends("tool_calls");
        if (Asks("json"))
            return body.TryGetProperty("response_format", out _)
                ? answer.Text(Json).Ends()
                : answer.ToolCall("call_1", body.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString()!, Json).Ends("tool_calls");
        if (Asks("think"))
            return answer.Reasoning("Let me ", "think.").Text("42").Finish().Event(
                """{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":9,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":7}}}""").Done();
        if (Asks("stall"))
            return answer.Text("Half").Stall();
        if (Asks("refuse"))
            return answer.Respond(400, """{"error":{"message":"Too long.","code":"context_length_exceeded"}}""");
        if (Asks("deny"))
            return answer.Respond(401, """{"error":{"message":"Who?"}}""");
        if (Asks("fail once") && _failures.AddOrUpdate(question, 1, (_, count) => count + 1) == 1)
            return answer.Respond(503, "");
        return answer.Text("Hello, ", "world.").Ends();

        bool Asks(string words) => question.Contains($"{words} (", StringComparison.Ordinal);
    }

    private static string Question(ScriptedRequest request) => request.LastText() ?? "";
}
