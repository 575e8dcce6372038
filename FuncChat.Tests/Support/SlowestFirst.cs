using Xunit.Abstractions;

[assembly: TestCollectionOrderer("FuncChat.Tests.Support.SlowestFirst", "FuncChat.Tests")]

namespace FuncChat.Tests.Support;

/// <summary>
/// Starts the collections that take longest, mostly to wait, before all others, so that no core is idle at the end of a run. The order of the others is xUnit's own.
/// </summary>
public sealed class SlowestFirst : ITestCollectionOrderer
{
    // From the durations in artifacts/tests.trx and artifacts/browser.trx.
    private static readonly string[] Slowest =
    [
        "Outages", "HostileScriptTests", "CrashTests", "EverythingServerTests", "PdfReaderTests", "OwnResourceTests", "ProviderStateCrashTests", "ApiDocsTests",
        "BlobThreadConsistencyTests", "TwoInstancesTests", "LostTurnTests", "SandboxRunnerTests", "UiChatClientTests", "StoreOutageTests", "FileThreadConsistencyTests",
        "SlowSenderTests", "HostileBodyTests", "DamagedRunningTurnTests", "McpHostileServerTests", "CheckedValueTests", "ScraperFuzzTests", "SoakTests", "ParkedCrashTests",
        "OfficeReaderTests", "NodeClientTests", "UiChatCrashTests",
        "DialogTests", "RequestCardTests", "ThreadSyncTests", "PlanTests", "SharingTests", "SignInTests", "FolderTests",
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Rank);

    // The name of a collection, or "Test collection for FuncChat.Tests.Local.CrashTests" if it is one of a single class.
    private static int Rank(ITestCollection collection)
    {
        var index = Array.IndexOf(Slowest, collection.DisplayName.Split('.', ' ')[^1]);
        return index < 0 ? Slowest.Length : index;
    }
}
