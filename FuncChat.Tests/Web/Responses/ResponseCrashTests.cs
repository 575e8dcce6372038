using System.Text;
using System.Text.Json.Nodes;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Responses;

/// <summary>A response whose process ends after any of its turn's events, and is continued by another one.</summary>
public sealed class ResponseCrashTests : IAsyncLifetime
{
    private const string Id = "response-0001";

    private ScriptedModelServer _upstream = null!;
    private (string, string)[] _settings = [];

    public async Task InitializeAsync()
    {
        _upstream = (await ScriptedModelServer.StartAsync()).Otherwise(Answer);
        _settings = [("OPENAI_API_KEY", "sk-test"), ("OPENAI_API_URL", _upstream.BaseUrl)];
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Fact]
    public async Task No_text_is_lost_or_doubled_after_a_crash_at_any_event()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await StartAsync(folder.Path))
        {
            using var content = new StringContent(
                ResponsesServer.Body(""","background":true,"stream":true,"tools":["Echo"]"""), Encoding.UTF8, "application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, ResponsesServer.Path) { Content = content };
            request.Headers.Add("Idempotency-Key", Id);
            using var response = await server.Http.SendAsync(request);
            Check(StreamedResponse.Parse(await response.Content.ReadAsStringAsync()).Accumulate(), "whole");
        }

        var log = Directory.EnumerateFiles(folder.Path, $"{Id}.log", SearchOption.AllDirectories).Single();
        var frames = (await File.ReadAllTextAsync(log)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.True(frames.Length > 12);
        for (var kept = 2; kept < frames.Length; kept++)
        {
            using var copy = new TemporaryFolder();
            var path = Path.Combine(copy.Path, Path.GetRelativePath(folder.Path, log));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, string.Concat(frames.Take(kept).Select(frame => frame + "\n\n")));
            await using var server = await StartAsync(copy.Path);

            var whole = await FollowAsync(server, null);

            // What a client had received when the process ended, and what it receives then.
            var last = (long.Parse(frames[kept - 1].Split('\n')[0]["id: ".Length..]) + 1) * 128 - 1;
            var before = whole.Until(last);
            Check(StreamedResponse.Join(before, await FollowAsync(server, last)).Accumulate(), $"{kept}: {frames[kept - 1]}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_that_only_polls_or_continues_a_response_lets_it_end_after_a_crash(bool polls)
    {
        using var folder = new TemporaryFolder();
        await using (var server = await StartAsync(folder.Path))
            await CreateAsync(server, ResponsesServer.Body(""","tools":["Echo"]"""), Id);
        var log = Directory.EnumerateFiles(folder.Path, $"{Id}.log", SearchOption.AllDirectories).Single();
        var frames = (await File.ReadAllTextAsync(log)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        await File.WriteAllTextAsync(log, string.Concat(frames.Take(3).Select(frame => frame + "\n\n")));
        await using var next = await StartAsync(folder.Path);
        var before = _upstream.Requests.Count;

        var seen = polls
            ? await next.Http.GetStringAsync($"{ResponsesServer.Path}/{Id}")
            : await CreateAsync(next, $$"""{"previous_response_id":"{{Id}}","input":"And?"}""");
        await _upstream.RequestAsync(before);

        Assert.Contains(polls ? "\"status\":\"in_progress\"" : "has not ended yet", seen, StringComparison.Ordinal);
        Check((await FollowAsync(next, null)).Accumulate(), "continued");
        if (!polls)
            Assert.Contains("\"status\":\"completed\"", await CreateAsync(next, $$"""{"previous_response_id":"{{Id}}","input":"And?"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_a_store_lost_is_continued_if_its_item_is_known()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder.Path, Event(3, "delta", """{"content":"Hal"}"""));
        await using var server = await StartAsync(folder.Path);

        // The client has a piece after the stored one.
        var rest = await FollowAsync(server, 5 * 128);

        Assert.Equal("response.output_text.done", rest.Types.First());
        Assert.Equal("incomplete", rest.Of("response.output_item.done").First().GetProperty("item").GetProperty("status").GetString());
        Assert.Equal("Done.", rest.Final.GetProperty("output").EnumerateArray().Single().GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Text_that_a_store_lost_is_an_error_if_its_item_is_unknown()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder.Path, "");
        await using var server = await StartAsync(folder.Path);

        var rest = await FollowAsync(server, 5 * 128);
        var whole = await FollowAsync(server, null);

        Assert.Equal(["error"], rest.Types);
        Assert.Equal("Done.", whole.Text);
    }

    private static ScriptedAnswer Answer(ScriptedRequest request) =>
        request.Body.GetProperty("messages").EnumerateArray().Any(message => message.GetProperty("role").ValueEquals("tool"))
            ? new ScriptedAnswer().Reasoning("So ", "that is it.").Text("It ", "said ", "ha.").Ends()
            : new ScriptedAnswer().Reasoning("Let me ", "ask.").Text("I ", "ask.").ToolCall("call_1", "Echo", """{"text":"ha"}""").Ends("tool_calls");

    private static void Check(StreamedResponse response, string when)
    {
        Assert.True(response.Types.Last() == "response.completed", when);
        var final = response.Final.GetProperty("output").EnumerateArray().ToList();

        // Reasoning that was complete when the answer after it was voided stays in the stream.
        var shown = response.Items.Where(item => item["status"]!.ToString() != "incomplete" && item["type"]!.ToString() != "reasoning");
        var kept = final.Where(item => item.GetProperty("type").GetString() != "reasoning").Select(item => JsonNode.Parse(item.GetRawText())!.ToJsonString());
        Assert.True(shown.Select(item => item.ToJsonString()).SequenceEqual(kept), when);
        Assert.Equal(["reasoning", "message", "mcp_call", "reasoning", "message"], final.Select(item => item.GetProperty("type").GetString()));
        Assert.Equal(
            ["Let me ask.", "I ask.", "So that is it.", "It said ha."],
            final.Where(item => item.GetProperty("type").GetString() != "mcp_call")
                .Select(item => (item.TryGetProperty("summary", out var summary) ? summary : item.GetProperty("content"))[0].GetProperty("text").GetString()));
    }

    private static string Event(long id, string name, string data) => $"id: {id}\nevent: {name}\ndata: {data}\n\n";

    // A turn whose store lost what followed the text, so that its ids continue after a gap.
    private async Task WriteAsync(string folder, string text)
    {
        await using (var server = await StartAsync(folder))
        {
            using var content = new StringContent(ResponsesServer.Body(""","background":true"""), Encoding.UTF8, "application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, ResponsesServer.Path) { Content = content };
            request.Headers.Add("Idempotency-Key", Id);
            using var response = await server.Http.SendAsync(request);
            await server.Http.GetStringAsync($"{ResponsesServer.Path}/{Id}?stream=true");
        }

        var log = Directory.EnumerateFiles(folder, $"{Id}.log", SearchOption.AllDirectories).Single();
        var header = (await File.ReadAllTextAsync(log)).Split("\n\n")[0];
        await File.WriteAllTextAsync(
            log,
            header + "\n\n"
            + Event(1, "status", $$"""{"status":"processing","turn_id":"{{Id}}","model":"scripted","provider":"openai","has_tools":false}""")
            + Event(2, "llm_request", """{"phase":"answer","iteration":1,"provider":"openai","model":"scripted"}""")
            + text
            + Event(10_003, "message_reset", """{"iteration":1}""")
            + Event(10_004, "llm_request", """{"phase":"answer","iteration":1,"provider":"openai","model":"scripted"}""")
            + Event(10_005, "delta", """{"content":"Done."}""")
            + Event(10_006, "message_complete", """{"role":"assistant","content":"Done."}""")
            + Event(10_007, "complete", """{"status":"success","messages":[{"role":"assistant","content":"Done."}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}"""));
    }

    private static async Task<string> CreateAsync(LocalServer server, string body, string? key = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, ResponsesServer.Path) { Content = content };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var response = await server.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private Task<LocalServer> StartAsync(string folder) => LocalServer.StartAsync(folder, tools: new GatedTools(), settings: _settings);

    private static async Task<StreamedResponse> FollowAsync(LocalServer server, long? startingAfter) => StreamedResponse.Parse(
        await server.Http.GetStringAsync($"{ResponsesServer.Path}/{Id}?stream=true{(startingAfter is { } after ? $"&starting_after={after}" : "")}"));
}
