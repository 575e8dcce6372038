using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Clients;

/// <summary>The example of the openai package, with the packages of the clients' tests.</summary>
[Collection(nameof(ClientServer))]
public sealed class OpenAiExampleTests(ClientServer server)
{
    private static readonly string Example = Repository.PathOf("examples", "openai");

    [Fact]
    public async Task Example_prints_the_answer_as_it_streams()
    {
        var clients = Repository.PathOf("FuncChat.Tests", "Clients", "node");
        var packages = Path.GetDirectoryName(Path.GetDirectoryName(await NodeTool.ScriptAsync(clients, Path.Combine("openai", "package.json"))))!;
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Example, "chat.mjs"), Path.Combine(folder.Path, "chat.mjs"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "node_modules"), packages);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, ".env"), $"FUNCCHAT_URL={server.BaseUrl.GetLeftPart(UriPartial.Authority)}\n");

        var (exitCode, output) = await NodeTool.RunAsync(folder.Path, "node", "--env-file=.env", "chat.mjs", "say hello (example)");

        Assert.Equal((0, "Hello, world.\n"), (exitCode, output));
        Assert.Single(server.CallsFor("say hello", "example"));
    }

    [Fact]
    public void Example_has_the_version_that_is_tested() => Assert.Equal(
        VersionIn(Repository.PathOf("FuncChat.Tests", "Clients", "node", "package.json")), VersionIn(Path.Combine(Example, "package.json")));

    private static string VersionIn(string package)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(package));
        return json.RootElement.GetProperty("dependencies").GetProperty("openai").GetString()!;
    }
}
