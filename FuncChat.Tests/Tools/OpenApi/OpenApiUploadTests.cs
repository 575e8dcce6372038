using System.Collections.Concurrent;
using System.Net;
using System.Text;
using FuncChat.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Tests.Tools.OpenApi;

/// <summary>Operations that accept files, called in turns whose users have files.</summary>
public sealed class OpenApiUploadTests : IAsyncLifetime
{
    private const string Document = """
        {
          "openapi": "3.0.3", "info": { "title": "Albums", "version": "1" },
          "paths": { "/photos": { "post": { "operationId": "upload",
            "requestBody": { "required": true, "content": { "multipart/form-data": { "schema": { "type": "object", "required": ["photo"], "properties": {
              "title": { "type": "string" }, "tags": { "type": "array", "items": { "type": "string" } }, "place": { "type": "object" },
              "photo": { "type": "string", "format": "binary", "description": "The photo." },
              "pages": { "type": "array", "items": { "type": "string", "format": "binary" } } } } } } },
            "responses": { "200": { "description": "ok" } } } } }
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<(string Name, string? FileName, string? Type, string Content)> _parts = [];
    private ScriptedWebServer _api = null!;
    private GuardedServer _server = null!;

    public async Task InitializeAsync()
    {
        _api = await ScriptedWebServer.StartAsync();
        _api.On("/photos", async http =>
        {
            var form = await http.Request.ReadFormAsync();
            foreach (var (name, value) in form.SelectMany(field => field.Value.Select(value => (field.Key, value))))
                _parts.Enqueue((name, null, null, value!));
            foreach (var file in form.Files)
            {
                using var reader = new StreamReader(file.OpenReadStream());
                _parts.Enqueue((file.Name, file.FileName, file.ContentType, await reader.ReadToEndAsync()));
            }

            await http.Response.WriteAsync("Uploaded.");
        });
        var document = Path.Combine(_folder.Path, "albums.json");
        await File.WriteAllTextAsync(document, Document);
        _server = await GuardedServer.StartAsync(
            ("FuncChat:OpenApi:albums:Document", document), ("FuncChat:OpenApi:albums:BaseUrl", _api.Url.AbsoluteUri), ("FuncChat:OpenApi:albums:Operations", "upload"),
            ("FuncChat:Approvals:Default", "Never"));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Binary_fields_are_files_by_id_by_name_and_in_base64()
    {
        var ada = _server.Issuer.Token();
        await UploadAsync(ada, "tides.txt", "An older file of the name.");
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        await UploadAsync(ada, "tides.txt", "The sea rises.");
        var id = await UploadAsync(ada, "notes.txt", "Notes.");

        var result = await CallAsync(ada, $$$$"""
            {"body":{"title":"Sea","tags":["a","b"],"place":{"x":1},"photo":{"file":"{{{{id}}}}"},"pages":[{"file":"tides.txt"},{"base64":"aGk=","name":"../a\"b.bin"}]}}
            """);

        Assert.Equal("Uploaded.", result);
        Assert.Equal(
            [
                ("title", null, null, "Sea"), ("tags", null, null, "a"), ("tags", null, null, "b"), ("place", null, null, """{"x":1}"""),
                ("photo", "notes.txt", "text/plain", "Notes."), ("pages", "tides.txt", "text/plain", "The sea rises."), ("pages", "a%22b.bin", "application/octet-stream", "hi"),
            ],
            _parts);
    }

    [Theory]
    [InlineData("""{"body":{"photo":{"file":"none.txt"}}}""", "The user has no file 'none.txt'.")]
    [InlineData("""{"body":{"photo":{"base64":"%%"}}}""", "The field 'photo' is not valid base64.")]
    [InlineData("""{"body":{"photo":{"name":"a"}}}""", "The field 'photo' is a file: send file, or base64 and name.")]
    public async Task Call_is_refused_when_a_file_is_not_valid(string arguments, string reason)
    {
        Assert.Contains(reason, await CallAsync(_server.Issuer.Token(), arguments), StringComparison.Ordinal);

        Assert.Empty(_parts);
    }

    [Fact]
    public async Task File_of_another_user_is_none()
    {
        var id = await UploadAsync(_server.Issuer.Token(), "notes.txt", "Notes.");
        var bob = _server.Issuer.TokenWith(("sub", "bob"), ("email", "bob@example.org"));

        Assert.Contains("The user has no file", await CallAsync(bob, "{\"body\":{\"photo\":{\"file\":\"" + id + "\"}}}"), StringComparison.Ordinal);
        Assert.Contains("The user has no file", await CallAsync(bob, """{"body":{"photo":{"file":"notes.txt"}}}""", "turn-0002"), StringComparison.Ordinal);

        Assert.Empty(_parts);
    }

    [Fact]
    public async Task Call_is_refused_when_its_files_are_too_large_together()
    {
        var ada = _server.Issuer.Token();
        var id = await UploadAsync(ada, "large.txt", new string('a', 3 * 1024 * 1024));
        var pages = string.Join(',', Enumerable.Repeat($$$"""{"file":"{{{id}}}"}""", 7));

        Assert.Contains("larger than the 20971520 bytes", await CallAsync(ada, "{\"body\":{\"photo\":{\"base64\":\"\"},\"pages\":[" + pages + "]}}"), StringComparison.Ordinal);

        Assert.Empty(_parts);
    }

    [Fact]
    public async Task Schema_says_how_to_send_a_file()
    {
        using var response = await _server.GetAsync(_server.Issuer.Token(), "api/tools");
        var tool = (await GuardedServer.JsonAsync(response)).GetProperty("tools").EnumerateArray().Single(tool => tool.GetProperty("name").GetString() == "albums__upload");

        var photo = tool.GetProperty("parameters").GetProperty("properties").GetProperty("body").GetProperty("properties").GetProperty("photo");
        Assert.Equal("object", photo.GetProperty("type").GetString());
        Assert.Equal("The photo. Send file, or base64 and name.", photo.GetProperty("description").GetString());
        Assert.Equal(["file", "base64", "name"], photo.GetProperty("properties").EnumerateObject().Select(property => property.Name));
    }

    private async Task<string> UploadAsync(string user, string name, string content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/files?name={name}") { Content = new StringContent(content, Encoding.UTF8, "text/plain") };
        request.Headers.Authorization = new("Bearer", user);
        using var response = await _server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await GuardedServer.JsonAsync(response)).GetProperty("id").GetString()!;
    }

    /// <summary>The result of a call of the tool in a turn.</summary>
    private async Task<string> CallAsync(string user, string arguments, string turnId = "turn-0001")
    {
        _server.Model.Calls(("a", "albums__upload", arguments.Trim())).Says("Done.");
        using var response = await _server.SendAsync(
            HttpMethod.Post, "api/chat", user, $$"""{"messages":[{"role":"user","content":"x"}],"tools":["albums__upload"],"turn_id":"{{turnId}}"}""");
        var result = SseEvent.Parse(await response.Content.ReadAsStringAsync()).Single(each => each.Name == "tool_call_result");
        return result.Text("content")!;
    }
}
