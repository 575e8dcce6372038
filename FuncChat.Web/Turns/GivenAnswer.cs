using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Web.Http;

namespace FuncChat.Web.Turns;

/// <summary>An answer to a request of a turn.</summary>
/// <param name="Type">One of <see cref="SignalType"/>.</param>
internal sealed record GivenAnswer(string RequestId, string Type, RequestAnswer Answer)
{
    /// <summary>Refuses answers of one request of a client that contradict each other: none of them is sent.</summary>
    /// <param name="answers">Each with the path of the id that it answers.</param>
    public static AppError? FindContradiction(IEnumerable<(GivenAnswer Answer, string Path)> answers)
    {
        var first = new Dictionary<string, GivenAnswer>(StringComparer.Ordinal);
        foreach (var (answer, path) in answers)
        {
            if (!first.TryAdd(answer.RequestId, answer) && !first[answer.RequestId].IsSame(answer))
                return JsonField.Error(path, "Another answer in this request contradicts this one. Send one answer for each id.");
        }

        return null;
    }

    /// <param name="by">The id of the user who answers.</param>
    public TurnSignal ToSignal(string by, DateTimeOffset at, SignalRights rights) =>
        new(Type) { RequestId = RequestId, By = by, At = at, Payload = Answer.ToJson(), Rights = rights };

    /// <summary>
    /// The signal of a client whose next request of the chat carries the answer. It has no other way to continue, so the same decision joins one that was made
    /// elsewhere, such as by an approver, unless it would change what the call is run with.
    /// </summary>
    /// <inheritdoc cref="ToSignal"/>
    public TurnSignal ToContinuation(string by, DateTimeOffset at, SignalRights rights) =>
        ToSignal(by, at, rights) with { JoinsEarlier = Answer is { Arguments: null, Content: null } };

    private bool IsSame(GivenAnswer other) => Type == other.Type && Answer.ToJson().Utf8.Span.SequenceEqual(other.Answer.ToJson().Utf8.Span);
}
