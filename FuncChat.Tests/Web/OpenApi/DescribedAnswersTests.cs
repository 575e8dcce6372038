using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Web.OpenApi;

/// <summary>What the server really says, held against the OpenAPI document.</summary>
public sealed class DescribedAnswersTests : IAsyncLifetime
{
    private static readonly ApiDescription Description = ApiDescription.Read();

    private readonly TemporaryFolder _folder = new();
    private ScriptedWebServer _web = null!;
    private LocalServer _server = null!;

    public async Task InitializeAsync()
    {
        _web = await ScriptedWebServer.StartAsync();
        _web.On("/page", new string('x', 20_000), "text/plain");
        _web.On("/search", context =>
        {
            var found = $$"""{"results":[{"url":"{{_web.Url}}page","title":"A","content":"B"},{"url":"{{_web.Url}}gone","title":"C"}]}""";
            return context.Response.WriteAsync(context.Request.Query["q"] == "bad" ? "no JSON" : found);
        });
        _server = await LocalServer.StartAsync(_folder.Path, settings: [
            ("FuncChat:Demo:WordDelay", "00:00:00"), ("SEARXNG_URL", _web.Url.AbsoluteUri), ("FuncChat:Web:AllowedPrivateHosts", _web.Url.Authority),
            ("FuncChat:Search:DuckDuckGoUrl", new Uri(_web.Url, "nothing").AbsoluteUri)]);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("ChatEvent", "api/chat", """{"messages":[{"role":"user","content":"Search for tides and then calculate 6*7"}],"tools":["search_web","execute_javascript"]}""")]
    [InlineData("ChatEvent", "api/chat", """{"messages":[{"role":"user","content":"Research tides"}],"tools":["research"]}""")]
    [InlineData("SearchEvent", "api/search", """{"queries":["tides","bad"]}""")]
    [InlineData("SearchEvent", "api/search", """{"query":"bad"}""")]
    [InlineData("PlanEvent", "api/planning", """{"query":"Why are there tides?"}""")]
    public async Task Event_has_the_shape_that_is_described(string kind, string path, string body)
    {
        var described = Description.EventsOf(kind);
        await using var stream = await TurnStream.PostAsync(_server.Http, body, path);

        foreach (var each in await stream.ToEndAsync())
        {
            Assert.True(described.TryGetValue(each.Name, out var schema), $"{each.Name} is not described.");
            var errors = await ApiDescription.ErrorsAsync(schema, each.Data.GetRawText());
            Assert.True(errors.Length == 0, $"{each.Raw}{errors}");
        }
    }

    [Theory]
    [InlineData("Completion", "api/proxy", """{"messages":[{"role":"user","content":"Calculate 6*7"}],"tools":["execute_javascript"]}""")]
    [InlineData("Problem", "api/proxy", """{"messages":[]}""")]
    [InlineData("Problem", "api/search", "")]
    [InlineData("Problem", "api/chat/turn-9999", null)]
    [InlineData("ModelList", "api/models", null)]
    [InlineData("UsageReport", "api/usage", null)]
    [InlineData("ToolList", "api/tools", null)]
    [InlineData("Config", "api/config", null)]
    [InlineData("Health", "api/health", null)]
    public async Task Answer_has_the_shape_that_is_described(string schema, string path, string? body)
    {
        using var response = body is null
            ? await _server.Http.GetAsync(path)
            : await _server.Http.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        var json = await response.Content.ReadAsStringAsync();

        var errors = await ApiDescription.ErrorsAsync(Description.Schema(schema), json);

        Assert.True(errors.Length == 0, $"{json}\n{errors}");
    }
}
