using System.Text.Json;

namespace FuncChat.Tests.Web.OpenAi;

/// <summary>OpenAI's error object in a response.</summary>
internal sealed record OpenAiErrors(string Message, string Type, string? Param, string? Code)
{
    public static async Task<OpenAiErrors> OfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/json", $"{(int)response.StatusCode} {text}");
        Assert.NotEmpty(response.Headers.GetValues("x-request-id").Single());
        return Of(JsonElement.Parse(text));
    }

    public static OpenAiErrors Of(JsonElement body)
    {
        var error = body.GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(field => field.Name));
        return new OpenAiErrors(
            error.GetProperty("message").GetString()!, error.GetProperty("type").GetString()!, error.GetProperty("param").GetString(),
            error.GetProperty("code").GetString());
    }
}
