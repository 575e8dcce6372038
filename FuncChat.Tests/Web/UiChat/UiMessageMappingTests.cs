using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
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

    [Theory]
    [InlineData(7, "stop")]
    [InlineData(6, "stop")]
    [InlineData(5, null)]
    public async Task Reason_of_the_end_is_sent_to_versions_that_know_it(int version, string? reason) =>
        Assert.Equal(reason, await ReasonAsync(version, Complete(null)));

    [Fact]
    public async Task Reason_of_the_end_is_named_as_the_AI_SDK_does()
    {
        Assert.Equal("length", await ReasonAsync(6, Complete("length")));
        Assert.Equal("stop", await ReasonAsync(6, Complete("max_iterations")));
        Assert.Equal("tool-calls", await ReasonAsync(6, new ClientToolCallsEvent([new ClientToolCall("call_1", "get_weather", "{}")]), Complete(null)));
        Assert.Equal("content-filter", await ReasonAsync(6, new ErrorEvent("Filtered.", ErrorCode.ContentFiltered, false)));
        Assert.Equal("error", await ReasonAsync(6, new ErrorEvent("Failed.", ErrorCode.UpstreamError, false)));
        Assert.Null(await ReasonAsync(6, new ErrorEvent("Stopped.", ErrorCode.Cancelled, false)));
    }

    private static CompleteEvent Complete(string? stoppedBy) => new("success", [], 1, default!) { StoppedBy = stoppedBy };

    private static async Task<string?> ReasonAsync(int version, params TurnEvent[] end)
    {
        var turn = Turn.Take(3).Concat(end.Select((each, index) => (Id: 4L + index, Event: each)));
        var last = (await ChunksAsync(new UiSdkVersion(version), startIndex: 0, turn))[^1];
        Assert.Equal("finish", last.GetProperty("type").GetString());
        return last.TryGetProperty("finishReason", out var reason) ? reason.GetString() : null;
    }

    private static DeltaEvent Delta(string text) => new(new JsonText(Encoding.UTF8.GetBytes($"\"{text}\"")));

    private static async Task<IReadOnlyList<string>> MapAsync(UiSdkVersion version, int startIndex) =>
        [.. (await ChunksAsync(version, startIndex, Turn)).Select(chunk => chunk.GetProperty("type").GetString()!)];

    private static async Task<IReadOnlyList<JsonElement>> ChunksAsync(UiSdkVersion version, int startIndex, IEnumerable<(long Id, TurnEvent Event)> turn)
    {
        var pipe = new Pipe();
        var view = new UiMessageView(new UiRunId("turn-0001"), "turn-0001") { Version = version, StartIndex = startIndex };
        var mapping = new UiMessageMapping(new TurnResponse(new DefaultHttpContext(), "turn-0001", null!) { Request = new ChatTurnRequest { Fingerprint = "", Model = "fake:model", Messages = [] }, Started = default }, view);
        using (var records = new EventStreamWriter(pipe.Writer, after: 0, () => { }))
        {
            foreach (var (id, turnEvent) in turn)
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
                .Select(line => JsonElement.Parse(line[6..])),
        ];
    }
}
