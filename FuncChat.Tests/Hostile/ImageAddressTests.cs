using System.Net;
using System.Text;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Hostile;

/// <summary>The provider fetches images from their addresses, and may be a server inside the operator's network.</summary>
public sealed class ImageAddressTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private LocalServer _server = null!;

    public async Task InitializeAsync() => _server = await LocalServer.StartAsync(_folder.Path, _model.Catalog);

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string, string> Routes => new()
    {
        { "api/chat", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"URL"}}]}]}""" },
        { "api/chat", """{"messages":[{"role":"system","content":[{"type":"image_url","image_url":{"url":"URL"}}]},{"role":"user","content":"x"}]}""" },
        { "api/chat", """{"messages":[{"role":"user","content":[{"type":"text","text":"x","image_url":{"url":"URL"}}]}]}""" },
        { "api/chat", """{"messages":[{"role":"user","content":[{"type":"text","text":"x","image_url":"URL"}]}]}""" },
        { "api/chat", """{"messages":[{"role":"user","content":[{"type":"text","text":"x","video_url":{"url":"URL"}}]}]}""" },
        { "api/chat", """{"messages":[{"role":"user","content":[{"type":"text","text":"x","other":{"deep":["URL"]}}]}]}""" },
        { "api/chat", """{"messages":[{"role":"user","content":[{"type":"text","text":"x","file":{"file_id":"file-of-the-operator"}}]}]}""" },
        { "api/chat", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png","fallback":"URL"}}]}]}""" },
        { "api/chat", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"},"url":"URL"}]}]}""" },
        { "api/chat", """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:text/plain,x","file_url":"URL"}}]}]}""" },
        { "api/chat", """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA==","format":"wav","url":"URL"}}]}]}""" },
        { "api/v1/chat/completions", """{"model":"fake:model","messages":[{"role":"user","content":[{"type":"image_url","image_url":"URL"}]}]}""" },
        { "api/v1/chat/completions", """{"model":"fake:model","messages":[{"role":"user","content":[{"type":"text","text":"x","image_url":{"url":"URL"}}]}]}""" },
        { "api/v1/responses", """{"model":"fake:model","input":[{"role":"user","content":[{"type":"input_image","image_url":"URL"}]}]}""" },
        { "api/ui/chat", """{"id":"c1","trigger":"submit-message","messages":[{"id":"1","role":"user","parts":[{"type":"file","mediaType":"image/png","url":"URL"}]}]}""" },
        { "api/agui", """{"threadId":"t1","runId":"r","state":{},"tools":[],"context":[],"forwardedProps":{},"messages":[{"id":"1","role":"user","content":[{"type":"image","source":{"type":"url","value":"URL","mimeType":"image/png"}}]}]}""" },
        { "api/threads", """{"title":"x","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"URL"}}]}]}""" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Private_address_of_an_image_is_refused_by_every_route(string route, string body)
    {
        foreach (var url in new[] { "//169.254.169.254/x", "file:///etc/passwd", "ftp://127.0.0.1/", @"\\\\10.0.0.1\\x", @"\u0001http://169.254.169.254/", @"ht\ttp://169.254.169.254/", "http://169.254.169.254/x", "http://①69.254.169.254/x", "http://x.ｉｎｔｅｒｎａｌ/x" })
            await RefusedAsync(route, body.Replace("URL", url, StringComparison.Ordinal));
        Assert.Empty(_model.Requests);
    }

    [Theory]
    [InlineData("""{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}""")]
    [InlineData("""{"type":"text","text":"x","annotations":[],"image_url":null}""")]
    [InlineData("""{"type":"text","text":"x","extras":{"signature":"ab//cd=="},"metadata":{"source":"https://example.com/a"}}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://example.com/a.png"},"text":""}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://münchen.de/a.png","detail":"low"},"min_pixels":10}""")]
    public async Task Part_reaches_the_provider_with_fields_that_hold_no_private_address(string part)
    {
        _model.Says("Hm.");
        await using var stream = await TurnStream.PostAsync(_server.Http, $$"""{"messages":[{"role":"user","content":[{{part}}]}]}""");
        await stream.ToEndAsync();

        Assert.Contains(part, Encoding.UTF8.GetString(_model.Requests[0].Messages.Single().Span), StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string route, string body)
    {
        using var response = await _server.Http.PostAsync(route, new StringContent(body, Encoding.UTF8, "application/json"));

        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest || text.Contains("RUN_ERROR", StringComparison.Ordinal), $"{body}: {response.StatusCode} {text}");
    }
}
