using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Catalog;

public sealed class CatalogApiTests
{
    [Fact]
    public async Task Models_have_the_price_that_the_settings_name()
    {
        var models = await ReadAsync(
            ("FuncChat:Prices:Currency", "EUR"), ("FuncChat:Prices:fake:Model", "*"), ("FuncChat:Prices:fake:Input", "1.25"), ("FuncChat:Prices:fake:Output", "10"));

        Assert.All(models, model => Assert.Equal("""{"input":1.25,"output":10,"currency":"EUR"}""", model.GetProperty("price").GetRawText()));
    }

    [Fact]
    public async Task Models_without_a_price_have_none()
    {
        var models = await ReadAsync(
            ("FuncChat:Prices:other:Model", "other:*"), ("FuncChat:Prices:other:Input", "1"), ("FuncChat:Prices:other:Output", "1"));

        Assert.All(models, model => Assert.False(model.TryGetProperty("price", out _)));
    }

    private static async Task<JsonElement[]> ReadAsync(params (string Name, string Value)[] settings)
    {
        await using var server = await GuardedServer.StartAsync(settings);
        using var response = await server.SendAsync(HttpMethod.Get, "api/models", GuardedServer.BotKey);
        var models = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("models");
        Assert.NotEqual(0, models.GetArrayLength());
        return [.. models.EnumerateArray()];
    }
}
