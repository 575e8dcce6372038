using System.Net;
using System.Text;
using System.Text.Json;

namespace FuncChat.Tests.Support;

/// <summary>A problem document that a request was answered with.</summary>
internal sealed record Problem(HttpStatusCode Status, string Code, string? Path, string Detail)
{
    /// <summary>Posts JSON that must be refused.</summary>
    public static async Task<Problem> OfPostAsync(HttpClient http, string path, string body)
    {
        using var response = await http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        return await OfAsync(response);
    }

    public static async Task<Problem> OfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", $"{response.StatusCode}: {text}");
        var document = JsonElement.Parse(text);
        return new(
            response.StatusCode, document.GetProperty("code").GetString()!,
            document.TryGetProperty("path", out var at) ? at.GetString() : null, document.GetProperty("detail").GetString()!);
    }
}
