namespace FuncChat.Web.Catalog;

/// <summary>A check of a dependency that only the request at hand can reach. A host sets it as a feature of the request for `/api/health`.</summary>
/// <param name="RunAsync">Throws if the dependency fails.</param>
public sealed record RequestProbe(string Name, Func<CancellationToken, Task> RunAsync);
