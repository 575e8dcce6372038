using System.IO.Pipelines;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.AgUi;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Web.AgUi;

/// <summary>A search, which AG-UI has no events for.</summary>
public sealed class AgUiMappingTests
{
    private readonly Pipe _pipe = new();

    [Fact]
    public void Search_is_refused_with_a_response_when_nothing_was_sent_yet()
    {
        using var records = new EventStreamWriter(_pipe.Writer, after: 0, () => { });

        MapSearch(records);

        Assert.NotNull(records.Instead);
        Assert.False(records.HasStarted);
    }

    [Fact]
    public async Task Search_is_refused_with_an_error_of_the_run_when_a_keep_alive_comment_was_sent_before()
    {
        using var records = new EventStreamWriter(_pipe.Writer, after: 0, () => { });
        records.KeepAlive();

        MapSearch(records);

        Assert.True(records.IsComplete);
        await records.FlushAsync(CancellationToken.None);
        await _pipe.Writer.CompleteAsync();
        using var reader = new StreamReader(_pipe.Reader.AsStream());
        var types = (await reader.ReadToEndAsync()).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => System.Text.Json.JsonElement.Parse(line[6..]).GetProperty("type").GetString());
        Assert.Equal(["RUN_STARTED", "RUN_ERROR"], types);
    }

    private static void MapSearch(EventStreamWriter records)
    {
        var turn = new TurnResponse(new DefaultHttpContext(), "turn-0001", null!) { Request = new ChatTurnRequest { Fingerprint = "", Model = "fake:model", Messages = [] }, Started = default };
        var mapping = new AgUiMapping(turn, AgUiView.Of(turn));
        records.EventId = 1;
        mapping.Map(new SearchStartEvent("turn-0001", ["tides"], 5), records);
        mapping.Interrupt(records);
        records.EndEvent(1);
    }
}
