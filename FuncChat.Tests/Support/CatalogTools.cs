using FuncChat.Tools;

namespace FuncChat.Tests.Support;

internal static class CatalogTools
{
    /// <summary>The tool of this name; the test fails where there is none.</summary>
    public static async Task<Tool> GetAsync(this ToolCatalog catalog, string name) =>
        await catalog.OpenAsync(ToolRef.Parse(name), ToolUser.Unknown, CancellationToken.None)
        ?? throw new InvalidOperationException($"The catalog has no tool {name}.");
}
