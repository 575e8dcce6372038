using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Search;

namespace FuncChat.Tests.Engine.Searches;

/// <summary>A search provider that returns scripted results when the test releases it.</summary>
internal sealed class GatedSearch : ISearchProvider
{
    private readonly ConcurrentDictionary<string, string[]> _finds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ManualSignal> _gates = new(StringComparer.Ordinal);

    public string Name => "gated";

    public bool ReturnsHtml => false;

    /// <summary>The queries that came, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Set when a query was given up.</summary>
    public ManualSignal GivenUp { get; } = new();

    /// <summary>What each query waits for besides, on whatever thread ends that wait.</summary>
    public Task Received { get; set; } = Task.CompletedTask;

    /// <summary>The thread on which the last query continued.</summary>
    public int ThreadId { get; private set; }

    /// <summary>What a query finds; one that is not set fails.</summary>
    public GatedSearch Finds(string query, params string[] urls)
    {
        _finds[query] = urls;
        return this;
    }

    /// <summary>Holds a query back until the signal is set.</summary>
    public ManualSignal Hold(string query) => _gates.GetOrAdd(query, _ => new ManualSignal());

    public async IAsyncEnumerable<SearchResult> SearchAsync(string query, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Asked.Enqueue(query);
        if (_gates.TryGetValue(query, out var gate))
            await WaitAsync(gate, cancellationToken);
        await Received;
        ThreadId = Environment.CurrentManagedThreadId;
        if (!_finds.TryGetValue(query, out var urls))
            throw new ToolException("it is out of order");
        foreach (var url in urls)
            yield return new SearchResult($"Title of {url}", url, "About it", Name);
    }

    private async Task WaitAsync(ManualSignal gate, CancellationToken cancellationToken)
    {
        try
        {
            await gate.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GivenUp.Set();
            throw;
        }
    }
}
