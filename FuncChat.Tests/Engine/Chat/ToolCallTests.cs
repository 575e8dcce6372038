using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Files;
using FuncChat.Engine.ToolRuns;
using FuncChat.Tests.Support;
using FuncChat.Tools;

namespace FuncChat.Tests.Engine.Chat;

public sealed class ToolCallTests : IDisposable
{
    private readonly TurnBench _bench = new(options =>
    {
        options.MaxToolCalls = 4;
        options.ParallelToolCalls = 2;
        options.MaxToolResult = 1000;
    });

    private FakeModel Model => _bench.Model;

    [Fact]
    public async Task Results_are_in_the_order_of_the_calls_however_they_finish()
    {
        Model.Calls(("slow", GatedTools.Quick, "{}"), ("fast", GatedTools.Echo, """{"text":"x"}""")).Says("Done.");
        await using var reader = await _bench.StartAsync(tools: [GatedTools.Quick, GatedTools.Echo]);
        await reader.UntilAsync("event: tool_call_result");
        Assert.Equal("fast", reader.Events.Single(e => e.Name == "tool_call_result").Text("id"));
        _bench.Tools.Go.Set();

        var events = await reader.EventsToEndAsync();

        Assert.Equal(["fast", "slow"], events.Where(e => e.Name == "tool_call_result").Select(e => e.Text("id")));
        Assert.Equal(["slow", "fast"], ResultIds(events));
        Assert.Equal(["slow", "fast"], Model.Requests[1].Messages.Skip(2).Select(message => JsonDocument.Parse(message).RootElement.GetProperty("tool_call_id").GetString()));
    }

    [Fact]
    public async Task Start_of_a_call_is_stored_together_with_its_first_progress()
    {
        using var folder = new TemporaryFolder();
        var store = new WatchedTurnStore(folder.Path);
        using var bench = new TurnBench(log: store, dataPath: folder.Path);
        bench.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}""")).Says("Done.");

        await bench.RunAsync(GatedTools.Echo);

        var start = Assert.Single(store.Appended, text => text.Contains("event: tool_call_start", StringComparison.Ordinal));
        Assert.Contains("event: tool_call_progress", start, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_that_was_cut_before_its_arguments_does_not_run()
    {
        Model.Answers(FakeModel.Call(0, "a", GatedTools.Quick, ""), FakeModel.Finish("length")).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Quick);

        Assert.DoesNotContain(events, e => e.Name == "tool_call_start");
        Assert.Equal("{}", events.First(e => e.Name == "message_complete").Data.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Contains("was cut off", events.Single(e => e.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_that_was_complete_without_arguments_before_the_answer_was_cut_runs()
    {
        Model.Answers(FakeModel.Call(0, "a", GatedTools.Quick, "{}"), FakeModel.Finish("length")).Says("Done.");
        _bench.Tools.Go.Set();

        var events = await _bench.RunAsync(GatedTools.Quick);

        Assert.Single(events, e => e.Name == "tool_call_start");
        Assert.DoesNotContain("was cut off", events.Single(e => e.Name == "tool_call_result").Text("content"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Results_are_stored_and_shown_while_the_files_of_the_next_call_are_read(bool isWriteBehind)
    {
        using var folder = new TemporaryFolder();
        var gate = new TaskCompletionSource();
        var reads = 0;
        var files = new GatedFileStore(new FolderFileStore(folder.Path)) { Reading = _ => Interlocked.Increment(ref reads) > 1 ? gate.Task : Task.CompletedTask };
        using var bench = new TurnBench(log: isWriteBehind ? new MemoryTurnStore(new SharedMemory()) : null, files: files);
        bench.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}""")).Says("Done.");
        var request = TurnBench.Request(GatedTools.Echo) with
        {
            Messages = [new RawJson("""{"role":"user","content":[{"type":"file","file":{"file_id":"file_0123456789abcdef0123456789abcdef"}}]}"""u8.ToArray())],
        };
        await using var reader = await bench.StartAsync(request);

        await reader.UntilAsync("event: tool_call_result");
        await using (var stored = await bench.Log.OpenAsync(TurnBench.Key("turn-0001"), CancellationToken.None))
            Assert.Contains("event: tool_call_result", Encoding.UTF8.GetString((await stored!.ReadAsync(0, CancellationToken.None)).Frames.Span), StringComparison.Ordinal);

        gate.SetResult();
        Assert.Equal("complete", (await reader.EventsToEndAsync())[^1].Name);
    }

    [Fact]
    public async Task Calls_beyond_the_limit_wait_in_a_queue_with_a_reported_position()
    {
        Model.Calls(("a", GatedTools.Quick, "{}"), ("b", GatedTools.Quick, "{}"), ("c", GatedTools.Quick, "{}")).Says("Done.");
        await using var reader = await _bench.StartAsync(tools: [GatedTools.Quick]);
        await reader.UntilAsync("\"queued\"");
        _bench.Tools.Go.Set();

        var events = await reader.EventsToEndAsync();

        Assert.Equal(["queued", "executing"], events.Where(e => e.Name == "tool_call_progress" && e.Text("id") == "c").Select(e => e.Text("status")));
        Assert.Equal(3, _bench.Tools.Runs);
    }

    [Fact]
    public async Task Queued_call_does_not_start_when_the_turn_is_stopped()
    {
        var runner = new EndlessRunner();
        using var bench = new TurnBench(options => options.ParallelToolCalls = 2, runner: runner);
        bench.Model.Calls([.. "abcdef".Select(id => ($"{id}", GatedTools.Quick, "{}"))]);
        await using var reader = await bench.StartAsync(tools: [GatedTools.Quick]);
        await reader.UntilAsync("\"f\",\"name\":\"Quick\",\"status\":\"queued\"");

        Assert.Null(await bench.Turns.StopAsync(TurnBench.Key("turn-0001"), CancellationToken.None));

        await reader.EventsToEndAsync();
        Assert.Equal(2, runner.Started);
    }

    [Theory]
    [InlineData("delete_everything", "{}", "Unknown tool. Available tools: Echo.")]
    [InlineData(GatedTools.Quick, "{}", "Unknown tool. Available tools: Echo.")]
    [InlineData("", "{}", "Unknown tool. Available tools: Echo.")]
    [InlineData(GatedTools.Echo, "{\"text\":", "The arguments are not valid JSON")]
    [InlineData(GatedTools.Echo, """{"text":"a"}{"text":"b"}""", "The arguments are not valid JSON")]
    [InlineData(GatedTools.Echo, """{"text":"a"}{}""", "The arguments are not valid JSON")]
    [InlineData(GatedTools.Echo, """{"text":"a"} and {""", "The arguments are not valid JSON")]
    [InlineData(GatedTools.Echo, """{}{"text":""", "The arguments are not valid JSON")]
    [InlineData(GatedTools.Echo, "{\"text\":\"a\",\"text\":\"b\"}", "a property twice in the same object")]
    [InlineData(GatedTools.Echo, "{\"text\":\"a\",\"more\":[{\"b\":1,\"\\u0062\":2}]}", "a property twice in the same object")]
    [InlineData(GatedTools.Echo, "{}", "The arguments do not match the tool")]
    [InlineData(GatedTools.Echo, "", "The arguments do not match the tool")]
    [InlineData(GatedTools.Echo, "null", "The arguments do not match the tool")]
    [InlineData(GatedTools.Echo, "[]", "The arguments do not match the tool")]
    [InlineData(GatedTools.Echo, """{"text":7}""", "The arguments do not match the tool")]
    [InlineData(GatedTools.Echo, """{"text":"x","more":1}""", "The arguments do not match the tool")]
    [InlineData(GatedTools.Echo, """{"text":1e999}""", "The arguments do not match the tool")]
    public async Task Call_that_cannot_be_run_is_a_failure_that_goes_back_to_the_model(string tool, string arguments, string failure)
    {
        Model.Calls(("a", tool, arguments)).Says("Sorry.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        var result = events.Single(e => e.Name == "tool_call_result");
        Assert.Equal("True", result.Text("error"));
        Assert.Contains(failure, JsonDocument.Parse(result.Text("content")!).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(events, e => e.Name is "tool_call_start" or "tool_call_progress");
        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(0, _bench.Tools.Runs);
    }

    [Theory]
    [InlineData("""{}{"text":"a"}""")]
    [InlineData("""{ } {"text":"a"}""")]
    [InlineData("""{"text":"a"}{"text":"a"}""")]
    [InlineData("""{}{"text":"a"}{"text":"a"}""")]
    [InlineData("""{"text":"a"}}""")]
    [InlineData("{\"text\":\"a\"}\n</tool_call>")]
    [InlineData("```json\n{\"text\":\"a\"}\n```")]
    [InlineData("\uFEFF{\"text\":\"a\"}")]
    public async Task Arguments_are_the_object_among_what_a_server_or_the_model_adds(string arguments)
    {
        Model.Calls(("a", GatedTools.Echo, arguments)).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        Assert.Equal("""{"text":"a"}""", events.Single(e => e.Name == "tool_call_start").Text("arguments"));
        Assert.Null(events.Single(e => e.Name == "tool_call_result").Text("error"));
    }

    [Theory]
    [InlineData("{\n\t\"text\": \"a\n\tb \\\"c\n\\\\\"}\n", "a\n\tb \"c\n\\")]
    [InlineData("\"{\\\"text\\\":\\\"a\\nb\\\"}\"", "a\nb")]
    [InlineData("{\"text\":\"run \\\n  -v\"}", "run \\\n  -v")]
    [InlineData("""{"text":"it\'s \d+ \(\s*\), \\d, \u12, \u00e9\/"}""", "it's \\d+ \\(\\s*\\), \\d, \\u12, é/")]
    [InlineData("""{"text":"C:\Users \"}""", null)]
    [InlineData("""{"text":"C:\Users\me\temp"}""", null)]
    [InlineData("""{"text":"\bword\d"}""", "\\bword\\d")]
    [InlineData("""{"text":"import re\nfor line in f:\n    print(re.sub(r'(\d+)\.\w*', r'\1', line))\r\n"}""", "import re\nfor line in f:\n    print(re.sub(r'(\\d+)\\.\\w*', r'\\1', line))\r\n")]
    [InlineData("""{"text":"if (x) {\n\treturn /^\s+$/;\n}"}""", "if (x) {\n\treturn /^\\s+$/;\n}")]
    [InlineData("""{"text":"cd ..\nls | grep -E '\.py$'\necho \$HOME \`date\` \!"}""", "cd ..\nls | grep -E '\\.py$'\necho \\$HOME \\`date\\` \\!")]
    [InlineData("""{"text":"A snake\_case name.\n\n- \*one\*\n"}""", "A snake\\_case name.\n\n- \\*one\\*\n")]
    [InlineData("""{"text":"C:\Users\bob\files"}""", "C:\\Users\\bob\\files")]
    [InlineData("""{"text":"\frac{\alpha}{2}"}""", "\\frac{\\alpha}{2}")]
    [InlineData("""{"text":"\bword\b"}""", "\bword\b")] // JSON as it should be.
    [InlineData("""{"text":"grep \d C:\notes.txt"}""", null)]
    [InlineData("""{"text":"grep \d c:\\temp\new.txt"}""", null)]
    [InlineData("""{"text":"findstr \d src\temp\a.txt"}""", null)]
    [InlineData("""{"text":"dir \.\nfindstr \d ..\readme"}""", null)]
    [InlineData("""{"text":".\node_modules\.bin\tsc"}""", null)]
    [InlineData("""{"text":"src\d\new\$"}""", null)]
    [InlineData("""{"text":"src\new.d\d"}""", null)]
    [InlineData("""{"text":"src\Api\nfoo"}""", null)]
    [InlineData("""{"text":"copy My Files\New Folder\notes"}""", null)]
    [InlineData("""{"text":"\alpha \neq \beta"}""", null)]
    [InlineData("""{"text":"type \\server\share\a"}""", null)]
    [InlineData("{\"text\":\"a \\\n\\tb\"}", "a \\\n\tb")]
    public async Task Text_that_the_model_did_not_escape_is_kept(string arguments, string? text)
    {
        Model.Calls(("a", GatedTools.Echo, arguments)).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        if (text is null) // The text has no end, or may mean two things.
        {
            Assert.DoesNotContain(events, e => e.Name == "tool_call_start");
            return;
        }

        using var started = JsonDocument.Parse(events.Single(e => e.Name == "tool_call_start").Text("arguments")!);
        Assert.Equal(text, started.RootElement.GetProperty("text").GetString());
        var call = events.First(e => e.Name == "message_complete").Data.GetProperty("tool_calls")[0];
        Assert.Equal(text, JsonElement.Parse(call.GetProperty("function").GetProperty("arguments").GetString()!).GetProperty("text").GetString());
        Assert.Null(events.Single(e => e.Name == "tool_call_result").Text("error"));
    }

    [Fact]
    public async Task Arguments_that_no_json_reader_agrees_on_do_not_end_the_turn()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 500)) + string.Concat(Enumerable.Repeat("]", 500));
        Model.Calls(("a", GatedTools.Echo, """{"text":"\ud800"}"""), ("b", GatedTools.Echo, $$"""{"text":{{deep}}}"""), ("c", GatedTools.Echo, """{"text":"a","text":"b"}"""),
            ("d", GatedTools.Echo, "{\"text\":\"\ud800\"}")).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        Assert.Equal("complete", events[^1].Name);
        Assert.Equal(4, events.Count(e => e.Name == "tool_call_result"));
    }

    [Fact]
    public async Task Calls_beyond_the_limit_fail_and_the_others_run()
    {
        Model.Calls([.. Enumerable.Range(0, 6).Select(n => ($"c{n}", GatedTools.Echo, $$"""{"text":"{{n}}"}"""))]).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        var results = events.Where(e => e.Name == "tool_call_result").ToDictionary(e => e.Text("id")!, e => e);
        Assert.Equal(["c4", "c5"], results.Where(r => r.Value.Text("error") == "True").Select(r => r.Key).Order());
        Assert.Equal("3", results["c3"].Text("content"));
        Assert.Equal(["c0", "c1", "c2", "c3", "c4", "c5"], ResultIds(events));
    }

    [Fact]
    public async Task Calls_without_an_id_or_with_one_that_is_taken_get_one_of_their_own()
    {
        Model.Answers(
                FakeModel.Call(0, "x", GatedTools.Echo, """{"text":"0"}"""), FakeModel.Call(1, "x", GatedTools.Echo, """{"text":"1"}"""),
                FakeModel.Call(2, null, GatedTools.Echo, """{"text":"2"}"""), FakeModel.Call(3, "call_1_2", GatedTools.Echo, """{"text":"3"}"""), FakeModel.Finish("tool_calls"))
            .Answers(
                FakeModel.Call(0, "x", GatedTools.Echo, """{"text":"4"}"""), FakeModel.Call(5, "a b\n\"", GatedTools.Echo, """{"text":"5"}"""),
                FakeModel.Call(9, new string('i', 500), GatedTools.Echo, """{"text":"6"}"""), FakeModel.Finish("tool_calls"))
            .Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        var results = events.Where(e => e.Name == "tool_call_result").ToDictionary(e => e.Text("id")!, e => e.Text("content"));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], results.Values.Order());
        Assert.Equal("0", results["x"]);
        Assert.All(results.Keys, id => Assert.Matches("^[A-Za-z0-9_]{1,128}$", id));
        Assert.Equal("complete", events[^1].Name);
    }

    [Fact]
    public async Task Result_that_is_too_long_is_cut_with_a_note()
    {
        var text = new string('x', 5000);
        Model.Calls(("a", GatedTools.Echo, $$"""{"text":"{{text}}"}""")).Says("Done.");

        var content = (await _bench.RunAsync(GatedTools.Echo)).Single(e => e.Name == "tool_call_result").Text("content")!;

        Assert.StartsWith(text[..1000] + "\n[Truncated: the first 1000 of 5000 characters", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Result_is_cut_between_characters_and_not_within_one()
    {
        var text = "x" + string.Concat(Enumerable.Repeat("😀", 1000));
        Model.Calls(("a", GatedTools.Echo, $$"""{"text":"{{text}}"}""")).Says("Done.");

        var events = await _bench.RunAsync(GatedTools.Echo);

        Assert.Equal("complete", events[^1].Name);
        Assert.DoesNotContain('\uFFFD', events.Single(e => e.Name == "tool_call_result").Text("content")!);
    }

    [Theory]
    [InlineData("99999999999999999999")]
    [InlineData("-9223372036854775809")]
    [InlineData("1e400")]
    [InlineData("-0.0000000000000000000000000000000000001e-999")]
    public async Task Number_that_the_validator_cannot_hold_fails_its_call_and_not_the_turn(string number)
    {
        var tools = new GatedTools();
        using var bench = new TurnBench(tools: [.. tools.All, Tool.FromMethod(([System.ComponentModel.DataAnnotations.Range(1, 60)] int seconds) => "waited", "Wait", "Waits.", readOnly: true)]);
        bench.Model.Calls(("a", "Wait", $$"""{"seconds":{{number}}}"""), ("b", GatedTools.Echo, """{"text":"x"}"""), ("c", GatedTools.Echo, $$"""{"text":{{number}}}""")).Says("Done.");

        var events = await bench.RunAsync("Wait", GatedTools.Echo);

        var results = events.Where(e => e.Name == "tool_call_result").ToDictionary(e => e.Text("id")!, e => e.Text("error") ?? "");
        Assert.Equal(("True", "", "True"), (results["a"], results["b"], results["c"]));
        Assert.Equal("complete", events[^1].Name);
    }

    public void Dispose() => _bench.Dispose();

    private static IEnumerable<string?> ResultIds(IReadOnlyList<SseEvent> events) => events[^1].Data.GetProperty("messages").EnumerateArray()
        .Where(message => message.GetProperty("role").ValueEquals("tool")).Select(message => message.GetProperty("tool_call_id").GetString());

    /// <summary>Runs that never end.</summary>
    private sealed class EndlessRunner : IToolRunner
    {
        private int _started;

        public int Started => Volatile.Read(ref _started);

        public async IAsyncEnumerable<ToolRunSnapshot> RunAsync(ToolRunSpec spec, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _started);
            yield return new ToolRunSnapshot(ToolRunStatus.Executing);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        public Task CancelAsync(string runId, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
