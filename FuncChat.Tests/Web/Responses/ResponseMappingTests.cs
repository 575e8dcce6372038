using System.IO.Pipelines;
using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.Responses;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Web.Responses;

/// <summary>A stream that ends before its response, as the server restarts.</summary>
public sealed class ResponseMappingTests
{
    private static readonly TurnEvent[] Turn =
    [
        new StatusEvent("processing", "turn-0001", "m", "p", false),
        new LlmRequestEvent("answer", 1, "p", "m"),
        new DeltaEvent(new JsonText(Encoding.UTF8.GetBytes("\"Half\""))),
    ];

    [Fact]
    public async Task Number_of_the_error_follows_those_of_all_events()
    {
        var streamed = await InterruptAsync(Turn, isBackground: true);

        Assert.Equal("error", streamed.Types.Last());
        Assert.Equal(streamed.Numbers.Order().Distinct(), streamed.Numbers);
        Assert.True(streamed.Events.Count > 4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(9000)]
    public async Task Number_of_the_error_follows_that_of_the_last_event_of_the_client(long startingAfter)
    {
        var error = Assert.Single((await InterruptAsync(Turn[..1], isBackground: true, startingAfter)).Of("error"));

        Assert.True(error.GetProperty("sequence_number").GetInt64() > startingAfter);
    }

    [Theory]
    [InlineData(true, "the response continues. Retrieve it")]
    [InlineData(false, "Send the request again.")]
    public async Task Error_advises_what_to_do(bool isBackground, string advice)
    {
        var error = (await InterruptAsync(Turn, isBackground)).Of("error").Single();

        Assert.Contains(advice, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task<StreamedResponse> InterruptAsync(IReadOnlyList<TurnEvent> events, bool isBackground, long startingAfter = -1)
    {
        var pipe = new Pipe();
        var view = new ResponseView(new ResponseId("turn-0001"), new ResponseSettings { Background = isBackground }, startingAfter);
        var mapping = new ResponseMapping(
            new TurnResponse(new DefaultHttpContext(), "turn-0001", null!) { Request = new ChatTurnRequest { Fingerprint = "", Model = "fake:model", Messages = [] }, Started = default }, view);
        using (var records = new EventStreamWriter(pipe.Writer, after: 0, () => { }))
        {
            foreach (var (index, turnEvent) in events.Index())
            {
                records.EventId = index + 1;
                mapping.Map(turnEvent, records);
                records.EndEvent(index + 1);
            }

            mapping.Interrupt(records);
            records.EndEvent(null);
            await records.FlushAsync(CancellationToken.None);
        }

        await pipe.Writer.CompleteAsync();
        using var reader = new StreamReader(pipe.Reader.AsStream());
        return StreamedResponse.Parse(await reader.ReadToEndAsync());
    }
}
