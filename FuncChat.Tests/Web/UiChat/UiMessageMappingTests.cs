using System.IO.Pipelines;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.UiMessages;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Web.UiChat;

/// <summary>A turn whose last text was lost with an instance, as a client of the AI SDK reads it.</summary>
public sealed class UiMessageMappingTests
{
    // The continued turn's ids start far after those that may have been lost.
    private static readonly (long Id, TurnEvent Event)[] Turn =
    [
        (1, new StatusEvent("processing", "turn-0001", "m", "p", false)),
        (2, new LlmRequestEvent("answer", 1, "p", "m")),
        (3, Delta("Half")),
        (10_004, new MessageResetEvent(1)),
        (10_005, new LlmRequestEvent("answer", 1, "p", "m")),
        (10_006, Delta("Whole")),
    ];

    [Fact]
    public async Task Client_that_can_take_back_text_replaces_it()
    {
        var chunks = await MapAsync(new UiSdkVersion(7), startIndex: 4);

        Assert.Equal(["reset-step", "text-start", "text-delta"], chunks);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Client_that_cannot_receives_an_error(int version) =>
        Assert.Equal(["error", "finish"], (await MapAsync(new UiSdkVersion(version), startIndex: 4)).Where(type => type is not "text-end" and not "finish-step"));

    [Fact]
    public async Task Client_that_counted_chunks_that_were_lost_receives_an_error() =>
        Assert.Contains("error", await MapAsync(new UiSdkVersion(7), startIndex: 9));

    private static DeltaEvent Delta(string text) => new(new JsonText(Encoding.UTF8.GetBytes($"\"{text}\"")));

    private static async Task<IReadOnlyList<string>> MapAsync(UiSdkVersion version, int startIndex)
    {
        var pipe = new Pipe();
        var view = new UiMessageView(new UiRunId("turn-0001"), "turn-0001") { Version = version, StartIndex = startIndex };
        var mapping = new UiMessageMapping(new TurnResponse(new DefaultHttpContext(), "turn-0001", null!) { Request = new ChatTurnRequest { Fingerprint = "", Model = "fake:model", Messages = [] }, Started = default }, view);
        using (var records = new EventStreamWriter(pipe.Writer, after: 0, () => { }))
        {
            foreach (var (id, turnEvent) in Turn)
            {
                records.EventId = id;
                mapping.Map(turnEvent, records);
                records.EndEvent(id);
            }

            await records.FlushAsync(CancellationToken.None);
        }

        await pipe.Writer.CompleteAsync();
        using var reader = new StreamReader(pipe.Reader.AsStream());
        return
        [
            .. (await reader.ReadToEndAsync()).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
                .Select(line => System.Text.Json.JsonElement.Parse(line[6..]).GetProperty("type").GetString()!),
        ];
    }
}
