using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;

namespace FuncChat.Web.Turns;

/// <summary>An answer to a request of a turn.</summary>
/// <param name="Type">One of <see cref="SignalType"/>.</param>
internal sealed record GivenAnswer(string RequestId, string Type, RequestAnswer Answer)
{
    /// <param name="by">The id of the user who answers.</param>
    public TurnSignal ToSignal(string by, DateTimeOffset at, SignalRights rights) =>
        new(Type) { RequestId = RequestId, By = by, At = at, Payload = Answer.ToJson(), Rights = rights };
}
