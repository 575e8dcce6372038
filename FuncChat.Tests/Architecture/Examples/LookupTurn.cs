using FuncChat.Engine.Events;
using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;

namespace FuncChat.Engine.Lookups;

/// <summary>Looks up words, one after the other.</summary>
internal sealed record LookupTurnRequest : TurnRequest
{
    public required IReadOnlyList<string> Words { get; init; }
}

internal sealed class LookupTurnKind : ITurnKind<LookupTurnRequest>
{
    public Result<ITurnHandler> Create(TurnKey key, LookupTurnRequest request) => new LookupTurn(key.TurnId, request);
}

internal sealed class LookupTurn(string turnId, LookupTurnRequest request) : ITurnHandler
{
    private readonly List<SearchResultEvent> _results = [];
    private bool _started;

    public void Replay(TurnEvent turnEvent)
    {
        _started = true;
        if (turnEvent is SearchResultEvent result)
            _results.Add(result);
    }

    public async Task<TurnRunResult> RunAsync(TurnEventWriter events, Func<bool> leave, CancellationToken cancellationToken)
    {
        if (!_started)
            events.Append(new SearchStartEvent(turnId, request.Words, MaxResults: 1));
        foreach (var word in request.Words.Skip(_results.Count))
        {
            var result = new SearchResultEvent(word, _results.Count, Count: 0, Results: []);
            events.Append(result);
            _results.Add(result);
            await events.StoreAsync();
            if (leave())
                return TurnRunResult.HandedOver;
        }

        events.Append(new SearchCompleteEvent("success", Results: []));
        await events.StoreAsync();
        return TurnRunResult.Ended;
    }
}
