using FuncChat.Engine.Events;

namespace FuncChat.Engine.Chat;

/// <summary>A request to a person, and its answer once there is one.</summary>
internal sealed record PersonRequest(IPersonRequest Event, string? CallId)
{
    public RequestAnsweredEvent? Answer { get; set; }

    public string Id => Event.Id;

    /// <summary>Whether answers are too late, and the turn continues without one.</summary>
    public bool IsExpiredAt(DateTimeOffset now) => now >= Event.ExpiresAt;
}

/// <summary>The requests of one turn to a person. They follow from the turn's events alone.</summary>
internal sealed class PersonRequests
{
    private readonly List<PersonRequest> _all = [];

    /// <summary>Whether the turn has no request.</summary>
    public bool IsEmpty => _all.Count == 0;

    public IEnumerable<PersonRequest> Open => IsEmpty ? [] : _all.Where(request => request.Answer is null);

    /// <summary>Whether the turn's last event is `parked`.</summary>
    public bool IsParked { get; private set; }

    /// <summary>The id of the next request.</summary>
    public string NextId => $"req_{_all.Count + 1}";

    /// <summary>The requests to raise a budget, in order, each with its answer once there is one.</summary>
    public IEnumerable<(BudgetRequestEvent Asked, RequestAnsweredEvent? Answer)> Budgets => IsEmpty
        ? []
        : from request in _all
          where request.Event is BudgetRequestEvent
          select ((BudgetRequestEvent)request.Event, request.Answer);

    public PersonRequest? Find(string? id) => _all.Find(request => request.Id == id);

    /// <summary>The requests about a tool call, in order.</summary>
    public IEnumerable<PersonRequest> Of(string callId) => IsEmpty ? [] : _all.Where(request => request.CallId == callId);

    /// <summary>The requests whose answers approve every call of the tool in this turn.</summary>
    public IEnumerable<PersonRequest> AlwaysApproved(string tool) => IsEmpty
        ? []
        : _all.Where(request => request is { Event: ApprovalRequestEvent asked, Answer: { Type: SignalType.Approve, Always: true } } && asked.Name == tool);

    /// <summary>The open requests that count as denied because they expired.</summary>
    public IEnumerable<PersonRequest> ExpiredAt(DateTimeOffset now) => Open.Where(request => request.IsExpiredAt(now));

    public void Apply(TurnEvent turnEvent)
    {
        IsParked = turnEvent is ParkedEvent;
        switch (turnEvent)
        {
            case ApprovalRequestEvent asked:
                _all.Add(new PersonRequest(asked, asked.CallId));
                break;
            case InputRequestEvent asked:
                _all.Add(new PersonRequest(asked, asked.CallId));
                break;
            case BudgetRequestEvent asked:
                _all.Add(new PersonRequest(asked, asked.CallId));
                break;
            case RequestAnsweredEvent answered when Find(answered.Id) is { } request:
                request.Answer = answered;
                break;
        }
    }
}
