using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FuncChat.Tools.OpenApi;

namespace FuncChat.Tests.Tools.OpenApi;

/// <summary>How the argument that is the body becomes the body of a request.</summary>
public sealed class OpenApiBodyTests
{
    [Theory]
    [InlineData("report.txt", "report.txt")]
    [InlineData("\u00dcbersicht 1.txt", "\u00dcbersicht 1.txt")]
    [InlineData("a\"b; c='d'.txt", "a%22b; c='d'.txt")]
    [InlineData("a\r\nX-Admin: 1", "aX-Admin: 1")]
    [InlineData("../\u65e5\u672c.txt", "\u65e5\u672c.txt")]
    public async Task Name_of_a_file_is_sent_raw_and_once(string name, string sent)
    {
        var operation = Read(Multipart("""{ "type": "object", "properties": { "file": { "type": "string", "format": "binary" } } }"""));

        var body = await BodyOf(operation, JsonSerializer.Serialize(new { file = new { base64 = "aGk=", name } }));

        Assert.Matches(
            $"^--[^\r\n]+\r\nContent-Type: application/octet-stream\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{Regex.Escape(sent)}\"\r\n\r\nhi\r\n--[^\r\n]+--\r\n$",
            body);
    }

    [Fact]
    public async Task Name_of_a_field_is_sent_raw()
    {
        var operation = Read(Multipart("""{ "type": "object" }"""));

        var body = await BodyOf(operation, """{"gr\u00f6\u00dfe\"\r\n":"1"}""");

        Assert.Contains("Content-Disposition: form-data; name=\"gr\u00f6\u00dfe%22%0D%0A\"\r\n\r\n1\r\n", body, StringComparison.Ordinal);
    }

    private static string Multipart(string schema) => $$""" "multipart/form-data": { "schema": {{schema}} } """;

    private static DescribedOperation Read(string content) => Assert.Single(ApiDocument.Read(
        $$"""{ "openapi": "3.1.0", "info": { "title": "A", "version": "1" }, "paths": { "/a": { "post": { "operationId": "send", "requestBody": { "content": { {{content}} } } } } } }""",
        ["send"], [], [], [], CancellationToken.None));

    /// <summary>The body's bytes, read as UTF-8.</summary>
    private static async Task<string> BodyOf(DescribedOperation operation, string body)
    {
        using var request = await operation.Operation.ToRequestAsync(
            new Uri("https://api.test"), new Dictionary<string, object?> { ["body"] = JsonElement.Parse(body) }, null, CancellationToken.None);
        return Encoding.UTF8.GetString(await request.Content!.ReadAsByteArrayAsync());
    }
}
