using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Clients;

/// <summary>The examples of the chat clients.</summary>
[Collection(nameof(ChatClientServer))]
public sealed class ChatExampleTests(ChatClientServer server)
{
    [Fact]
    public async Task Ag_ui_example_prints_the_answer_as_it_streams()
    {
        using var example = await ExampleFolder.CreateAsync("ag-ui", server.Http.BaseAddress!);

        var (exitCode, output) = await NodeTool.RunAsync(example.Path, "node", "--env-file=.env", "chat.mjs", "say hello (example)");

        Assert.Equal((0, "Hello, world.\n"), (exitCode, output));
    }

    [Fact]
    public async Task Use_chat_example_is_built()
    {
        using var example = await ExampleFolder.CreateAsync("use-chat", server.Http.BaseAddress!);

        var (exitCode, output) = await NodeTool.RunAsync(example.Path, "node", Path.Combine("node_modules", "vite", "bin", "vite.js"), "build");

        Assert.True(exitCode == 0, output);
        Assert.True(File.Exists(Path.Combine(example.Path, "dist", "index.html")), output);
    }

    [Theory]
    [InlineData("ag-ui")]
    [InlineData("use-chat")]
    public void Example_has_the_versions_that_are_tested(string name)
    {
        var tested = DependenciesOf(Repository.PathOf("FuncChat.Tests", "Clients", "chat", "package.json"));

        foreach (var (package, version) in DependenciesOf(Repository.PathOf("examples", name, "package.json")))
            Assert.Equal((package, tested[package]), (package, version));
    }

    private static Dictionary<string, string> DependenciesOf(string package)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(package));
        return new[] { "dependencies", "devDependencies" }
            .Where(name => json.RootElement.TryGetProperty(name, out _))
            .SelectMany(name => json.RootElement.GetProperty(name).EnumerateObject())
            .ToDictionary(each => each.Name, each => each.Value.GetString()!, StringComparer.Ordinal);
    }
}
