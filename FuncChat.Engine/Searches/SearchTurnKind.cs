using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Tools.Scrape;
using FuncChat.Tools.Search;

namespace FuncChat.Engine.Searches;

/// <summary>Web searches: no model, and no tool runs.</summary>
internal sealed class SearchTurnKind(WebSearch search, PageReader reader, TimeProvider time) : ITurnKind<SearchTurnRequest>
{
    public Result<ITurnHandler> Create(TurnKey key, SearchTurnRequest request) => new SearchTurn(key, request, search, reader, time);
}
