using System.Text;
using System.Text.Json;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;
using FuncChat.Web.Formats.UiMessages;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Clients;

/// <summary>A server that crashes after each event of a turn, and a page of the AI SDK that was reading it.</summary>
public sealed class UiChatCrashTests : IAsyncLifetime
{
    private const string Question = "tour (crash)";

    private static readonly string Scripts = Repository.PathOf("FuncChat.Tests", "Clients", "chat");

    private readonly TemporaryFolder _folder = new();
    private ScriptedModelServer _upstream = null!;

    public async Task InitializeAsync()
    {
        await NodeTool.ScriptAsync(Scripts, Path.Combine("ai", "package.json"));
        _upstream = (await ScriptedModelServer.StartAsync()).Otherwise(ChatScript.Answer);
    }

    public async Task DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("6")]
    [InlineData("7")]
    public async Task Page_loses_and_repeats_no_text(string version)
    {
        IReadOnlyList<CrashedTurn> resumed, reconnected;
        string[] expected;
        await using (var server = await StartAsync())
        {
            expected = await ShownAsync(server);
            resumed = await CrashEachAsync(server, version);
            reconnected = await CrashEachAsync(server, version);
        }

        foreach (var turn in resumed.Concat(reconnected))
            Cut(turn);
        await using var restarted = await StartAsync();
        var file = Path.Combine(_folder.Path, "turns.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { resumed = resumed.Select(ForScript), reconnected = reconnected.Select(ForScript) }));

        var (exitCode, output) = await NodeTool.RunAsync(
            Scripts, "node", "ui-crash.mjs", new Uri(restarted.Http.BaseAddress!, "api/ui/chat").ToString(), version, file);

        Assert.True(exitCode == 0, output);
        var results = JsonElement.Parse(output);
        foreach (var (name, turns) in new[] { ("resumed", resumed), ("reconnected", reconnected) })
        {
            Assert.True(results.GetProperty(name).ValueKind == JsonValueKind.Array, output);
            foreach (var (result, turn) in results.GetProperty(name).EnumerateArray().Zip(turns))
            {
                Assert.True(
                    result.GetProperty("shown").EnumerateArray().Select(part => part.GetString()).SequenceEqual(expected),
                    $"{name}, after event {turn.LastId}: {result.GetRawText()}");
                Assert.Equal("ready", result.GetProperty("status").GetString());
            }
        }

        // Only a version that can't take back text must retry, and only where there is text to take back.
        var retried = results.GetProperty("reconnected").EnumerateArray().Count(result => result.GetProperty("retried").GetBoolean());
        Assert.Equal(version == "7" ? 0 : reconnected.Count(HasOpenText), retried);
    }

    private static object ForScript(CrashedTurn turn) => new { runId = turn.RunId, chatId = turn.ChatId, question = Question, records = turn.Records };

    private static bool HasOpenText(CrashedTurn turn)
    {
        var chunks = turn.Records.Select(record => record[(record.LastIndexOf("data: ", StringComparison.Ordinal) + 6)..]).ToList();
        var step = chunks.FindLastIndex(chunk => chunk.Contains("\"start-step\"", StringComparison.Ordinal));
        var rest = step < 0 ? [] : chunks[step..];
        return rest.Exists(chunk => chunk.Contains("-delta\"", StringComparison.Ordinal)) && !turn.IsMessageComplete;
    }

    private async Task<LocalServer> StartAsync() => await LocalServer.StartWithAsync(
        _folder.Path,
        builder =>
        {
            foreach (var tool in ChatScript.Tools([]))
                builder.Services.AddSingleton(tool);
        },
        settings: [
            ("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", _upstream.BaseUrl), ("OPENAI_MODELS", "scripted"), ("FuncChat:Providers:openai:MaxRetries", "0")]);

    private static async Task<string[]> ShownAsync(LocalServer server)
    {
        var (_, text) = await AskAsync(server, "chat-uncut", "6");
        var find = text.Split("\n\n").Select(record => record[(record.IndexOf("data: ", StringComparison.Ordinal) + 6)..]).First(chunk => chunk.Contains("\"tool-output-available\"", StringComparison.Ordinal));
        var output = JsonElement.Parse(find).GetProperty("output").GetRawText();
        return ["reasoning:Where to?", "text:I look it up. ", $"dynamic-tool:output-available:{output}", "source:bern", $"text:It is {output}."];
    }

    // Each turn is complete in the store; its log is cut once the server is down.
    private static async Task<IReadOnlyList<CrashedTurn>> CrashEachAsync(LocalServer server, string version)
    {
        var turns = new List<CrashedTurn>();
        for (var lastId = 1L; ; lastId++)
        {
            var chatId = $"chat-{Guid.NewGuid():N}";
            var (runId, text) = await AskAsync(server, chatId, version);
            var records = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(record => !record.StartsWith(':')).Select(record => record + "\n\n").ToList();
            var known = records.TakeWhile(record => IdOf(record) <= lastId).Count();
            if (known == records.Count)
                return turns;

            // A record of an event without an id of its own belongs to the next one that has it.
            while (known < records.Count && known > 0 && IdOf(records[known - 1]) == 0)
                known--;
            turns.Add(new CrashedTurn(runId, chatId, lastId, [.. records.Take(known)]));
        }
    }

    private static long IdOf(string record) =>
        record.StartsWith("id: ", StringComparison.Ordinal) ? long.Parse(record.AsSpan(4, record.IndexOf('\n', StringComparison.Ordinal) - 4), System.Globalization.CultureInfo.InvariantCulture) : 0;

    private static async Task<(string RunId, string Text)> AskAsync(LocalServer server, string chatId, string version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/ui/chat")
        {
            Content = new StringContent(
                $$"""{"id":"{{chatId}}","messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"{{Question}}"}]}],"model":"openai:scripted","tools":["find"]}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.Add(UiSdkVersion.Header, version);
        using var response = await server.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return (response.Headers.GetValues(UiMessageFormat.RunIdHeader).Single(), text);
    }

    private void Cut(CrashedTurn turn)
    {
        var log = Directory.EnumerateFiles(_folder.Path, turn.RunId + FileTurnPaths.LogExtension, SearchOption.AllDirectories).Single();
        var frames = File.ReadAllText(log).Split("\n\n");
        var kept = frames.Skip(1).TakeWhile(frame => IdOf(frame) is var id && id > 0 && id <= turn.LastId).ToList();
        turn.IsMessageComplete = kept.FindLastIndex(frame => frame.Contains("\nevent: message_complete\n", StringComparison.Ordinal))
            > kept.FindLastIndex(frame => frame.Contains("\nevent: llm_request\n", StringComparison.Ordinal));
        File.WriteAllText(log, string.Concat(frames.Take(1).Concat(kept).Select(frame => frame + "\n\n")));
    }

    /// <param name="LastId">The last event that was stored before the crash.</param>
    /// <param name="Records">What the page had received.</param>
    private sealed record CrashedTurn(string RunId, string ChatId, long LastId, IReadOnlyList<string> Records)
    {
        public bool IsMessageComplete { get; set; }
    }
}
