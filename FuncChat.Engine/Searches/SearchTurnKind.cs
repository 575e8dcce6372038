using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tools.Scrape;
using FuncChat.Tools.Search;

namespace FuncChat.Engine.Searches;

/// <summary>Web searches, without a model.</summary>
internal sealed class SearchTurnKind(WebSearch search, PageReader reader, TurnRuntime runtime, TimeProvider time) : ITurnKind<SearchTurnRequest>
{
    public Result<ITurnHandler> Create(TurnKey key, SearchTurnRequest request) => new SearchTurn(key, request, search, reader, runtime.Usage, time);
}
