using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Formats;

/// <summary>A turn that has ended, and whose log has text that a crash made void. It is read in every format and from every event.</summary>
public sealed class VoidTextTests : IAsyncLifetime
{
    private const string Id = "turn-0001";
    private const long Void = 8;
    private const long Last = 14;

    private readonly TemporaryFolder _folder = new();
    private LocalServer _server = null!;

    public static TheoryData<string, string> Streams => new()
    {
        { "native", "" }, { "openai-chat", "" }, { "responses", "" }, { "ag-ui", "" }, { "ui-messages", "" }, { "ui-messages", "5" }, { "ui-messages", "6" }, { "ui-messages", "7" },
    };

    public async Task InitializeAsync()
    {
        _server = await LocalServer.StartAsync(_folder.Path, new FakeModel().Says("Hi.").Catalog);
        using var response = await _server.Http.PostAsync(
            "api/chat", new StringContent($$"""{"messages":[{"role":"user","content":"Hello"}],"turn_id":"{{Id}}"}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsStringAsync();
        await WriteAsync(reset: 10);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("openai-chat", "")]
    [InlineData("ui-messages", "")]
    [InlineData("ui-messages", "5")]
    [InlineData("ui-messages", "6")]
    public async Task Void_text_is_left_out_of_a_format_that_cannot_take_it_back_when_it_is_read_from_the_beginning(string format, string version)
    {
        var (_, whole) = await FollowAsync(format, version, 0);

        Assert.Equal("I look it up.|Whole.", TextOf(whole));
        Assert.DoesNotContain("\"error\"", whole, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", whole, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Stream_is_the_same_when_it_is_cut_after_any_of_its_events(string format, string version)
    {
        var (_, whole) = await FollowAsync(format, version, 0);
        var ids = IdsOf(whole);
        Assert.True(ids.Count > 2);

        foreach (var id in ids)
        {
            var (status, rest) = await FollowAsync(format, version, id);
            var seen = whole[..(whole.IndexOf("\n\n", whole.IndexOf($"id: {id}\n", StringComparison.Ordinal), StringComparison.Ordinal) + 2)];

            Assert.Equal(id == Last ? HttpStatusCode.NoContent : HttpStatusCode.OK, status);
            Assert.Equal(whole, seen + rest.Replace("retry: 1000\n\n", "", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Every_event_before_the_last_leads_to_the_answer(string format, string version)
    {
        for (var after = 0L; after < Last; after++)
        {
            var (status, rest) = await FollowAsync(format, version, after);
            if (rest.Contains("restarted", StringComparison.Ordinal))
            {
                // The client may have void text that the format can't take back. It may continue after the error, too.
                Assert.True(after is Void or Void + 1, $"after {after}: {rest}");
                (status, rest) = await FollowAsync(format, version, IdsOf(rest)[^1]);
            }

            Assert.True(status == HttpStatusCode.OK, $"after {after}: {status}");
            Assert.True(after > 11 || TextOf(rest).EndsWith("Whole.", StringComparison.Ordinal) || rest.Contains("Whole.", StringComparison.Ordinal), $"after {after}: {rest}");
            Assert.True(rest.Contains($"id: {Last}\n", StringComparison.Ordinal), $"after {after}: {rest}");
        }
    }

    [Theory]
    [InlineData("openai-chat", "", 9)]
    [InlineData("openai-chat", "", 500)]
    [InlineData("ui-messages", "6", 9)]
    [InlineData("ui-messages", "6", 500)]
    public async Task Client_with_text_that_the_store_lost_receives_an_error_and_then_the_answer(string format, string version, long after)
    {
        await WriteAsync(reset: 10_010, isTextLost: true);

        var (_, error) = await FollowAsync(format, version, after);
        var (status, rest) = await FollowAsync(format, version, 10_010);

        Assert.Contains("restarted", error, StringComparison.Ordinal);
        Assert.Equal([10_010], IdsOf(error));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Whole.", TextOf(rest));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Parked_turn_is_an_empty_response_when_the_client_has_all_events(string format, string version)
    {
        await WriteAsync(
            Event(4, "approval_request", """{"id":"req_1","call_id":"call_1","name":"find","arguments":"{}","expires_at":"2999-01-01T00:00:00Z"}"""),
            Event(5, "parked", """{"waiting":["req_1"],"at":"2026-01-01T00:00:00Z"}"""));

        var (open, _) = await FollowAsync(format, version, 4);
        var (all, body) = await FollowAsync(format, version, 5);

        Assert.Equal(HttpStatusCode.OK, open);
        Assert.Equal((HttpStatusCode.NoContent, ""), (all, body));
    }

    private static List<long> IdsOf(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => long.Parse(line[4..], CultureInfo.InvariantCulture))];

    // The pieces of text that the chunks of OpenAI and the AI SDK have.
    private static string TextOf(string stream) => string.Join('|', stream.Split('\n')
        .Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line[6..]))
        .Select(chunk => chunk.TryGetProperty("choices", out var choices)
            ? string.Concat(choices.EnumerateArray().Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "")).Trim()
            : chunk.TryGetProperty("type", out var type) && type.ValueEquals("text-delta") ? chunk.GetProperty("delta").GetString() : "")
        .Where(text => text?.Length > 0));

    private static string Event(long id, string name, string data) => $"id: {id}\nevent: {name}\ndata: {data}\n\n";

    private Task WriteAsync(long reset, bool isTextLost = false) => WriteAsync(
        Event(3, "delta", """{"content":"I look it up."}"""),
        Event(4, "message_complete", """{"role":"assistant","content":"I look it up.","tool_calls":[{"id":"call_1","type":"function","function":{"name":"find","arguments":"{}"}}]}"""),
        Event(5, "tool_call_start", """{"id":"call_1","name":"find","arguments":"{}"}"""),
        Event(6, "tool_call_result", """{"id":"call_1","name":"find","content":"found","duration_ms":1}"""),
        Event(7, "llm_request", """{"phase":"answer","iteration":2,"provider":"fake","model":"model"}"""),
        isTextLost ? "" : Event(Void, "delta", """{"content":"Ha"}""") + Event(Void + 1, "delta", """{"content":"lf"}"""),
        Event(reset, "message_reset", """{"iteration":2}"""),
        Event(reset + 1, "llm_request", """{"phase":"answer","iteration":2,"provider":"fake","model":"model"}"""),
        Event(reset + 2, "delta", """{"content":"Whole."}"""),
        Event(reset + 3, "message_complete", """{"role":"assistant","content":"Whole."}"""),
        Event(reset + 4, "complete", """{"status":"success","messages":[{"role":"assistant","content":"Whole."}],"iterations":2,"usage":{"input_tokens":1,"output_tokens":1}}"""));

    private async Task WriteAsync(params string[] events)
    {
        var log = Directory.EnumerateFiles(_folder.Path, $"{Id}.log", SearchOption.AllDirectories).Single();
        var header = (await File.ReadAllTextAsync(log)).Split("\n\n")[0];
        await File.WriteAllTextAsync(
            log,
            header + "\n\n"
            + Event(1, "status", $$"""{"status":"processing","turn_id":"{{Id}}","model":"model","provider":"fake","has_tools":false}""")
            + Event(2, "llm_request", """{"phase":"answer","iteration":1,"provider":"fake","model":"model"}""")
            + string.Concat(events));
    }

    private async Task<(HttpStatusCode Status, string Body)> FollowAsync(string format, string version, long after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/turns/{Id}?format={format}&after={after}");
        if (version.Length > 0)
            request.Headers.Add("X-AI-SDK-Version", version);
        using var response = await _server.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
