using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.OpenAi;

public sealed class CompletionCitationTests
{
    [Fact]
    public async Task Sources_that_the_answer_cites_are_annotations_streamed_or_not()
    {
        using var folder = new TemporaryFolder();
        var tool = Tool.FromMethod(
            () => new { results = new[] { new { n = 1, title = "One", url = "https://one.test/" }, new { n = 2, title = "Two", url = "https://two.test/" } } },
            "find", "Finds pages.", readOnly: true);
        var model = new FakeModel().Calls(("a", "find", "{}")).Says("So says", " [2].").Calls(("a", "find", "{}")).Says("So says", " [2].")
            .Calls(("a", "find", "{}")).Says("So says", " [2].").Calls(("a", "find", "{}")).Says("No source.");
        await using var server = await LocalServer.StartWithAsync(
            folder.Path, builder => builder.Services.AddSingleton(tool with { Policy = tool.Policy with { ReturnsSources = true } }), model.Catalog);

        var streamed = StreamedCompletion.Parse(await PostAsync(server, ""","stream":true""")).Message()["annotations"];
        var buffered = JsonElement.Parse(await PostAsync(server, "")).GetProperty("choices")[0].GetProperty("message").GetProperty("annotations");

        var other = await OtherAsync(server);
        var uncited = await OtherAsync(server);

        const string Expected = """[{"type":"url_citation","url_citation":{"start_index":8,"end_index":11,"url":"https://two.test/","title":"Two"}}]""";
        Assert.Equal(Expected, buffered.GetRawText());
        Assert.Equal(("So says [2].", Expected), (other.GetProperty("content").GetString(), other.GetProperty("annotations").GetRawText()));
        Assert.False(uncited.TryGetProperty("annotations", out _));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Expected), streamed), $"{streamed}");
    }

    // Outside of OpenAI's routes.
    private static async Task<JsonElement> OtherAsync(LocalServer server)
    {
        using var response = await server.Http.PostAsync(
            new Uri("/api/chat?format=completion", UriKind.Relative),
            new StringContent("""{"messages":[{"role":"user","content":"x"}],"tools":["find"]}""", Encoding.UTF8, "application/json"));
        return JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("choices")[0].GetProperty("message");
    }

    private static async Task<string> PostAsync(LocalServer server, string more)
    {
        using var response = await server.Http.PostAsync(
            CompletionsServer.Path,
            new StringContent($$"""{"messages":[{"role":"user","content":"x"}],"server_tools":["find"]{{more}}}""", Encoding.UTF8, "application/json"));
        return await response.Content.ReadAsStringAsync();
    }
}
