using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Engine.Store;
using FuncChat.Tests.Support;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Responses;

/// <summary>Approvals as items `mcp_approval_request` and `mcp_approval_response`.</summary>
public sealed class ResponseApprovalTests : IAsyncLifetime
{
    private const string Mail = ""","tools":["send_mail"]""";

    private ResponsesServer _server = null!;
    private int _sent;
    private int _looks;

    public async Task InitializeAsync() => _server = await ResponsesServer.StartWithAsync(
        builder => builder.Services
            .AddSingleton(Tool.FromMethod((string to) => $"sent {Interlocked.Increment(ref _sent)} to {to}", "send_mail", "Sends mail."))
            .AddSingleton(Tool.FromMethod(() => $"looked {Interlocked.Increment(ref _looks)} times", "look", "Looks.", readOnly: true)));

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_ends_with_the_request_and_another_one_continues_after_the_approval(bool stream)
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Sent.");
        var more = stream ? ",\"stream\":true" : "";

        var first = await ResponseOf(ResponsesServer.Body(Mail + more), stream);
        var request = first.GetProperty("output").EnumerateArray().Single();
        var second = await ResponseOf(Answer(first, true, more), stream);
        _server.Upstream.Says("Welcome.");
        var third = await _server.CreateAsync($$"""{"previous_response_id":"{{Text(second, "id")}}","input":"Thanks"}""");

        Assert.Equal(("completed", "mcp_approval_request", "funcchat", "send_mail", """{"to":"bo"}"""), (Text(first, "status"), Text(request, "type"), Text(request, "server_label"), Text(request, "name"), Text(request, "arguments")));
        Assert.Equal(["mcp_call", "message"], second.GetProperty("output").EnumerateArray().Select(item => Text(item, "type")));
        var call = second.GetProperty("output")[0];
        Assert.Equal((Text(request, "id"), "sent 1 to bo", "completed"), (Text(call, "approval_request_id"), Text(call, "output"), Text(call, "status")));
        Assert.Equal(($"{Text(first, "id")}.2", Text(first, "id")), (Text(second, "id"), Text(second, "previous_response_id")));
        Assert.Equal((10, 10), (first.GetProperty("usage").GetProperty("input_tokens").GetInt32(), second.GetProperty("usage").GetProperty("input_tokens").GetInt32()));
        Assert.Equal(first.GetRawText(), (await _server.GetAsync(Text(first, "id"))).GetRawText());
        Assert.Equal(second.GetRawText(), (await _server.GetAsync(Text(second, "id"))).GetRawText());
        Assert.Equal(1, _sent);
        Assert.Equal("completed", Text(third, "status"));
    }

    [Fact]
    public async Task Client_that_sends_the_whole_history_continues_the_response_that_waits_and_then_the_conversation()
    {
        _server.Upstream.Answers(answer => answer.Text("I send it.").ToolCall("call_1", "send_mail", """{"to":"bo"}""").Ends("tool_calls")).Says("Sent.").Says("Welcome.");
        var history = new List<object> { new { role = "user", content = "Mail Bo." } };
        var first = await CreateFromAsync();
        history.AddRange(OutputOf(first).Cast<object>());
        history.Add(new { type = "mcp_approval_response", approval_request_id = Text(OutputOf(first)[^1], "id"), approve = true });

        var second = await CreateFromAsync();
        history.AddRange(OutputOf(second).Cast<object>());
        history.Add(new { role = "user", content = "Thanks" });
        var third = await CreateFromAsync();

        Assert.Equal(($"{Text(first, "id")}.2", 1), (Text(second, "id"), _sent));
        Assert.Equal("completed", Text(third, "status"));
        Assert.Equal(
            ["user", "assistant", "tool", "assistant", "user"],
            _server.Upstream.Requests[2].Body.GetProperty("messages").EnumerateArray().Select(message => Text(message, "role")));

        Task<JsonElement> CreateFromAsync() =>
            _server.CreateAsync($$"""{"model":"openai:scripted","tools":["send_mail"],"input":{{JsonSerializer.Serialize(history)}}}""");
    }

    [Fact]
    public async Task History_of_another_conversation_is_refused_with_an_approval()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}"""));
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));
        var answer = new { type = "mcp_approval_response", approval_request_id = Text(OutputOf(first)[^1], "id"), approve = true };

        using var response = await _server.PostAsync(
            $$"""{"model":"openai:scripted","input":{{JsonSerializer.Serialize(new object[] { new { role = "user", content = "Mail Eve." }, answer })}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal("input", Text(error, "param"));
        Assert.Contains("not those of the response that waits", Text(error, "message"), StringComparison.Ordinal);
        Assert.Equal(0, _sent);
    }

    [Fact]
    public async Task Input_items_of_a_continued_response_have_the_outputs_before_it_and_the_answers_to_them()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Calls(("send_mail", """{"to":"cy"}""")).Says("Fine.");
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));
        var second = await _server.CreateAsync(Answer(first, true));
        var third = await _server.CreateAsync(Answer(second, false, reason: "Not now."));

        var items = (await _server.GetAsync($"{Text(third, "id")}/input_items?order=asc")).GetProperty("data");
        var before = (await _server.GetAsync($"{Text(second, "id")}/input_items?order=asc")).GetProperty("data");

        Assert.Equal(
            ["message", "mcp_approval_request", "mcp_approval_response", "mcp_call", "mcp_approval_request", "mcp_approval_response"],
            items.EnumerateArray().Select(item => Text(item, "type")));
        Assert.Equal([.. OutputOf(first), .. OutputOf(second)], new[] { items[1], items[3], items[4] }, JsonElement.DeepEquals);
        Assert.Equal(
            [(Text(OutputOf(first)[^1], "id"), true), (Text(OutputOf(second)[^1], "id"), false)],
            new[] { items[2], items[5] }.Select(item => (Text(item, "approval_request_id"), item.GetProperty("approve").GetBoolean())));
        Assert.Equal("Not now.", Text(items[5], "reason"));
        Assert.Equal(items.EnumerateArray().Take(3).Select(item => item.GetRawText()), before.EnumerateArray().Select(item => item.GetRawText()));
        Assert.Equal(
            items.EnumerateArray().Skip(4).Select(item => item.GetRawText()),
            (await _server.GetAsync($"{Text(third, "id")}/input_items?order=asc&after={Text(items[3], "id")}")).GetProperty("data").EnumerateArray().Select(item => item.GetRawText()));
    }

    [Fact]
    public async Task Input_items_lack_the_outputs_of_a_response_that_is_deleted()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Fine.");
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));
        var second = await _server.CreateAsync(Answer(first, true));
        await DeleteAsync(first);

        var items = (await _server.GetAsync($"{Text(second, "id")}/input_items?order=asc")).GetProperty("data");

        Assert.Equal(["message", "mcp_approval_response"], items.EnumerateArray().Select(item => Text(item, "type")));
    }

    [Theory]
    [InlineData("name", "delete_mail")]
    [InlineData("arguments", """{"to":"eve"}""")]
    [InlineData("arguments", "not JSON")]
    [InlineData("server_label", "other")]
    public async Task Request_that_a_client_has_altered_is_refused_with_its_approval(string field, string value)
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}"""));
        var asked = JsonNode.Parse(OutputOf(await _server.CreateAsync(ResponsesServer.Body(Mail)))[^1].GetRawText())!;
        asked[field] = value;

        using var response = await _server.PostAsync(Approving(asked));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
        Assert.Equal($"input[1].{field}", Text(error, "param"));
        Assert.Contains("This differs from the request as it is stored", Text(error, "message"), StringComparison.Ordinal);
        Assert.Equal(0, _sent);
    }

    [Fact]
    public async Task Request_whose_arguments_a_client_has_formatted_is_the_same()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Sent.");
        var asked = JsonNode.Parse(OutputOf(await _server.CreateAsync(ResponsesServer.Body(Mail)))[^1].GetRawText())!;
        asked["arguments"] = """{ "to": "b\u006f" }""";

        using var response = await _server.PostAsync(Approving(asked));

        Assert.Equal((HttpStatusCode.OK, 1), (response.StatusCode, _sent));
    }

    [Fact]
    public async Task Denied_call_does_not_run_and_the_model_reads_the_reason()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Fine.");
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));

        var second = await _server.CreateAsync(Answer(first, false, reason: "Not now."));

        Assert.Equal(["mcp_call", "message"], second.GetProperty("output").EnumerateArray().Select(item => Text(item, "type")));
        Assert.Equal("failed", Text(second.GetProperty("output")[0], "status"));
        Assert.Contains("Not now.", _server.Upstream.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, _sent);
    }

    [Fact]
    public async Task Several_approvals_of_one_request_continue_the_turn_once()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}"""), ("send_mail", """{"to":"cy"}""")).Says("Both sent.");
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));

        var second = await _server.CreateAsync(Answer(first, true));

        Assert.Equal(["mcp_call", "mcp_call", "message"], second.GetProperty("output").EnumerateArray().Select(item => Text(item, "type")));
        Assert.Equal(2, _sent);
    }

    [Fact]
    public async Task Same_answer_again_returns_the_same_response_and_another_one_is_a_conflict()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Sent.");
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));
        var second = await _server.CreateAsync(Answer(first, true));

        var again = await _server.CreateAsync(Answer(first, true));
        using var denied = await _server.PostAsync(Answer(first, false));

        Assert.Equal(second.GetRawText(), again.GetRawText());
        Assert.Equal((HttpStatusCode.Conflict, "false"), (denied.StatusCode, denied.Headers.GetValues("x-should-retry").Single()));
        Assert.Equal(1, _sent);
    }

    [Theory]
    [InlineData(true, """{"type":"approve","request_id":"req_1","arguments":{"to":"cy"}}""")]
    [InlineData(false, """{"type":"deny","request_id":"req_1","reason":"Not today."}""")]
    public async Task Decision_that_was_made_elsewhere_with_other_details_is_followed(bool approved, string elsewhere)
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Sent.");
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));
        using var answered = await _server.Http.PostAsync($"api/turns/{Text(first, "id")}/signals", new StringContent(elsewhere, Encoding.UTF8, "application/json"));
        await answered.Content.ReadAsStringAsync();

        var rest = await _server.CreateAsync(Answer(first, approved));

        Assert.Equal(["mcp_call", "message"], rest.GetProperty("output").EnumerateArray().Select(item => Text(item, "type")));
        Assert.Contains(approved ? "sent 1 to cy" : "Not today.", rest.GetProperty("output")[0].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_to_a_conversation_that_waits_is_refused_in_the_words_of_the_api()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Sent.").Says("Hi.");
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail + ",\"conversation\":\"conv-00001\""));

        using var refused = await _server.PostAsync("""{"model":"openai:scripted","conversation":"conv-00001","input":"Hello"}""");
        var error = JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("error");
        var rest = await _server.CreateAsync(Answer(first, true));
        var next = await _server.CreateAsync("""{"model":"openai:scripted","conversation":"conv-00001","input":"Hello"}""");

        Assert.Equal((HttpStatusCode.Conflict, "conversation"), (refused.StatusCode, Text(error, "param")));
        Assert.StartsWith("The conversation has a response that has not ended. If it waits for an approval, answer that;", Text(error, "message"), StringComparison.Ordinal);
        Assert.Equal(("completed", "completed"), (Text(rest, "status"), Text(next, "status")));
    }

    [Fact]
    public async Task Background_response_waits_for_its_approval_and_continues_in_the_background()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Sent.");
        var created = await _server.CreateAsync(ResponsesServer.Body(""","background":true""" + Mail));
        var first = (await _server.FollowAsync(Text(created, "id"))).Accumulate().Final;

        var continued = await _server.CreateAsync(Answer(first, true, ",\"background\":true"));
        var streamed = await _server.FollowAsync(Text(continued, "id"));

        Assert.Equal("Sent.", streamed.Text);
        Assert.Equal(($"{Text(first, "id")}.2", 1), (Text(streamed.Final, "id"), _sent));
    }

    [Fact]
    public async Task Client_that_states_the_approval_of_its_user_is_not_asked()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Sent.");

        var response = await _server.CreateAsync(
            ResponsesServer.Body(""","tools":[{"type":"mcp","server_label":"funcchat","allowed_tools":["send_mail"],"require_approval":"never"}]"""));

        Assert.Equal(["mcp_call", "message"], response.GetProperty("output").EnumerateArray().Select(item => Text(item, "type")));
    }

    [Theory]
    [InlineData("\"always\"")]
    [InlineData("{\"always\":{\"tool_names\":[\"look\"]},\"never\":{\"tool_names\":[\"send_mail\"]}}")]
    public async Task Call_that_the_client_wants_to_be_approved_waits_and_runs_after_the_approval(string rule)
    {
        _server.Upstream.Calls(("look", "{}")).Says("Seen.");

        var first = await _server.CreateAsync(ResponsesServer.Body($$""","tools":[{"type":"mcp","server_label":"funcchat","allowed_tools":["send_mail","look"],"require_approval":{{rule}}}]"""));
        Assert.Equal((0, "mcp_approval_request"), (_looks, Text(first.GetProperty("output").EnumerateArray().Single(), "type")));
        var second = await _server.CreateAsync(Answer(first, true));

        Assert.Equal(["mcp_call", "message"], second.GetProperty("output").EnumerateArray().Select(item => Text(item, "type")));
        Assert.Equal(1, _looks);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleted_response_of_a_turn_is_gone_and_the_other_one_stays_until_it_is_deleted(bool first)
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Sent.").Says("Welcome.");
        var one = await _server.CreateAsync(ResponsesServer.Body(Mail));
        var two = await _server.CreateAsync(Answer(one, true));
        var (deleted, kept) = first ? (one, two) : (two, one);

        Assert.Equal(HttpStatusCode.OK, await DeleteAsync(deleted));

        using var continued = await _server.PostAsync($$"""{"previous_response_id":"{{Text(deleted, "id")}}","input":"Thanks"}""");
        using var referenced = await _server.PostAsync($$"""{"model":"openai:scripted","input":[{"type":"item_reference","id":"{{Text(deleted.GetProperty("output")[0], "id")}}"}]}""");
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (continued.StatusCode, referenced.StatusCode));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (await GetStatusAsync(Text(deleted, "id")), await DeleteAsync(deleted)));
        Assert.Equal(HttpStatusCode.NotFound, await GetStatusAsync($"{Text(deleted, "id")}/input_items"));
        Assert.Equal(kept.GetRawText(), (await _server.GetAsync(Text(kept, "id"))).GetRawText());
        Assert.Equal("completed", Text(await _server.CreateAsync($$"""{"previous_response_id":"{{Text(kept, "id")}}","input":"Thanks"}"""), "status"));
        Assert.Equal(HttpStatusCode.OK, await DeleteAsync(kept));
        using var turn = await _server.Http.GetAsync($"api/turns/{Text(one, "id")}");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (turn.StatusCode, await GetStatusAsync(Text(kept, "id"))));
    }

    [Fact]
    public async Task Items_of_all_parts_of_a_turn_are_read_at_once()
    {
        var memory = new MemoryTurnStore(new SharedMemory());
        var store = new CountedReads(memory);
        await using var server = await ResponsesServer.StartWithAsync(builder => builder.Services.AddTurnStore(_ => memory).AddSingleton<ITurnStore>(store)
            .AddSingleton(Tool.FromMethod((string to) => $"sent to {to}", "send_mail", "Sends mail.")));
        server.Upstream.Calls(("send_mail", """{"to":"ada"}""")).Calls(("send_mail", """{"to":"bo"}""")).Says("Both sent.").Says("Yes.");
        var first = await server.CreateAsync(ResponsesServer.Body(Mail));
        var second = await server.CreateAsync(Answer(first, true));
        var third = await server.CreateAsync(Answer(second, true));
        var items = new[] { second, third }.SelectMany(response => response.GetProperty("output").EnumerateArray()).Where(item => Text(item, "type") != "mcp_approval_request").ToList();
        var before = store.ReadsOf(Text(first, "id"));

        var references = items.Select(item => $$"""{"type":"item_reference","id":"{{Text(item, "id")}}"}""");
        await server.CreateAsync($$"""{"model":"openai:scripted","input":[{{string.Join(',', references)}},{"role":"user","content":"Sure?"}]}""");

        Assert.Equal(["mcp_call", "mcp_call", "message"], items.Select(item => Text(item, "type")));
        Assert.Equal(1, store.ReadsOf(Text(first, "id")) - before);
        foreach (var text in new[] { "sent to ada", "sent to bo", "Both sent." })
            Assert.Contains(text, server.Upstream.Requests[^1].BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleted_response_that_waits_for_an_approval_is_removed_with_its_turn()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}"""));
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));

        Assert.Equal(HttpStatusCode.OK, await DeleteAsync(first));

        using var turn = await _server.Http.GetAsync($"api/turns/{Text(first, "id")}");
        Assert.Equal((HttpStatusCode.NotFound, 0), (turn.StatusCode, _sent));
    }

    [Fact]
    public async Task Approval_of_a_call_whose_response_was_stopped_is_refused_in_the_words_of_other_protocols()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}"""));
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));
        using var stopped = await _server.Http.DeleteAsync($"api/turns/{Text(first, "id")}");

        using var late = await _server.PostAsync(Answer(first, true));
        using var signal = await _server.Http.PostAsync($"api/turns/{Text(first, "id")}/signals", new StringContent("""{"type":"approve","request_id":"req_1"}""", System.Text.Encoding.UTF8, "application/json"));

        foreach (var response in (HttpResponseMessage[])[late, signal])
        {
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
            Assert.Contains("The turn has ended, and its requests with it.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Deleted_response_that_runs_after_an_approval_is_stopped()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Answers(answer => answer.Text("Half").Stall());
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));
        var second = await _server.CreateAsync(Answer(first, true, ",\"background\":true"));
        await _server.Upstream.RequestAsync(1);

        Assert.Equal(HttpStatusCode.OK, await DeleteAsync(second));

        Assert.Contains("\"CANCELLED\"", await _server.Http.GetStringAsync($"api/turns/{Text(first, "id")}"), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, "completed"), (await GetStatusAsync(Text(second, "id")), Text(await _server.GetAsync(Text(first, "id")), "status")));
    }

    [Theory]
    [InlineData("""[{"type":"mcp_approval_response","approval_request_id":"mcpr_{id}_req_9","approve":true}]""", "input[0].approval_request_id")]
    [InlineData("""[{"type":"mcp_approval_response","approval_request_id":"nothing","approve":true}]""", "input[0].approval_request_id")]
    [InlineData("""[{"type":"mcp_approval_response","approval_request_id":"mcpr_resp_other000_req_1","approve":true}]""", "input[0].approval_request_id")]
    [InlineData("""[{"type":"mcp_approval_response","approval_request_id":"mcpr_{id}_req_1","approve":"yes"}]""", "input[0].approve")]
    [InlineData("""[{"type":"mcp_approval_response","approval_request_id":"mcpr_{id}_req_1","approve":true},{"role":"user","content":"And?"}]""", "input[1]")]
    [InlineData("""[{"type":"mcp_approval_request","id":7,"name":"send_mail"},{"type":"mcp_approval_response","approval_request_id":"mcpr_{id}_req_1","approve":true}]""", "input[0].id")]
    [InlineData("""[{"type":"mcp_approval_request","name":"delete_mail"},{"type":"mcp_approval_response","approval_request_id":"mcpr_{id}_req_1","approve":true}]""", "input[0].id")]
    [InlineData("\"And?\"", "previous_response_id")]
    public async Task Request_that_does_not_answer_is_refused(string input, string param)
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}"""));
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));

        using var response = await _server.PostAsync(
            $$"""{"previous_response_id":"{{Text(first, "id")}}","input":{{input.Replace("{id}", Text(first, "id"), StringComparison.Ordinal)}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("param").GetString());
        Assert.Equal(0, _sent);
    }

    [Fact]
    public async Task Answers_that_contradict_each_other_are_refused_and_the_response_still_waits()
    {
        _server.Upstream.Calls(("send_mail", """{"to":"bo"}""")).Says("Fine.");
        var first = await _server.CreateAsync(ResponsesServer.Body(Mail));
        var id = Text(OutputOf(first)[^1], "id");

        using var response = await _server.PostAsync(
            $$"""
            {"previous_response_id":"{{Text(first, "id")}}","input":[
              {"type":"mcp_approval_response","approval_request_id":"{{id}}","approve":true},
              {"type":"mcp_approval_response","approval_request_id":"{{id}}","approve":false}]}
            """);

        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, text);
        var error = JsonElement.Parse(text).GetProperty("error");
        Assert.Equal("input[1].approval_request_id", Text(error, "param"));
        Assert.Contains("Send one answer for each id", Text(error, "message"), StringComparison.Ordinal);
        Assert.Equal("failed", Text((await _server.CreateAsync(Answer(first, false))).GetProperty("output")[0], "status"));
        Assert.Equal(0, _sent);
    }

    private static string Approving(JsonNode asked)
    {
        object[] input = [new { role = "user", content = "Hello" }, asked, new { type = "mcp_approval_response", approval_request_id = asked["id"], approve = true }];
        return $$"""{"model":"openai:scripted","tools":["send_mail"],"input":{{JsonSerializer.Serialize(input)}}}""";
    }

    private static string Answer(JsonElement response, bool approve, string more = "", string? reason = null)
    {
        var answers = response.GetProperty("output").EnumerateArray().Where(item => item.GetProperty("type").ValueEquals("mcp_approval_request"))
            .Select(item => new { type = "mcp_approval_response", approval_request_id = Text(item, "id"), approve, reason });
        return $$"""{"previous_response_id":"{{Text(response, "id")}}","input":{{JsonSerializer.Serialize(answers)}}{{more}}}""";
    }

    private async Task<HttpStatusCode> DeleteAsync(JsonElement response)
    {
        using var deleted = await _server.Http.DeleteAsync($"{ResponsesServer.Path}/{Text(response, "id")}");
        return deleted.StatusCode;
    }

    private async Task<HttpStatusCode> GetStatusAsync(string path)
    {
        using var response = await _server.Http.GetAsync($"{ResponsesServer.Path}/{path}");
        return response.StatusCode;
    }

    private async Task<JsonElement> ResponseOf(string body, bool stream) =>
        stream ? (await _server.StreamAsync(body)).Accumulate().Final : await _server.CreateAsync(body);

    private static List<JsonElement> OutputOf(JsonElement response) => [.. response.GetProperty("output").EnumerateArray()];

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>Counts how often each turn is opened for reading.</summary>
    private sealed class CountedReads(ITurnStore inner) : ITurnStore
    {
        private readonly ConcurrentDictionary<string, int> _reads = new(StringComparer.Ordinal);

        public bool IsWriteBehind => inner.IsWriteBehind;

        public int ReadsOf(string turnId) => _reads.GetValueOrDefault(turnId);

        public Task<ITurnWriter?> CreateAsync(TurnKey key, ReadOnlyMemory<byte> header, CancellationToken cancellationToken) => inner.CreateAsync(key, header, cancellationToken);

        public Task<ITurnReader?> OpenAsync(TurnKey key, CancellationToken cancellationToken)
        {
            _reads.AddOrUpdate(key.TurnId, 1, (_, reads) => reads + 1);
            return inner.OpenAsync(key, cancellationToken);
        }
    }
}
