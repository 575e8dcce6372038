using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Engine.Chat;

/// <summary>The sources of a turn's tools, as its events announce them.</summary>
public sealed class CitationTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync()
    {
        var finding = Tool.FromMethod((string name) => new { results = new[] { new { n = 1, title = name, url = $"https://{name}.test/" } } }, "find", "Finds a page.", readOnly: true);
        var failing = Tool.FromMethod(object () => throw new ToolException("No."), "fail", "Fails.", readOnly: true);
        _server = await LocalServer.StartWithAsync(
            _folder.Path,
            builder => builder.Services
                .AddSingleton(finding with { Policy = finding.Policy with { ReturnsSources = true } })
                .AddSingleton(failing with { Policy = failing.Policy with { ReturnsSources = true } }),
            _model.Catalog, new GatedTools());
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_source_is_announced_once_before_its_result_with_a_number_of_the_turn()
    {
        _model.Calls(("a", "find", """{"name":"one"}"""))
            .Calls(("b", "find", """{"name":"two"}"""))
            .Calls(("c", "find", """{"name":"one"}"""))
            .Says("As [1] and [2] say.");

        var events = await ChatAsync();

        Assert.Equal(
            ["citation 1", "tool_call_result a", "citation 2", "tool_call_result b", "tool_call_result c"],
            events.Where(each => each.Name is "citation" or "tool_call_result").Select(each => $"{each.Name} {each.Text("number")}{each.Text("id")}"));
        Assert.Equal("""{"number":2,"url":"https://two.test/","title":"two"}""", events.Last(each => each.Name == "citation").Data.GetRawText());
        Assert.Equal(
            [1, 2, 1],
            events.Where(each => each.Name == "tool_call_result").Select(each => System.Text.Json.Nodes.JsonNode.Parse(each.Text("content")!)!["results"]![0]!["n"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Failed_call_announces_nothing()
    {
        _model.Calls(("a", "fail", "{}")).Says("It failed.");

        Assert.DoesNotContain(await ChatAsync(), each => each.Name == "citation");
    }

    [Theory]
    [InlineData("search_web", true, false)]
    [InlineData("scrape_web_content", true, true)]
    [InlineData("research", true, false)]
    [InlineData("execute_javascript", false, false)]
    public async Task Built_in_tools_declare_their_sources_and_addresses(string name, bool returnsSources, bool fetchesUrl)
    {
        var tool = await _server.Services.GetRequiredService<ToolCatalog>().GetAsync(name);

        Assert.Equal((returnsSources, fetchesUrl), (tool.Policy.ReturnsSources, tool.Policy.FetchesUrl));
    }

    private async Task<IReadOnlyList<SseEvent>> ChatAsync()
    {
        await using var stream = await TurnStream.PostAsync(_server.Http, """{"messages":[{"role":"user","content":"x"}],"tools":["find","fail"]}""");
        return await stream.ToEndAsync();
    }
}
