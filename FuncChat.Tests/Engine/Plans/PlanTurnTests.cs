using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Models;
using FuncChat.Engine.Plans;
using FuncChat.Engine.Turns;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Plans;

public sealed class PlanTurnTests : IDisposable
{
    private const string Plan =
        """{"reasoning":"Look \"first\".","text":"1. Search","search_keywords":[["tides","moon"]],"questions":["Where?"],"persona":"an oceanographer","complexity":"simple"}""";

    private static readonly PlanTurnRequest Request = new() { Query = "How do tides work?", Model = FakeModel.Name, Fingerprint = "f" };

    private readonly TurnBench _bench = new();

    [Fact]
    public async Task Plan_comes_with_its_reasoning_as_it_is_written()
    {
        _bench.Model.Answers([
            FakeModel.Reasoning("Hm. "), .. Plan.Chunk(7).Select(piece => FakeModel.Text(new string(piece))),
            FakeModel.Finish(), FakeModel.Usage(10, 5)]);

        var events = await RunAsync();

        Assert.Equal(["status", "llm_request", "reasoning", "llm_response", "plan", "complete"], events.Select(e => e.Name).Distinct());
        Assert.Equal("""{"status":"processing","turn_id":"turn-0001","model":"model","provider":"fake","has_tools":false}""", events[0].Data.GetRawText());
        Assert.Equal("Hm. Look \"first\".", Reasoning(events));
        Assert.True(events.Count(e => e.Name == "reasoning") > 2);
        Assert.Equal(
            """{"text":"1. Search","search_keywords":[["tides","moon"]],"questions":["Where?"],"persona":"an oceanographer","reasoning":"Look \"first\".","complexity":"simple"}""",
            events[^2].Data.GetRawText());
        Assert.Equal("""{"status":"success","usage":{"input_tokens":10,"output_tokens":5}}""", events[^1].Data.GetRawText());
    }

    [Fact]
    public async Task Model_receives_the_schema_the_question_and_the_answers()
    {
        _bench.Model.Says(Plan);

        await RunAsync(Request with { Answers = [new PlanAnswer("Where?", "In the Channel.")] });

        var asked = Assert.Single(_bench.Model.Requests);
        Assert.Equal("plan", asked.ResponseSchema!.Name);
        Assert.Contains("\"search_keywords\"", ContentOf(asked, 0), StringComparison.Ordinal);
        Assert.Contains("Today is 2026-01-01.", ContentOf(asked, 0), StringComparison.Ordinal);
        Assert.StartsWith("How do tides work?", ContentOf(asked, 1), StringComparison.Ordinal);
        Assert.Contains("- You: Where?\n  I: In the Channel.", ContentOf(asked, 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("```json\n", "\n```")]
    [InlineData("Here is the plan: ", " I hope it helps.")]
    [InlineData("I use {placeholders}.\n", "")]
    [InlineData("", "\nUse {x} as needed.")]
    [InlineData("Sure, {the plan: {\"a\":1} ", " {} Done {\"b\":[2]} }")]
    [InlineData("{\"plan\":", "}")]
    [InlineData("{\"status\":\"ok\",\"plan\":", ",\"more\":[{}]}")]
    [InlineData("{\"name\":\"plan\",\"arguments\":", "}")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"plan\",\"parameters\":", "}}]")]
    [InlineData("{\"result\":", ", and so on")]
    [InlineData("[", "]")]
    [InlineData("{\"reasoning\":\"A draft.\",\"text\":\"0. None\",\"search_keywords\":[],\"questions\":[],\"persona\":\"\",\"complexity\":\"simple\"}\n", "")]
    public async Task Plan_is_found_between_other_words(string before, string after)
    {
        _bench.Model.Says(before, Plan, after);

        Assert.Equal("1. Search", (await RunAsync())[^2].Text("text"));
        Assert.Single(_bench.Model.Requests);
    }

    [Theory]
    [InlineData(63, 300_000)]
    [InlineData(10_000, 10)]
    [InlineData(400_000, 400_000)]
    public void Plan_is_found_after_braces_that_are_never_closed_and_long_junk(int braces, int numbers)
    {
        var junk = string.Concat(Enumerable.Repeat("{\"a\":", braces)) + "[{}," + string.Concat(Enumerable.Repeat("1,", numbers));

        Assert.Equal("1. Search", PlanReader.Read(junk + Plan).Value?.Text);
    }

    [Theory]
    [InlineData("{ ")]
    [InlineData("{x} {} ")]
    [InlineData("{'text': ")]
    [InlineData("{\"a\" ")]
    public void Plan_is_found_after_thousands_of_stray_braces(string stray) =>
        Assert.Equal("1. Search", PlanReader.Read(string.Concat(Enumerable.Repeat(stray, 5000)) + Plan).Value?.Text);

    [Fact]
    public void Plan_is_found_before_an_object_that_is_nested_deeply()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 40_000)) + "1" + new string('}', 40_000);

        Assert.Equal("1. Search", PlanReader.Read(Plan + deep).Value?.Text);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("1")]
    [InlineData("[")]
    [InlineData("\" {\"")]
    public void Answer_without_end_after_open_braces_is_no_plan(string start)
    {
        var answer = string.Concat(Enumerable.Repeat("{\"a\":", 60)) + start + string.Concat(Enumerable.Repeat(start == "1" ? "1" : "[", 4_000_000));

        Assert.Contains("not valid JSON", PlanReader.Read(answer).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"simple\"}", "\"simple\",\"more\":{\"x\":1}}")]
    [InlineData("\"simple\"}", "\"simple\",\"plan\":{\"steps\":1}}")]
    [InlineData("\"simple\"}", "\"Simple\"}")]
    [InlineData("\"simple\"}", "\"\\u0053imple\"}")]
    [InlineData("\"simple\"}", "\"simple\",}")]
    [InlineData("[\"Where?\"]", "null")]
    [InlineData("[\"Where?\"]", "[\"Where?\",]")]
    [InlineData("[[\"tides\",\"moon\"]]", "null")]
    [InlineData("[[\"tides\",\"moon\"]]", "[[\"tides\",\"moon\",],]")]
    public async Task Plan_that_is_nearly_right_needs_no_repair(string right, string nearly)
    {
        _bench.Model.Says(Plan.Replace(right, nearly, StringComparison.Ordinal));

        var plan = (await RunAsync())[^2];

        Assert.Equal(("plan", "1. Search", "simple"), (plan.Name, plan.Text("text"), plan.Text("complexity")));
        Assert.Equal(nearly == "null" && right[1] == '"' ? "[]" : """["Where?"]""", plan.Text("questions"));
        Assert.Equal(nearly == "null" && right[1] == '[' ? "[]" : """[["tides","moon"]]""", plan.Text("search_keywords"));
        Assert.Single(_bench.Model.Requests);
    }

    [Fact]
    public async Task Search_that_is_one_text_is_a_list_of_it()
    {
        _bench.Model.Says(Plan.Replace("[[\"tides\",\"moon\"]]", "[\"tides moon\",[\"sea\"]]", StringComparison.Ordinal));

        Assert.Equal("""[["tides moon"],["sea"]]""", (await RunAsync())[^2].Text("search_keywords"));
        Assert.Single(_bench.Model.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Here is {the plan}.")]
    public async Task Plan_that_is_the_argument_of_a_tool_call_is_read(string text)
    {
        var call = ModelChunk.OfToolCall(new ToolCallPiece(0, "call_1", "plan", Plan));
        _bench.Model.Answers(FakeModel.Text(text), call, FakeModel.Finish(FinishReason.ToolCalls), FakeModel.Usage(10, 5));

        Assert.Equal("1. Search", (await RunAsync())[^2].Text("text"));
        Assert.Single(_bench.Model.Requests);
    }

    [Fact]
    public async Task Plan_as_a_text_in_arguments_is_read()
    {
        _bench.Model.Says($$"""{"name":"plan","arguments":{{JsonSerializer.Serialize(Plan)}}}""");

        Assert.Equal("1. Search", (await RunAsync())[^2].Text("text"));
    }

    [Fact]
    public async Task Wrong_list_without_end_is_not_validated_to_its_end()
    {
        var items = string.Join(',', Enumerable.Repeat("1", 100_000));
        _bench.Model.Says(Plan.Replace("[\"Where?\"]", $"[{items}]", StringComparison.Ordinal))
            .Says(Plan.Replace("[\"Where?\"]", $"[{items},{items}]", StringComparison.Ordinal));

        Assert.Equal("UPSTREAM_ERROR", (await RunAsync())[^1].Text("code"));

        Assert.Contains("questions[4] must be a string. Give", ContentOf(_bench.Model.Requests[1], 3), StringComparison.Ordinal);
        Assert.Contains("longer than", PlanReader.Read(Plan.Replace("[\"Where?\"]", $"[{items},{items}]", StringComparison.Ordinal)).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_that_is_written_as_a_string_is_read()
    {
        _bench.Model.Says($"\n{JsonSerializer.Serialize(Plan)}");

        Assert.Equal("1. Search", (await RunAsync())[^2].Text("text"));
        Assert.Single(_bench.Model.Requests);
    }

    [Fact]
    public async Task Refusal_ends_the_turn_with_the_models_words()
    {
        _bench.Model.Answers(ModelChunk.OfRefusal("""I \"won't\"."""u8.ToArray()), FakeModel.Finish(), FakeModel.Usage(10, 5));

        var end = (await RunAsync())[^1];

        Assert.Equal(("CONTENT_FILTERED", "The model declined to make a plan: I \"won't\"."), (end.Text("code"), end.Text("error")));
        Assert.Single(_bench.Model.Requests);
    }

    [Fact]
    public async Task Plan_that_is_cut_twice_is_reported_as_such()
    {
        _bench.Model.Answers(FakeModel.Text(Plan[..60]), FakeModel.Finish(FinishReason.Length))
            .Answers(FakeModel.Text(Plan[..60]), FakeModel.Finish(FinishReason.Length));

        var end = (await RunAsync())[^1];

        Assert.Equal(("UPSTREAM_ERROR", "True"), (end.Text("code"), end.Text("retryable")));
        Assert.StartsWith("The model reached its longest answer", end.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_answer_that_is_no_plan_is_repeated_to_the_model_up_to_a_whole_character()
    {
        var start = new string('x', 19_999);
        _bench.Model.Says($"{start}\U0001F30A and so on").Says(Plan);

        Assert.Equal("complete", (await RunAsync())[^1].Name);

        Assert.Equal(start, ContentOf(_bench.Model.Requests[1], 2));
    }

    [Fact]
    public async Task Plan_with_a_field_that_is_nested_without_end_is_repaired()
    {
        _bench.Model.Says($"{Plan[..^1]},\"more\":{new string('[', 100_000)}{new string(']', 100_000)}}}").Says(Plan);

        var events = await RunAsync();

        Assert.Equal(["plan", "plan_repair"], events.Where(e => e.Name == "llm_request").Select(e => e.Text("phase")));
        Assert.Equal("complete", events[^1].Name);
    }

    [Theory]
    [InlineData("I can't.", "no JSON object")]
    [InlineData("{\"reasoning\":\"x\"", "not valid JSON")]
    [InlineData("{\"reasoning\":\"x\"}", "text is missing")]
    [InlineData("I use {placeholders}: {\"reasoning\":\"x\"} {}", "text is missing")]
    [InlineData("{\"reasoning\":\"x\",\"text\":oops,\"more\":{\"a\":1}}", "not valid JSON")]
    [InlineData("\"I can't.\"", "no JSON object")]
    [InlineData("""{"\ud800":1,"reasoning":"a","text":"b","search_keywords":[],"questions":[],"persona":"c","complexity":"simple"}""", "Unicode")]
    [InlineData("""{"reasoning":"a","text":"b","search_keywords":[],"questions":[],"persona":"c","complexity":11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111}""", "complexity must be a string")]
    [InlineData("""{"reasoning":"\ud800","text":"b","search_keywords":[],"questions":[],"persona":"c","complexity":"simple"}""", "Unicode")]
    [InlineData("""{"reasoning":"a","text":"b","search_keywords":"tides","questions":[],"persona":"c","complexity":"hard"}""", "complexity")]
    [InlineData("""{"reasoning":"a","text":"b","search_keywords":[],"questions":[null],"persona":"c","complexity":"simple"}""", "questions")]
    [InlineData("""{"reasoning":"\ud800","text":1,"search_keywords":[],"questions":[],"persona":"c","complexity":"simple","more":1}""", "text")]
    public async Task Answer_that_is_no_plan_is_repaired_once(string wrong, string error)
    {
        _bench.Model.Says(wrong).Says(Plan);

        var events = await RunAsync();

        Assert.Equal(["plan", "plan_repair"], events.Where(e => e.Name == "llm_request").Select(e => e.Text("phase")));
        Assert.Equal(["1", "2"], events.Where(e => e.Name == "llm_response").Select(e => e.Text("iteration")));
        Assert.Contains(error, ContentOf(_bench.Model.Requests[1], 3), StringComparison.Ordinal);
        Assert.Equal("1. Search", events[^2].Text("text"));
        Assert.Equal("""{"input_tokens":20,"output_tokens":10}""", events[^1].Text("usage"));
        Assert.DoesNotContain("Look", Reasoning(events), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Turn_fails_when_the_repaired_answer_is_no_plan_either()
    {
        _bench.Model.Says("I can't.").Says("I really can't.");

        var events = await RunAsync();

        Assert.Equal(("error", "UPSTREAM_ERROR", "True"), (events[^1].Name, events[^1].Text("code"), events[^1].Text("retryable")));
        Assert.Equal(2, _bench.Model.Requests.Count);
    }

    [Fact]
    public async Task Call_is_made_without_the_schema_when_the_provider_refuses_it()
    {
        _bench.Model.Fails(new AppError(ErrorCode.InvalidRequest, "No response_format here.")).Says("Sorry?").Says(Plan);

        var events = await RunAsync();

        Assert.Equal([true, false, false], _bench.Model.Requests.Select(request => request.ResponseSchema is not null));
        Assert.Equal(["error", "stop", "stop"], events.Where(e => e.Name == "llm_response").Select(e => e.Text("finish_reason")));
        Assert.Equal(["plan", "plan", "plan_repair"], events.Where(e => e.Name == "llm_request").Select(e => e.Text("phase")));
        Assert.Equal("complete", events[^1].Name);
    }

    [Fact]
    public async Task Refusal_that_is_not_the_schemas_ends_the_turn_after_the_second_call()
    {
        var refusal = new AppError(ErrorCode.InvalidRequest, "Too long.");
        _bench.Model.Fails(refusal).Fails(refusal);

        var events = await RunAsync();

        Assert.Equal(("INVALID_REQUEST", "Too long."), (events[^1].Text("code"), events[^1].Text("error")));
        Assert.Equal(2, _bench.Model.Requests.Count);
    }

    [Theory]
    [InlineData(ErrorCode.UpstreamTimeout)]
    [InlineData(ErrorCode.RateLimited)]
    public async Task Other_failure_of_the_model_ends_the_turn(ErrorCode code)
    {
        _bench.Model.Fails(new AppError(code, "No."));

        Assert.Equal(JsonSerializer.SerializeToElement(code).GetString(), (await RunAsync())[^1].Text("code"));
        Assert.Single(_bench.Model.Requests);
    }

    [Fact]
    public async Task Filtered_answer_is_reported_as_such()
    {
        _bench.Model.Answers(FakeModel.Text("{"), FakeModel.Finish(FinishReason.ContentFilter));

        Assert.Equal("CONTENT_FILTERED", (await RunAsync())[^1].Text("code"));
    }

    [Fact]
    public async Task Plan_is_requested_again_when_its_call_was_interrupted()
    {
        var feed = new ModelFeed();
        _bench.Model.Plays(feed);
        await using var reader = await _bench.StartAsync(Request);
        feed.Give(FakeModel.Text("""{"reasoning":"Half"""));
        await reader.UntilAsync("Half");
        var leaving = _bench.Runtime.DrainAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(15));
        await leaving;
        var before = await reader.EventsToEndAsync();

        using var other = _bench.Another();
        other.Model.Says(Plan);
        await using var follower = await other.FollowAsync();
        var events = await follower.EventsToEndAsync();

        Assert.Equal(["status", "llm_request", "reasoning"], before.Select(e => e.Name));
        Assert.Equal(
            ["message_reset", "llm_request", "reasoning", "llm_response", "plan", "complete"], events.Skip(before.Count).Select(e => e.Name));
        Assert.Equal(["1", "1"], events.Where(e => e.Name == "llm_request").Select(e => e.Text("iteration")));
    }

    [Fact]
    public async Task Turn_continues_to_one_plan_from_every_event()
    {
        _bench.Model.Fails(new AppError(ErrorCode.InvalidRequest, "No schema.")).Says("Sorry?").Says(Plan);
        var whole = await RunAsync();
        await _bench.QuietAsync();
        var log = Assert.Single(Directory.EnumerateFiles(_bench.DataPath, "*.log", SearchOption.AllDirectories));
        var bytes = await File.ReadAllBytesAsync(log);

        var end = bytes.Length - Encoding.UTF8.GetByteCount(SseEvent.Join(whole));
        for (var count = 0; count < whole.Count; count++)
        {
            using var other = new TurnBench();
            other.Model.Otherwise(_ => [FakeModel.Text(Plan), FakeModel.Finish(), FakeModel.Usage(10, 5)]);
            var copy = Path.Combine(other.DataPath, Path.GetRelativePath(_bench.DataPath, log));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await File.WriteAllBytesAsync(copy, bytes[..end]);
            await using var follower = await other.FollowAsync();

            var events = await follower.EventsToEndAsync();

            Assert.Equal("complete", events[^1].Name);
            Assert.Single(events, e => e.Name == "plan");
            Assert.Equal(Enumerable.Range(1, events.Count).Select(id => (long)id), events.Select(e => e.Id));
            end += Encoding.UTF8.GetByteCount(whole[count].Raw);
        }
    }

    public void Dispose() => _bench.Dispose();

    private static string Reasoning(IEnumerable<SseEvent> events) =>
        string.Concat(events.Where(e => e.Name == "reasoning").Select(e => e.Text("content")));

    private static string ContentOf(ModelRequest request, int message) =>
        JsonSerializer.Deserialize<JsonElement>(request.Messages[message].Span).GetProperty("content").GetString()!;

    private async Task<IReadOnlyList<SseEvent>> RunAsync(TurnRequest? request = null)
    {
        await using var reader = await _bench.StartAsync(request ?? Request);
        return await reader.EventsToEndAsync();
    }
}
