using System.ComponentModel;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using FuncChat.Web.Formats;
using FuncChat.Web.Formats.Native;

namespace FuncChat.Tests.Golden;

public sealed class GoldenTests : IDisposable
{
    private static readonly Tool[] Tools =
    [
        Tool.FromMethod(([Description("What to look for.")] string query, int limit = 3) => query + limit, "search_web", "Searches.", readOnly: true),
        Tool.FromMethod((string code) => code, "execute_javascript", "Runs a script.", readOnly: true),
        Tool.FromMethod((string url) => url, "scrape_web_content", "Reads a page.", readOnly: true),
    ];

    private readonly StepwiseRunner _runner = new();
    private readonly ModelFeed _feed = new();
    private readonly TurnBench _bench;

    public GoldenTests()
    {
        _bench = NewBench(dataPath: null);
        _bench.Model.Plays(_feed);
    }

    [Fact]
    public async Task Plain_text()
    {
        var response = await StartAsync("golden-plain-text");
        Pass(180);
        await SayAsync(response, FakeModel.Reasoning("The person greets, "), "The person greets, ");
        await SayAsync(response, FakeModel.Reasoning("so I greet."), "so I greet.");
        foreach (var piece in new[] { "Grüße, ", "世界 ", "👩‍🚀" })
            await SayAsync(response, FakeModel.Text(piece), piece);
        Pass(700);
        await response.EndsAsync(": keep-alive\n\n");
        foreach (var piece in new[] { "!\n\n", "A *plain* answer ", "with a line\u2028separator ", "and a \"quote\"." })
            await SayAsync(response, FakeModel.Text(piece), piece.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal));
        Pass(60);
        _feed.End(input: 12, output: 21);

        await GoldenFile.MatchAsync("plain-text", await response.ToEndAsync());
    }

    [Fact]
    public async Task Tools_parallel()
    {
        const string Search = "search_web";
        const string Script = "execute_javascript";
        const string Found =
            """{"query":"azure functions streaming","results":[{"title":"Azure Functions HTTP streams","url":"https://example.com/streams","description":"How responses stream."},{"title":"Flex Consumption","url":"https://example.com/flex","description":"The plan that streams."}]}""";
        var last = new ModelFeed();
        _bench.Model.Plays(last);
        var response = await StartAsync("golden-tools-parallel", Search, Script);
        Pass(220);
        await SayAsync(response, FakeModel.Text("Let me "), "Let me ");
        await SayAsync(response, FakeModel.Text("look."), "look.");
        Pass(390);
        _feed.Give(
            FakeModel.Call(0, "call_1", Search, """{"query":"azure functions streaming","limit":2}"""),
            FakeModel.Call(1, "call_2", Script, """{"code":"throw new Error(\"no\")"}"""));
        _feed.End(FinishReason.ToolCalls, 210, 38);
        await response.SaysAsync("tool_call_start", "call_2");
        _runner.Tell(Search, new ToolRunSnapshot(ToolRunStatus.Queued));
        await response.SaysAsync("tool_call_progress", "queued");
        _runner.Tell(Script, new ToolRunSnapshot(ToolRunStatus.Executing));
        await response.SaysAsync("tool_call_progress", "call_2");
        _runner.Tell(Search, Reading(1));
        await response.SaysAsync("tool_call_progress", "1 of 2");
        Pass(41);
        _runner.End(Script, """{"error":"Error: no"}""", failed: true);
        await response.SaysAsync("tool_call_result", "call_2");
        Pass(500);
        var call = new ToolModelEvent("page_summary", 1, "demo", "scripted");
        _runner.Tell(Search, Reading(1) with { ModelEvents = [call] });
        await response.SaysAsync("llm_request", "page_summary");
        Pass(700);
        await response.EndsAsync(": keep-alive\n\n");
        _runner.Tell(Search, Reading(2) with
        {
            ModelEvents = [call with { FinishReason = FinishReason.Stop, Usage = new ModelUsage(900, 60), FirstTokenMs = 140, DurationMs = 700 }],
        });
        await response.SaysAsync("tool_call_progress", "2 of 2");
        Pass(633);
        _runner.End(Search, Found);
        await response.SaysAsync("llm_request", "\"iteration\":2");
        // The call's time is measured from a moment after the event.
        await last.Called.WaitAsync();
        Pass(160);
        await SayAsync(response, last, FakeModel.Text("Based on the search, "), "Based on");
        Pass(220);
        await SayAsync(response, last, FakeModel.Text("Flex Consumption streams."), "Flex Consumption streams.");
        last.End(input: 420, output: 12);

        await GoldenFile.MatchAsync("tools-parallel", await response.ToEndAsync());
    }

    [Fact]
    public async Task Error()
    {
        var response = await StartAsync("golden-error");
        await SayAsync(response, FakeModel.Text("This answer "), "This answer ");
        await SayAsync(response, FakeModel.Text("breaks"), "breaks");
        Pass(700);
        await response.EndsAsync(": keep-alive\n\n");
        _feed.Fail(new ModelException(
            new AppError(ErrorCode.UpstreamError, "The model's provider ended the answer in the middle. Try again.") { Retryable = true }));

        await GoldenFile.MatchAsync("error", await response.ToEndAsync());
    }

    [Fact]
    public async Task Cancelled()
    {
        const string Scrape = "scrape_web_content";
        var response = await StartAsync("golden-cancelled", Scrape);
        Pass(200);
        await SayAsync(response, FakeModel.Text("Reading "), "Reading ");
        await SayAsync(response, FakeModel.Text("the page."), "the page.");
        Pass(220);
        _feed.Give(FakeModel.Call(0, "call_1", Scrape, """{"url":"https://example.com/slow"}"""));
        _feed.End(FinishReason.ToolCalls, 150, 25);
        await response.SaysAsync("tool_call_start");
        _runner.Tell(Scrape, new ToolRunSnapshot(ToolRunStatus.Executing));
        await response.SaysAsync("tool_call_progress");
        Pass(700);
        await response.EndsAsync(": keep-alive\n\n");
        await _bench.Turns.StopAsync(TurnBench.Key("golden-cancelled"), CancellationToken.None);

        await GoldenFile.MatchAsync("cancelled", await response.ToEndAsync());
    }

    [Fact]
    public async Task Reset()
    {
        var response = await StartAsync("golden-reset");
        await SayAsync(response, FakeModel.Text("The who"), "The who");
        await SayAsync(response, FakeModel.Text("le answ"), "le answ");
        var leaving = _bench.Runtime.DrainAsync();
        Pass(15_000);
        await leaving;
        await response.ToEndAsync();
        using var next = NewBench(_bench.DataPath);
        var feed = new ModelFeed();
        next.Model.Plays(feed);
        var followed = await next.Turns.FollowAsync(TurnBench.Key("golden-reset"), 0, CancellationToken.None);
        var continued = new RecordedResponse(new TurnResult(new NativeFormat(), followed.Value!, followed.Value!.Follower!));
        await continued.SaysAsync("message_reset");
        await continued.EndsAsync("\"model\":\"scripted\"}\n\n");
        await feed.Called.WaitAsync();
        next.Time.Advance(TimeSpan.FromMilliseconds(120));
        await SayAsync(continued, feed, FakeModel.Text("The whole "), "The whole ");
        next.Time.Advance(TimeSpan.FromMilliseconds(180));
        await SayAsync(continued, feed, FakeModel.Text("answer."), "answer.");
        feed.End(input: 9, output: 4);

        await GoldenFile.MatchAsync("reset", await continued.ToEndAsync());
    }

    public void Dispose() => _bench.Dispose();

    private static ToolRunSnapshot Reading(int pages) =>
        new(ToolRunStatus.Executing) { Message = $"{pages} of 2 pages read", Completed = pages, Total = 2 };

    private TurnBench NewBench(string? dataPath) =>
        new(options => options.Heartbeat = TimeSpan.FromMilliseconds(700), dataPath: dataPath, runner: _runner, model: new FakeModel("demo", "scripted"), tools: Tools);

    private void Pass(int milliseconds) => _bench.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private async Task<RecordedResponse> StartAsync(string turnId, params string[] tools)
    {
        var request = TurnBench.Request(tools) with { Model = "demo:scripted" };
        var turn = await Task.Run(() => _bench.Turns.StartAsync(TurnBench.User, turnId, request, CancellationToken.None));
        var response = new RecordedResponse(new TurnResult(new NativeFormat(), turn.Value!, turn.Value!.Follower!));
        await response.SaysAsync("llm_request");
        await _feed.Called.WaitAsync();
        return response;
    }

    private Task SayAsync(RecordedResponse response, ModelChunk chunk, string text) => SayAsync(response, _feed, chunk, text);

    // What was said is seen before the next is: so the clock stands where it should for each.
    private static async Task SayAsync(RecordedResponse response, ModelFeed feed, ModelChunk chunk, string text)
    {
        feed.Give(chunk);
        await response.SaysAsync(chunk.Kind == ModelChunkKind.Text ? "delta" : "reasoning", text);
    }
}
