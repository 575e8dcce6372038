using System.Text;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Store;

/// <summary>Signals in lines that a crash or a disk has damaged.</summary>
public sealed class TurnSignalTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"typo":"stop"}""")]
    [InlineData("""{"type":null}""")]
    [InlineData("""{"type":7}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"type":"st""")]
    public void Damaged_line_is_skipped(string line)
    {
        var signals = TurnSignal.ParseLines(Encoding.UTF8.GetBytes($"{line}\n{{\"type\":\"stop\"}}\n"));

        Assert.Equal([new TurnSignal(TurnSignal.Stop)], signals);
    }

    [Fact]
    public void Damaged_answer_is_the_same_answer_or_none()
    {
        var requests = new PersonRequests();
        requests.Apply(new ApprovalRequestEvent("req_1", "a", "echo", "{}", DateTimeOffset.MaxValue));
        var answer = new TurnSignal(SignalType.Approve)
        {
            RequestId = "req_1",
            By = "ada",
            At = Now,
            Payload = new RequestAnswer { Arguments = "{}", Reason = "Fine.", Content = new RawJson("""{"x":1}"""u8.ToArray()), Always = false }.ToJson(),
        };
        foreach (var (at, json) in JsonDamage.Of(Encoding.UTF8.GetString(answer.ToLine().Span)))
        {
            var answers = new TurnAnswers(requests, null!, TimeProvider.System);
            foreach (var signal in TurnSignal.ParseLines(Encoding.UTF8.GetBytes(json + "\n")))
                answers.Receive(signal);

            var emitted = new List<TurnEvent>();
            answers.Emit(emitted.Add);
            Assert.True(emitted.OfType<RequestAnsweredEvent>().All(each => each is { By: "ada", Type: SignalType.Approve }), at);
        }
    }
}
