using FuncChat.Tests.Support;

namespace FuncChat.Tests.Clients;

/// <summary>A copy of an example, with the packages of the chat clients' tests and the address of a server in its environment.</summary>
internal sealed class ExampleFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public static async Task<ExampleFolder> CreateAsync(string name, Uri server)
    {
        var packages = await NodeTool.ScriptAsync(CrashedTurns.Scripts, System.IO.Path.Combine("vite", "package.json"));
        var example = new ExampleFolder();
        var source = Repository.PathOf("examples", name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(file => !file.Contains("node_modules", StringComparison.Ordinal)))
        {
            var copy = System.IO.Path.Combine(example.Path, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Directory.CreateSymbolicLink(System.IO.Path.Combine(example.Path, "node_modules"), System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(packages))!);
        await File.WriteAllTextAsync(System.IO.Path.Combine(example.Path, ".env"), $"FUNCCHAT_URL={server.GetLeftPart(UriPartial.Authority)}\nFUNCCHAT_MODEL=openai:scripted\n");
        return example;
    }

    public void Dispose() => _folder.Dispose();
}
