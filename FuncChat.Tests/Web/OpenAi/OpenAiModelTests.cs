using System.Text.Json;

namespace FuncChat.Tests.Web.OpenAi;

public sealed class OpenAiModelTests
{
    [Fact]
    public async Task Models_are_listed_in_the_shape_of_OpenAI()
    {
        await using var server = await CompletionsServer.StartAsync(("OPENAI_MODELS", "scripted,org/name:7b"));

        foreach (var path in (string[])["api/v1/models", "api/v1/models/"])
        {
            var list = JsonElement.Parse(await server.Server.Http.GetStringAsync(path));

            Assert.Equal("list", list.GetProperty("object").GetString());
            var model = list.GetProperty("data").EnumerateArray().Single(model => model.GetProperty("id").ValueEquals("openai:org/name:7b"));
            Assert.Equal(("model", 0, "openai"), (
                model.GetProperty("object").GetString(), model.GetProperty("created").GetInt64(), model.GetProperty("owned_by").GetString()));
            Assert.True(model.GetProperty("providers")[0].GetProperty("supports_tools").GetBoolean());
        }
    }

    [Theory]
    [InlineData("openai:org/name:7b")]
    [InlineData("openai%3Aorg%2Fname%3A7b")]
    [InlineData("openai:org%2fname:7b/")]
    public async Task Model_is_found_by_its_id_raw_or_encoded(string id)
    {
        await using var server = await CompletionsServer.StartAsync(("OPENAI_MODELS", "scripted,org/name:7b"));

        var model = JsonElement.Parse(await server.Server.Http.GetStringAsync($"api/v1/models/{id}"));

        Assert.Equal("openai:org/name:7b", model.GetProperty("id").GetString());
    }
}
