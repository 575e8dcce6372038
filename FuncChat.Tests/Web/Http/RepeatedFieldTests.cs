using System.Net;
using System.Text;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Http;

/// <summary>Bodies of the routes of other protocols, over HTTP.</summary>
public sealed class RepeatedFieldTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(_folder.Path, new FakeModel().Catalog, null);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("api/v1/chat/completions")]
    [InlineData("api/v1/responses")]
    [InlineData("api/ui/chat")]
    [InlineData("api/agui")]
    public async Task Error_describes_what_is_wrong_when_the_body_is_not_read(string path)
    {
        var repeated = await PostAsync(path, """{"id":"a","id":"b"}""");
        var damaged = await PostAsync(path, """{"id":]""");

        Assert.Contains("A field appears twice in the same object.", repeated, StringComparison.Ordinal);
        Assert.Contains("The body is not valid JSON, at line 1, byte 7.", damaged, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/v1/chat/completions", """{"model":"a","model":"b"}""", "model")]
    [InlineData("api/v1/chat/completions", """{"messages":[{"role":"user","content":"a"},{"role":"user","content":"a","c\u006fntent":"b"}]}""", "messages[1].content")]
    [InlineData("api/v1/responses", """{"input":[{"role":"user","role":"user","content":"x"}]}""", "input[0].role")]
    [InlineData("api/v1/responses", """{"input":"x","metadata":{"a":{"b":1},"c":{"b":1,"b":1}}}""", "metadata.c.b")]
    public async Task Error_names_the_field_that_appears_twice(string path, string body, string field) =>
        Assert.Contains($"\"param\":\"{field}\"", await PostAsync(path, body), StringComparison.Ordinal);

    [Theory]
    [InlineData("api/v1/chat/completions")]
    [InlineData("api/chat")]
    public async Task Body_that_is_nested_too_deeply_is_named_so(string path) =>
        Assert.Contains(
            "The body is nested deeper than 64 levels.", await PostAsync(path, $$"""{"messages":{{new string('[', 200)}}{{new string(']', 200)}}}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("api/v1/chat/completions", "{\"messages\":7}", "messages")]
    [InlineData("api/chat", "{\"messages\":7}", "$.messages")]
    public async Task Byte_order_mark_is_ignored(string path, string body, string field) =>
        Assert.Contains($"\"{field}\"", await PostAsync(path, "\uFEFF" + body), StringComparison.Ordinal);

    private async Task<string> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _server.Http.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
