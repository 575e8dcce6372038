using FuncChat.Engine.Chat;
using FuncChat.Engine.Events;

namespace FuncChat.Web.Turns;

/// <summary>Where in its log a turn waited for these answers: a client that sends them has what precedes that point. The events of the turn are applied in order.</summary>
internal sealed class AnsweredPoint(IReadOnlyList<GivenAnswer> answers)
{
    private readonly HashSet<string> _requests = [.. answers.Select(answer => answer.RequestId)];
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<InputRequestEvent> _questions = [];
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private bool _isAnswered;

    /// <summary>The id of the event `parked`; 0 if the turn has not waited.</summary>
    public long ParkedId { get; private set; }

    /// <summary>Whether the turn has asked everything that is answered.</summary>
    public bool IsAsked => _requests.IsSubsetOf(_asked);

    /// <summary>Whether an answer that is no denial is to something that is open in the log: once the turn has ended, it comes too late.</summary>
    public bool IsOpen => answers.Any(answer => answer.Type != SignalType.Deny && _open.Contains(answer.RequestId));

    public void Apply(long id, TurnEvent turnEvent)
    {
        if (turnEvent is IPersonRequest request)
        {
            _asked.Add(request.Id);
            _open.Add(request.Id);
        }
        else if (turnEvent is RequestAnsweredEvent answered)
        {
            _open.Remove(answered.Id);
            _isAnswered |= _requests.Contains(answered.Id);
        }

        if (turnEvent is ParkedEvent && !_isAnswered)
            ParkedId = id;
        if (turnEvent is InputRequestEvent question)
            _questions.Add(question);
    }

    /// <summary>The question that an answer is to; null if that is to something else.</summary>
    public InputRequestEvent? QuestionOf(GivenAnswer answer) => _questions.Find(question => question.Id == answer.RequestId);
}
