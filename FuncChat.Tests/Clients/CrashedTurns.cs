using System.Globalization;
using System.Text.Json.Nodes;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Clients;

/// <summary>Servers over one folder, and turns whose logs are cut as if the server had crashed after each event.</summary>
internal sealed class CrashedTurns : IAsyncDisposable
{
    public static readonly string Scripts = Repository.PathOf("FuncChat.Tests", "Clients", "chat");

    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedModelServer _upstream;

    private CrashedTurns(ScriptedModelServer upstream) => _upstream = upstream;

    public string Folder => _folder.Path;

    public static async Task<CrashedTurns> StartAsync()
    {
        await NodeTool.ScriptAsync(Scripts, Path.Combine("ai", "package.json"));
        return new CrashedTurns((await ScriptedModelServer.StartAsync()).Otherwise(ChatScript.Answer));
    }

    public Task<LocalServer> StartServerAsync() => LocalServer.StartWithAsync(
        _folder.Path,
        builder =>
        {
            foreach (var tool in ChatScript.Tools([]))
                builder.Services.AddSingleton(tool);
        },
        settings: [
            ("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", _upstream.BaseUrl), ("OPENAI_MODELS", "scripted"), ("FuncChat:Providers:openai:MaxRetries", "0")]);

    /// <summary>Asks once for each event of the turn: the n-th turn is for a cut after event n.</summary>
    /// <param name="ask">Asks in this chat, and returns the id of the turn and the text of the stream.</param>
    public static async Task<IReadOnlyList<CrashedTurn>> AskEachAsync(Func<string, Task<(string TurnId, string Text)>> ask)
    {
        var turns = new List<CrashedTurn>();
        for (var lastId = 1L; ; lastId++)
        {
            var chatId = Guid.NewGuid().ToString();
            var (turnId, text) = await ask(chatId);
            var records = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(record => !record.StartsWith(':')).Select(record => record + "\n\n").ToList();
            var known = records.TakeWhile(record => IdOf(record) <= lastId).Count();
            if (known == records.Count)
                return turns;

            // A record without an id belongs to the event of the next one that has it.
            while (known > 0 && IdOf(records[known - 1]) == 0)
                known--;
            turns.Add(new CrashedTurn(turnId, chatId, lastId, [.. records.Take(known)]));
        }
    }

    /// <summary>Cuts the stored log after the turn's last event, which its thread has then not recorded either. No server may run.</summary>
    public void Cut(CrashedTurn turn)
    {
        var log = Directory.EnumerateFiles(_folder.Path, turn.TurnId + FileTurnPaths.LogExtension, SearchOption.AllDirectories).Single();
        var frames = File.ReadAllText(log).Split("\n\n");
        var kept = frames.Skip(1).TakeWhile(frame => IdOf(frame) is var id && id > 0 && id <= turn.LastId).ToList();
        turn.IsMessageComplete = kept.FindLastIndex(frame => frame.Contains("\nevent: message_complete\n", StringComparison.Ordinal))
            > kept.FindLastIndex(frame => frame.Contains("\nevent: llm_request\n", StringComparison.Ordinal));
        File.WriteAllText(log, string.Concat(frames.Take(1).Concat(kept).Select(frame => frame + "\n\n")));
        foreach (var path in Directory.EnumerateFiles(_folder.Path, "thread.json", SearchOption.AllDirectories))
            LoseEnd(path, turn.TurnId);
    }

    // The thread records the end of a turn after its log.
    private static void LoseEnd(string path, string turnId)
    {
        var thread = JsonNode.Parse(File.ReadAllText(path))!;
        if (thread["turns"]!.AsArray().FirstOrDefault(turn => (string?)turn!["turn_id"] == turnId) is not JsonObject turn)
            return;
        turn["status"] = "running";
        turn.Remove("ended_at");
        File.WriteAllText(path, thread.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    private static long IdOf(string record) => record.StartsWith("id: ", StringComparison.Ordinal)
        ? long.Parse(record.AsSpan(4, record.IndexOf('\n', StringComparison.Ordinal) - 4), CultureInfo.InvariantCulture)
        : 0;
}

/// <param name="LastId">The last event that was stored before the crash.</param>
/// <param name="Records">What the client had received.</param>
internal sealed record CrashedTurn(string TurnId, string ChatId, long LastId, IReadOnlyList<string> Records)
{
    /// <summary>Whether the model's answer was complete.</summary>
    public bool IsMessageComplete { get; set; }
}
