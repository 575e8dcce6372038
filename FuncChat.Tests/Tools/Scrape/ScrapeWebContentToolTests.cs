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
                "url": { "description": "The page's http or https address.", "type": "string", "minLength": 1, "maxLength": 2048 },
                "timeout": { "description": "Time limit in seconds.", "type": "integer", "default": 15, "minimum": 1, "maximum": 60 },
                "offset": { "description": "Number of characters of the text to skip: the note of a cut text says which offset comes next.", "type": "integer", "default": 0, "minimum": 0, "maximum": 10000000 }
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
            { "n": 1, "url": "http://site.test/", "title": "Zürich", "content_type": "text/html", "content": "Grüezi" }
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
        Assert.Equal("The text was cut: these are characters 1 to 19,999 of 20,101. For the next part, call scrape_web_content with offset 19999.", (string?)page["note"]);
    }

    [Theory]
    [InlineData(19_999, "😀yy", "This is the end of the text: characters 20,000 to 20,003.")]
    [InlineData(20_000, "😀yy", "This is the end of the text: characters 20,000 to 20,003.")]
    [InlineData(20_001, "yy", "This is the end of the text: characters 20,002 to 20,003.")]
    [InlineData(30_000, "", "The text has only 20,003 characters.")]
    public async Task Rest_of_a_long_text_is_returned_from_its_offset(int offset, string content, string note)
    {
        await using var web = await TestWeb.StartAsync();
        web.Server.On("/", new string('x', 19_999) + "😀yy", "text/plain; charset=utf-8");

        var result = await new RecordedToolRun().InvokeAsync(
            new ScrapeWebContentTool(web.Reader).AsTool(), new Dictionary<string, object?> { ["url"] = "http://site.test/", ["offset"] = offset });

        var page = JsonNode.Parse(result)!;
        Assert.Equal((content, note), ((string?)page["content"], (string?)page["note"]));
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

        Assert.Equal("The page did not arrive within 3 seconds.", (await Assert.ThrowsAsync<ToolException>(() => reading)).Message);
    }
}
