using FuncChat.Tools.Sandboxes;
using FuncChat.Tools.Scrape;
using FuncChat.Tools.Search;
using FuncChat.Tools.Fetch;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Support;

/// <summary>A web that nothing is found on, for tests that search none.</summary>
internal static class NoWeb
{
    public static WebSearch Search { get; } = new([], TimeProvider.System, NullLogger<WebSearch>.Instance);

    public static DocumentReader Documents { get; } = new(SandboxCommand.CreateForDocument, TimeProvider.System, NullLogger<DocumentReader>.Instance);

    public static PageReader Reader { get; } =
        new(new GuardedHttp(new GuardedConnector(new SystemNetwork(), new HashSet<HostAndPort>())), TimeProvider.System, new ParseBudget(NullLogger<ParseBudget>.Instance), Documents);
}
