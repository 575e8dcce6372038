using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Files;

/// <summary>A server with two users, and the requests that a client of its files makes.</summary>
internal sealed class FileBench : IAsyncDisposable
{
    public static byte[] Png { get; } = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x01];

    public GuardedServer Server { get; private init; } = null!;

    public static async Task<FileBench> StartAsync(params (string Name, string Value)[] settings) => new() { Server = await GuardedServer.StartAsync(settings) };

    public Task<HttpResponseMessage> PostFormAsync(byte[] content, string name, string key = GuardedServer.BotKey, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", name } };
        foreach (var (field, value) in fields)
            form.Add(new StringContent(value), field);
        return PostAsync("api/files", form, key);
    }

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent body, string key = GuardedServer.BotKey)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return Server.Http.SendAsync(request);
    }

    /// <summary>Uploads a file and returns its id.</summary>
    public async Task<string> UploadAsync(byte[] content, string name, string key = GuardedServer.BotKey, params (string Name, string Value)[] fields)
    {
        using var response = await PostFormAsync(content, name, key, fields);
        var file = await GuardedServer.JsonAsync(response);
        Assert.True(response.IsSuccessStatusCode, file.GetRawText());
        return file.GetProperty("id").GetString()!;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string key = GuardedServer.BotKey) => Server.GetAsync(key, path);

    public Task<HttpResponseMessage> DeleteAsync(string path, string key = GuardedServer.BotKey) => Server.SendAsync(HttpMethod.Delete, path, key);

    /// <summary>Runs a chat with these parts as the user's message, after other messages; returns the response's body.</summary>
    public async Task<string> ChatAsync(string parts, string before = "", string key = GuardedServer.BotKey)
    {
        using var response = await Server.SendAsync(
            HttpMethod.Post, "api/chat", key, $$"""{"messages":[{{before}}{"role":"user","content":[{{parts}}]}]}""");
        return await response.Content.ReadAsStringAsync();
    }

    public static string Part(string id) => $$$"""{"type":"file","file":{"file_id":"{{{id}}}"}}""";

    /// <summary>The parts of the last message of a model call.</summary>
    public JsonElement PartsOf(int call = 0) => JsonElement.Parse(Server.Model.Requests[call].Messages[^1].Span).GetProperty("content");

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
