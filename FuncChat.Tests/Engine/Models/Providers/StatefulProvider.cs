using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Models.Providers;

/// <summary>
/// A scripted provider that answers 400 unless each of its earlier messages comes back with the state that it sent: for
/// <see cref="InterruptedTurns"/>.
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
        var messages = await InterruptedTurns.RunAsync(models, $"{name}:{Model}");
        return (upstream.Requests, messages);
    }
}
