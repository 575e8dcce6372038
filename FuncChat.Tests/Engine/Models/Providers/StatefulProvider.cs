using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Models.Providers;

/// <summary>
/// A scripted provider that answers 400 unless each of its earlier messages comes back with the state that it sent. It calls a tool in two rounds and
/// then answers; the process is replaced between the rounds, and a second turn follows with the first one's messages.
/// </summary>
/// <param name="name">The provider's name in the settings.</param>
/// <param name="connect">Creates the model for the address of the scripted server.</param>
/// <param name="findError">What is missing in a request; null where nothing is.</param>
/// <param name="rounds">How many rounds of tool calls the request's history has.</param>
/// <param name="answer">Plays the answer after so many rounds. Round 0 calls <see cref="GatedTools.Quick"/>, round 1 <see cref="GatedTools.Echo"/>.</param>
internal sealed class StatefulProvider(
    string name, Func<Uri, IModel> connect, Func<JsonElement, string?> findError, Func<JsonElement, int> rounds, Func<int, ScriptedAnswer> answer)
{
    public const string Model = "m";

    /// <summary>Runs both turns; returns the requests and the messages that the first turn added.</summary>
    public async Task<(IReadOnlyList<ScriptedRequest> Requests, IReadOnlyList<RawJson> Messages)> RunAsync()
    {
        await using var upstream = await ScriptedModelServer.StartAsync();
        upstream.Otherwise(request => findError(request.Body) is { } wrong
            ? new ScriptedAnswer().Respond(400, JsonSerializer.Serialize(new { error = new { message = wrong, type = "invalid_request_error" } }))
            : answer(rounds(request.Body)));
        var models = new ModelCatalog([new ModelProvider(new ProviderModels(name, [Model], TakesAny: false), connect(upstream.Address), described => described)]);

        using var first = new TurnBench(models: models);
        await using var reader = await first.StartAsync(Request([]));
        await first.Tools.Started.WaitAsync();
        var leaving = first.Runtime.DrainAsync();
        first.Tools.Go.Set();
        await leaving;
        var before = await reader.EventsToEndAsync();
        Assert.Equal("tool_call_result", before[^1].Name);

        using var second = new TurnBench(dataPath: first.DataPath, models: models);
        await using var follower = await second.FollowAsync(after: before[^1].Id);
        var after = await follower.EventsToEndAsync();
        Assert.True(after[^1].Name == "complete", after[^1].Raw);
        Assert.Equal("Done.", SseEvent.LastAnswer(after));

        var messages = after[^1].Data.GetProperty("messages").EnumerateArray().Select(RawJson.Of).ToList();
        await using var next = await second.StartAsync(Request([.. messages, Json("""{"role":"user","content":"And now?"}""")]), "turn-0002");
        var last = await next.EventsToEndAsync();
        Assert.True(last[^1].Name == "complete", last[^1].Raw);
        return (upstream.Requests, messages);
    }

    private ChatTurnRequest Request(IReadOnlyList<RawJson> more)
    {
        var request = TurnBench.Request(GatedTools.Quick, GatedTools.Echo);
        return request with { Model = $"{name}:{Model}", Messages = [.. request.Messages, .. more] };
    }

    private static RawJson Json(string json) => new(System.Text.Encoding.UTF8.GetBytes(json));
}
