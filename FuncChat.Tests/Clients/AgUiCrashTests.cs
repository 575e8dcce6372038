using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Clients;

/// <summary>A server that crashes after each event of a run, and an agent of AG-UI that was reading it.</summary>
public sealed class AgUiCrashTests : IAsyncLifetime
{
    private CrashedTurns _crashed = null!;

    public async Task InitializeAsync() => _crashed = await CrashedTurns.StartAsync();

    public async Task DisposeAsync() => await _crashed.DisposeAsync();

    [Fact]
    public async Task Agent_loses_and_repeats_no_text()
    {
        IReadOnlyList<CrashedTurn> turns;
        await using (var server = await _crashed.StartServerAsync())
            turns = await CrashedTurns.AskEachAsync(runId => AskAsync(server, runId));
        foreach (var turn in turns)
            _crashed.Cut(turn);
        await using var restarted = await _crashed.StartServerAsync();
        var file = Path.Combine(_crashed.Folder, "runs.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(turns.Select(turn => new { input = JsonElement.Parse(InputOf(turn.ChatId)), records = turn.Records })));

        var (exitCode, output) = await NodeTool.RunAsync(
            CrashedTurns.Scripts, "node", "ag-ui-crash.mjs", new Uri(restarted.Http.BaseAddress!, "api/agui").ToString(), file);

        Assert.True(exitCode == 0, output);
        var results = JsonElement.Parse(output).GetProperty("continued");
        Assert.True(results.ValueKind == JsonValueKind.Array, output);
        Assert.Equal(turns.Count, results.GetArrayLength());
        foreach (var (result, turn) in results.EnumerateArray().Zip(turns))
        {
            // The reasoning that was made void is left empty, and not shown.
            const string Found = """{"results":[{"n":1,"title":"bern","url":"https://bern.test/"}]}""";
            Assert.True(
                result.EnumerateArray().Select(each => each.GetString()).SequenceEqual(
                    ["reasoning:Where to?", "assistant:I look it up. ", $"tool:{Found}", $"assistant:It is {Found}."]),
                $"after event {turn.LastId}: {result.GetRawText()}");
        }
    }

    private static string InputOf(string runId) =>
        $$$"""{"threadId":"{{{runId}}}","runId":"{{{runId}}}","messages":[{"id":"q1","role":"user","content":"tour (crash)"}],"tools":[],"context":[],"state":{},"forwardedProps":{"model":"openai:scripted","server_tools":["find"]}}""";

    private static async Task<(string TurnId, string Text)> AskAsync(LocalServer server, string runId)
    {
        using var response = await server.Http.PostAsync("api/agui", new StringContent(InputOf(runId), Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return (response.Headers.GetValues("X-Turn-Id").Single(), text);
    }
}
