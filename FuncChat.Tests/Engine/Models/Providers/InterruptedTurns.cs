using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Models.Providers;

/// <summary>
/// A turn with two rounds of tool calls, between which the process is replaced, and a second turn that follows with the first one's messages. The model calls
/// <see cref="GatedTools.Quick"/>, then <see cref="GatedTools.Echo"/>, and then answers.
/// </summary>
internal static class InterruptedTurns
{
    /// <summary>Runs both turns to their answers; returns the messages that the first one added.</summary>
    /// <param name="model">The id of the model, as `provider:name`.</param>
    public static async Task<IReadOnlyList<RawJson>> RunAsync(ModelCatalog models, string model)
    {
        using var first = new TurnBench(models: models);
        await using var reader = await first.StartAsync(Request(model, []));
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

        // Two messages of one answer are separated by a blank line.
        Assert.Equal("Done.", SseEvent.LastAnswer(after).Replace("\n\n", "", StringComparison.Ordinal));

        var messages = after[^1].Data.GetProperty("messages").EnumerateArray().Select(RawJson.Of).ToList();
        await using var next = await second.StartAsync(Request(model, [.. messages, new("""{"role":"user","content":"And now?"}"""u8.ToArray())]), "turn-0002");
        var last = await next.EventsToEndAsync();
        Assert.True(last[^1].Name == "complete", last[^1].Raw);
        return messages;
    }

    private static ChatTurnRequest Request(string model, IReadOnlyList<RawJson> more)
    {
        var request = TurnBench.Request(GatedTools.Quick, GatedTools.Echo);
        return request with { Model = model, Messages = [.. request.Messages, .. more] };
    }
}
