using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Web.Formats.UiMessages;

namespace FuncChat.Tests.Clients;

/// <summary>A server that crashes after each event of a turn, and a page of the AI SDK that was reading it.</summary>
public sealed class UiChatCrashTests : IAsyncLifetime
{
    private const string Question = "tour (crash)";

    private CrashedTurns _crashed = null!;

    public async Task InitializeAsync() => _crashed = await CrashedTurns.StartAsync();

    public async Task DisposeAsync() => await _crashed.DisposeAsync();

    [Theory]
    [InlineData("6")]
    [InlineData("7")]
    public async Task Page_loses_and_repeats_no_text(string version)
    {
        IReadOnlyList<CrashedTurn> resumed, reconnected;
        string[] expected;
        await using (var server = await _crashed.StartServerAsync())
        {
            expected = await ShownAsync(server);
            resumed = await CrashedTurns.AskEachAsync(chatId => AskAsync(server, chatId, version));
            reconnected = await CrashedTurns.AskEachAsync(chatId => AskAsync(server, chatId, version));
        }

        foreach (var turn in resumed.Concat(reconnected))
            _crashed.Cut(turn);
        await using var restarted = await _crashed.StartServerAsync();
        var file = Path.Combine(_crashed.Folder, "turns.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { resumed = resumed.Select(ForScript), reconnected = reconnected.Select(ForScript) }));

        var (exitCode, output) = await NodeTool.RunAsync(
            CrashedTurns.Scripts, "node", "ui-crash.mjs", new Uri(restarted.Http.BaseAddress!, "api/ui/chat").ToString(), version, file);

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

    private static object ForScript(CrashedTurn turn) => new { runId = turn.TurnId, chatId = turn.ChatId, question = Question, records = turn.Records };

    private static bool HasOpenText(CrashedTurn turn)
    {
        var step = turn.Records.ToList().FindLastIndex(record => record.Contains("\"start-step\"", StringComparison.Ordinal));
        return step >= 0 && !turn.IsMessageComplete && turn.Records.Skip(step).Any(record => record.Contains("-delta\"", StringComparison.Ordinal));
    }

    private static async Task<string[]> ShownAsync(LocalServer server)
    {
        var (_, text) = await AskAsync(server, "chat-uncut", "6");
        var find = text.Split("\n\n").Select(record => record[(record.IndexOf("data: ", StringComparison.Ordinal) + 6)..]).First(chunk => chunk.Contains("\"tool-output-available\"", StringComparison.Ordinal));
        var output = JsonElement.Parse(find).GetProperty("output").GetRawText();
        return ["reasoning:Where to?", "text:I look it up. ", $"dynamic-tool:output-available:{output}", "source:bern", $"text:It is {output}."];
    }

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
}
