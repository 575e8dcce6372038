using System.Text.Json.Nodes;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Tools.Scrape;
using FuncChat.Tools.Search;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FuncChat.Tests.Tools;

public class ToolServicesTests
{
    [Fact]
    public async Task Tools_and_their_services_are_there_without_any_setting()
    {
        await using var services = Build();

        services.GetRequiredService<IStartupValidator>().Validate();
        var catalog = services.GetRequiredService<ToolCatalog>();
        Assert.NotNull(await catalog.GetAsync("search_web"));
        Assert.NotNull(await catalog.GetAsync("scrape_web_content"));
        Assert.NotNull(services.GetRequiredService<WebSearch>());
        Assert.NotNull(services.GetRequiredService<PageReader>());
    }

    [Fact]
    public async Task Providers_are_asked_in_the_order_of_preference_when_set()
    {
        await using var server = await ScriptedWebServer.StartAsync();
        var url = server.Url.ToString();
        await using var services = Build(
            ("BRAVE_API_KEY", " brave-key\n"), ("TAVILY_API_KEY", "tavily-key"), ("SEARXNG_URL", url + "searxng"),
            ("FuncChat:Search:BraveUrl", url + "brave"), ("FuncChat:Search:TavilyUrl", url + "tavily"), ("FuncChat:Search:DuckDuckGoUrl", url + "duck"),
            ("FuncChat:Web:AllowedPrivateHosts", $" other:1, {server.Url.Authority}"));

        await Assert.ThrowsAsync<ToolException>(() => SearchAsync(services));

        Assert.Equal(["/brave", "/tavily", "/searxng/search", "/duck"], server.Requests.Select(request => request.Split('?')[0]));
    }

    [Fact]
    public async Task Searxng_may_be_private_but_the_pages_next_to_it_may_not()
    {
        await using var server = await ScriptedWebServer.StartAsync();
        server.On("/search", $$"""{"results":[{"title":"Inside","url":"{{server.Url}}inside"}]}""", "application/json");
        await using var services = Build(("SEARXNG_URL", server.Url.ToString()));
        var tool = await services.GetRequiredService<ToolCatalog>().GetAsync("search_web");

        var result = JsonNode.Parse(await new RecordedToolRun().InvokeAsync(
            tool, new Dictionary<string, object?> { ["query"] = "x", ["limit"] = 1, ["load_content"] = true }))!;

        Assert.Equal("searxng", (string?)result["results"]![0]!["provider"]);
        Assert.Contains("on the public internet", (string?)result["results"]![0]!["content_error"], StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Providers_with_a_private_address_are_refused_when_it_is_not_allowed()
    {
        await using var server = await ScriptedWebServer.StartAsync();
        await using var services = Build(("FuncChat:Search:DuckDuckGoUrl", server.Url.ToString()));

        var exception = await Assert.ThrowsAsync<ToolException>(() => SearchAsync(services));

        Assert.Contains("on the public internet", exception.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("SEARXNG_URL", "localhost:8888", "SEARXNG_URL must be an absolute http or https URL without a user name or password. Example: http://localhost:8888")]
    [InlineData("SEARXNG_URL", "ftp://x/", "SEARXNG_URL must be an absolute http or https URL without a user name or password. Example: http://localhost:8888")]
    [InlineData("FuncChat:Search:BraveUrl", "x", "FuncChat__Search__BraveUrl must be")]
    [InlineData("FuncChat:Search:TavilyUrl", "//", "FuncChat__Search__TavilyUrl must be")]
    [InlineData("FuncChat:Search:DuckDuckGoUrl", "/html", "FuncChat__Search__DuckDuckGoUrl must be")]
    [InlineData("BRAVE_API_KEY", "secret\r\nX: y", "BRAVE_API_KEY contains what no key has")]
    [InlineData("TAVILY_API_KEY", "secret secret", "TAVILY_API_KEY contains what no key has")]
    [InlineData("FuncChat:Web:AllowedPrivateHosts:0", "localhost", "FuncChat__Web__AllowedPrivateHosts must be host:port entries separated by commas. Example: localhost:8888")]
    [InlineData("FuncChat:Web:AllowedPrivateHosts", "a:1,b", "FuncChat__Web__AllowedPrivateHosts must be host:port entries separated by commas. Example: localhost:8888")]
    public async Task Start_fails_with_a_line_that_names_the_setting_when_it_is_bad(string name, string value, string message)
    {
        await using var services = Build((name, value));

        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"servers":{"my orders":{"url":"https://files.example.com/mcp"}}}""", "FuncChat__OpenApi__my-orders has the name of an MCP server: choose another one.")]
    [InlineData("{", "mcp.json can't be read")]
    public async Task Start_fails_when_an_api_has_the_name_of_a_server_in_the_file(string file, string message)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "mcp.json");
        await File.WriteAllTextAsync(path, file);
        await using var services = Build(
            ("FuncChat:Mcp:File", path), ("FuncChat:OpenApi:my-orders:Document", "https://api.example.com/openapi.json"), ("FuncChat:OpenApi:my-orders:BaseUrl", "https://api.example.com"),
            ("FuncChat:OpenApi:my-orders:Operations", "getOrder"));

        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(message, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_settings_count_as_not_set()
    {
        await using var services = Build(("BRAVE_API_KEY", ""), ("TAVILY_API_KEY", " "), ("SEARXNG_URL", ""), ("FuncChat:Web:AllowedPrivateHosts", ""));

        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Null(services.GetRequiredService<IOptions<SearchOptions>>().Value.SearxngUrl);
    }

    private static Task<IReadOnlyList<SearchResult>> SearchAsync(IServiceProvider services) =>
        services.GetRequiredService<WebSearch>().SearchAsync("kites", 3, TimeSpan.FromSeconds(30), CancellationToken.None);

    private static ServiceProvider Build(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddFuncChatTools(configuration).BuildServiceProvider();
    }
}
