using System.Text.Json.Nodes;
using FuncChat.Tests.Tools.Fetch;
using FuncChat.Tools;
using FuncChat.Tools.Scrape;

namespace FuncChat.Tests.Tools.Scrape;

public class ScrapeWebContentToolTests
{
    [Fact]
    public async Task Schema_says_what_the_model_may_send()
    {
        await using var web = await TestWeb.StartAsync();
        var tool = new ScrapeWebContentTool(web.Reader).AsTool();

        Assert.Equal("scrape_web_content", tool.Name);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(tool.Function.JsonSchema.GetRawText()), JsonNode.Parse("""
            {
              "type": "object",
              "properties": {
                "url": { "description": "The page's whole address, http or https.", "type": "string", "minLength": 1 },
                "timeout": { "description": "Seconds to wait for the page.", "type": "integer", "default": 15, "minimum": 1, "maximum": 60 }
              },
              "required": ["url"],
              "additionalProperties": false
            }
            """)), tool.Function.JsonSchema.GetRawText());
    }

    [Fact]
    public async Task Page_is_returned_as_json()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", "<title>Zürich</title><p>Grüezi");

        var result = await new RecordedToolRun().InvokeAsync(
            new ScrapeWebContentTool(web.Reader).AsTool(), new Dictionary<string, object?> { ["url"] = "http://site.test/" });

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(result), JsonNode.Parse("""
            { "url": "http://site.test/", "title": "Zürich", "content_type": "text/html", "content": "Grüezi" }
            """)), result);
    }

    [Fact]
    public async Task Text_is_cut_with_a_note_when_it_is_long()
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", new string('x', 19_999) + "😀" + new string('y', 100), "text/plain; charset=utf-8");

        var result = await new RecordedToolRun().InvokeAsync(
            new ScrapeWebContentTool(web.Reader).AsTool(), new Dictionary<string, object?> { ["url"] = "http://site.test/" });

        var page = JsonNode.Parse(result)!;
        Assert.Equal(new string('x', 19_999), (string?)page["content"]);
        Assert.Equal("The text was cut: these are the first 19,999 of 20,101 characters.", (string?)page["note"]);
    }

    [Fact]
    public async Task Timeout_is_the_models()
    {
        await using var web = await TestWeb.StartAsync();
        var asked = new TaskCompletionSource();
        web.Server.On("/", context =>
        {
            var gone = new TaskCompletionSource();
            context.RequestAborted.Register(gone.SetResult);
            asked.SetResult();
            return gone.Task;
        });

        var reading = new RecordedToolRun().InvokeAsync(
            new ScrapeWebContentTool(web.Reader).AsTool(), new Dictionary<string, object?> { ["url"] = "http://site.test/", ["timeout"] = 3 });
        await asked.Task;
        web.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("The page was not there within 3 seconds.", (await Assert.ThrowsAsync<ToolException>(() => reading)).Message);
    }
}
