using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FuncChat.Tests.Mcp;
using FuncChat.Tests.Mcp.SignIn;
using FuncChat.Tests.Support;
using FuncChat.Tests.Web.OpenApi;

namespace FuncChat.Tests.Docs;

/// <summary>docs/api.md, tried: its curl examples against a server with the demo model and a web of one page.</summary>
public sealed class ApiDocsTests
{
    private const string BaseUrl = "http://127.0.0.1:7071";

    // As the page shows it, but an error status fails, and the status follows the answer.
    private const string Curl =
        """curl() { command curl --silent --show-error --fail-with-body --noproxy '*' --write-out '%{stderr}%{http_code}' "$@"; };""";

    [Fact]
    public async Task Every_example_answers_as_it_is_shown()
    {
        using var folder = new TemporaryFolder();
        await using var web = await ScriptedWebServer.StartAsync();
        web.On("/search", $$"""{"results":[{"url":"{{web.Url}}tides","title":"Tides","content":"Why the sea rises and falls"}]}""", "application/json");
        web.On("/tides", "The sea rises twice a day.", "text/plain");
        await using var calendar = await ScriptedMcpServer.StartAsync();
        await using var authorization = await FakeAuthorization.StartAsync(calendar);
        await using var server = await LocalServer.StartAsync(folder.Path, settings: [
            ("FuncChat:Demo:WordDelay", "00:00:00"), ("SEARXNG_URL", web.Url.AbsoluteUri), ("FuncChat:Approvals:Always", "scrape_web_content"),
            ("FuncChat:Mcp:Servers:calendar:Url", calendar.Url.AbsoluteUri), ("FuncChat:Mcp:Servers:calendar:Auth", "sign-in"),
            ("FuncChat:Web:AllowedPrivateHosts", web.Url.Authority)]);
        var address = server.Http.BaseAddress!.ToString().TrimEnd('/');
        Assert.NotEmpty(ApiExample.All);

        foreach (var example in ApiExample.All)
        {
            var (output, said) = await RunAsync(example.Command.Replace(BaseUrl, address, StringComparison.Ordinal));

            Assert.True(said.StartsWith('2'), $"{example.Command}\n{said}\n{output}");
            var missing = ShownOutput.FindMissing(example.Shown, output);
            Assert.True(missing is null, $"{example.Command}\ndoes not answer as shown:\n{missing}\nbut:\n{output}");
        }
    }

    [Fact]
    public void Every_route_has_an_example()
    {
        var commands = ApiExample.All.Select(example => example.Command).ToList();

        foreach (var (path, operations) in ApiDescription.Read().Root["paths"]!.AsObject())
        {
            var pattern = new Regex($"{Regex.Escape(BaseUrl + path).Replace(@"\{turnId}", "[A-Za-z0-9_-]+", StringComparison.Ordinal).Replace(@"\{responseId}", "[A-Za-z0-9_-]+", StringComparison.Ordinal).Replace(@"\{threadId}", "[A-Za-z0-9_-]+", StringComparison.Ordinal).Replace(@"\{shareId}", @"\$share", StringComparison.Ordinal).Replace(@"\{fileId}", @"\$id", StringComparison.Ordinal).Replace(@"\{chatId}", "[a-z-]+", StringComparison.Ordinal).Replace(@"\{modelId}", "[a-z:]+", StringComparison.Ordinal).Replace(@"\{server}", "[a-z]+", StringComparison.Ordinal)}(?![A-Za-z0-9/])", RegexOptions.None, TimeSpan.FromSeconds(1));
            var examples = commands.Count(pattern.IsMatch);
            var needed = operations!.AsObject().Count(operation => operation.Key != "parameters" && operation.Value!["deprecated"] is null && !IsForBrowsers(operation.Value));
            Assert.True(examples >= needed, $"{path} has an operation without an example.");
        }
    }

    [Fact]
    public void Every_path_is_in_the_table_of_routes()
    {
        var table = string.Join('\n', File.ReadLines(Repository.PathOf("docs", "api.md")).TakeWhile(line => line != "## Chat").Where(line => line.StartsWith("| [", StringComparison.Ordinal)));

        foreach (var (path, operations) in ApiDescription.Read().Root["paths"]!.AsObject())
        {
            // A path that follows another one in its row may be shortened to its last segments.
            var forms = Enumerable.Range(1, path.Length - 1).Where(index => path[index] == '/').Select(index => $"…{path[index..]}`").Prepend($"{path}`");
            Assert.True(
                operations!.AsObject().All(operation => operation.Key == "parameters" || operation.Value!["deprecated"] is not null) || forms.Any(form => table.Contains(form, StringComparison.Ordinal)),
                $"{path} is not in the table.");
        }
    }

    // A redirect that only a browser follows.
    private static bool IsForBrowsers(JsonNode operation) => operation["responses"]?["303"] is not null;

    private static async Task<(string Output, string Said)> RunAsync(string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"{Curl}\n{command}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        var output = bash.StandardOutput.ReadToEndAsync();
        var said = bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (await output, await said);
    }
}
