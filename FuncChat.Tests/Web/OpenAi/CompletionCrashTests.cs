using System.Text;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.OpenAi;

/// <summary>A streamed chat whose process ends after any of its turn's events, and whose client sends the request again.</summary>
public sealed class CompletionCrashTests : IAsyncLifetime
{
    private const string Id = "completion-0001";

    private ScriptedModelServer _upstream = null!;

    public async Task InitializeAsync() => _upstream = (await ScriptedModelServer.StartAsync()).Otherwise(Answer);

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory]
    [InlineData("api/v1/chat/completions", """{"model":"openai:scripted","stream":true,"tools":["Echo"],"messages":[{"role":"user","content":"Hello"}]}""")]
    [InlineData("api/proxy", """{"model":"openai:scripted","stream":true,"tools":["Echo"],"messages":[{"role":"user","content":"Hello"}],"turn_id":"completion-0001"}""")]
    public async Task Same_request_streams_the_valid_text_after_a_crash_at_any_event(string path, string body)
    {
        using var folder = new TemporaryFolder();
        await using (var server = await StartAsync(folder.Path))
            Check(await PostAsync(server, path, body), "whole");

        var log = Directory.EnumerateFiles(folder.Path, $"{Id}.log", SearchOption.AllDirectories).Single();
        var frames = (await File.ReadAllTextAsync(log)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.True(frames.Length > 12);
        for (var kept = 2; kept < frames.Length; kept++)
        {
            using var copy = new TemporaryFolder();
            var file = Path.Combine(copy.Path, Path.GetRelativePath(folder.Path, log));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, string.Concat(frames.Take(kept).Select(frame => frame + "\n\n")));
            await using var server = await StartAsync(copy.Path);

            Check(await PostAsync(server, path, body), $"continued after {frames[kept - 1]}");
            Check(await PostAsync(server, path, body), $"replayed after {frames[kept - 1]}");
        }
    }

    private static void Check(string stream, string when)
    {
        var streamed = StreamedCompletion.Parse(stream);
        Assert.True(streamed.Records is [.., "[DONE]"], $"{when}: {stream}");
        Assert.True(streamed.Message()["content"]!.GetValue<string>() == "I ask.\n\nIt said ha.", $"{when}: {stream}");
    }

    private static async Task<string> PostAsync(LocalServer server, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("Idempotency-Key", Id);
        using var response = await server.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static ScriptedAnswer Answer(ScriptedRequest request) =>
        request.Body.GetProperty("messages").EnumerateArray().Any(message => message.GetProperty("role").ValueEquals("tool"))
            ? new ScriptedAnswer().Text("It ", "said ", "ha.").Ends()
            : new ScriptedAnswer().Text("I ", "ask.").ToolCall("call_1", "Echo", """{"text":"ha"}""").Ends("tool_calls");

    private Task<LocalServer> StartAsync(string folder) => LocalServer.StartAsync(
        folder, null, new GatedTools(), ("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", _upstream.BaseUrl));
}
