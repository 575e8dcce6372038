using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tests.Web.Threads;
using FuncChat.Tools;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.UiChat;

/// <summary>Answers to approvals in the next request of the AI SDK and of AG-UI: one that is not valid leaves the turn as it is.</summary>
public sealed class ClientAnswerTests : IAsyncLifetime
{
    private const string Chat = "chat-of-ada";
    private const string Call = """{"id":"run-question.1","role":"assistant","toolCalls":[{"id":"call_1","type":"function","function":{"name":"Echo","arguments":"{}"}}]}""";
    private const string Question = """{"id":"q","role":"user","content":"Send it"}""";

    private ThreadServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ThreadServer.StartAsync(settings: [("FuncChat:Approvals:Always", GatedTools.Echo)]);
        _server.Model.Calls(("call_1", GatedTools.Echo, """{"text":"sent"}""")).Says("Done");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("\"status\":\"resolved\"")]
    [InlineData("\"status\":\"resolved\",\"payload\":null")]
    [InlineData("\"status\":\"resolved\",\"payload\":5")]
    [InlineData("\"status\":\"resolved\",\"payload\":{\"approved\":\"yes\"}")]
    [InlineData("\"status\":\"resolved\",\"payload\":{\"approved\":true,\"arguments\":\"text\"}")]
    [InlineData("\"status\":\"resolved\",\"payload\":{\"approved\":false,\"reason\":\"\\ud83d\"}")]
    [InlineData("\"status\":\"zz\",\"payload\":{\"approved\":true}")]
    [InlineData("\"payload\":{\"approved\":true}")]
    public async Task Answer_of_ag_ui_that_is_malformed_is_refused(string answer)
    {
        var turnId = await AskAsync();

        await AnswersAsync(HttpStatusCode.BadRequest, "api/agui", Resume(turnId, answer));

        await StillWaitsAsync(turnId);
    }

    [Theory]
    [InlineData("{\"approved\":\"yes\"}", "$.resume[0].payload.approved")]
    [InlineData("5", "$.resume[0].payload.approved")]
    [InlineData("{\"approved\":true,\"arguments\":{\"text\":1}}", "$.resume[0].payload.arguments")]
    public async Task Answer_of_ag_ui_that_does_not_fit_is_refused_with_the_name_of_its_own_field(string payload, string path)
    {
        var turnId = await AskAsync();

        var problem = JsonElement.Parse(await AnswersAsync(HttpStatusCode.BadRequest, "api/agui", Resume(turnId, $"\"status\":\"resolved\",\"payload\":{payload}")));

        Assert.Equal(path, problem.GetProperty("path").GetString());
        Assert.DoesNotContain("the type", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\":\"{id}.req_1\",\"approved\":\"yes\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"id\":\"{id}.req_1\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"approved\":true}", HttpStatusCode.BadRequest)]
    [InlineData("{\"id\":\"{id}.req_1\",\"approved\":false,\"reason\":\"\\ud83d\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"id\":\"nothing\",\"approved\":true}", HttpStatusCode.NotFound)]
    [InlineData("{\"id\":\"{id}.req_9\",\"approved\":true}", HttpStatusCode.NotFound)]
    [InlineData("{\"id\":\"turn-unknown.req_1\",\"approved\":true}", HttpStatusCode.NotFound)]
    public async Task Answer_of_the_ai_sdk_that_is_malformed_or_unknown_is_refused(string approval, HttpStatusCode status)
    {
        var turnId = await AskAsync();

        await AnswersAsync(status, "api/ui/chat", Approval(approval.Replace("{id}", turnId, StringComparison.Ordinal)));

        await StillWaitsAsync(turnId);
    }

    [Fact]
    public async Task Answer_in_another_chat_is_refused()
    {
        var turnId = await AskAsync();

        await AnswersAsync(HttpStatusCode.NotFound, "api/ui/chat", Approval($$"""{"id":"{{turnId}}.req_1","approved":true}""", "another-chat"));
        await AnswersAsync(HttpStatusCode.NotFound, "api/agui", Resume(turnId, "\"status\":\"resolved\",\"payload\":true", "another-chat"));

        await StillWaitsAsync(turnId);
    }

    [Theory]
    [InlineData("api/agui", """{"threadId":"{chat}","runId":"run-answer","messages":[],"resume":[{"interruptId":"{id}","status":"cancelled"},{"interruptId":"{id}","status":"resolved","payload":true}]}""")]
    [InlineData("api/agui", """{"threadId":"{chat}","runId":"run-answer","messages":[],"resume":[{"interruptId":"{id}","status":"resolved","payload":{"approved":true,"arguments":{"text":"other"}}},{"interruptId":"{id}","status":"resolved","payload":true}]}""")]
    [InlineData("api/ui/chat", """{"id":"{chat}","messages":[{"id":"a","role":"assistant","parts":[{part},"approval":{"id":"{id}","approved":false}},{part},"approval":{"id":"{id}","approved":true}}]}]}""")]
    [InlineData("api/ui/chat", """{"id":"{chat}","messages":[{"id":"a","role":"assistant","parts":[{part},"approval":{"id":"{id}","approved":false,"reason":"No"}},{part},"approval":{"id":"{id}","approved":false}}]}]}""")]
    public async Task Answers_that_contradict_each_other_are_refused_before_one_is_stored(string path, string body)
    {
        const string Part = """{"type":"dynamic-tool","toolName":"Echo","toolCallId":"call_1","state":"approval-responded","input":{}""";
        var turnId = await AskAsync();

        var text = await AnswersAsync(
            HttpStatusCode.BadRequest, path,
            body.Replace("{chat}", Chat, StringComparison.Ordinal).Replace("{id}", $"{turnId}.req_1", StringComparison.Ordinal).Replace("{part}", Part, StringComparison.Ordinal));

        Assert.Contains("Send one answer for each id", text, StringComparison.Ordinal);
        await StillWaitsAsync(turnId);
    }

    [Fact]
    public async Task Unknown_approval_of_a_turn_that_has_ended_is_refused()
    {
        var turnId = await AskAsync();
        await StillWaitsAsync(turnId);

        await AnswersAsync(HttpStatusCode.NotFound, "api/ui/chat", Approval($$"""{"id":"{{turnId}}.req_9","approved":true}"""));
        await AnswersAsync(HttpStatusCode.NotFound, "api/agui", Resume(turnId, "\"status\":\"cancelled\"").Replace("req_1", "req_9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_that_contradicts_the_first_one_is_a_conflict_and_the_same_one_is_not()
    {
        var turnId = await AskAsync();

        Assert.Contains("Done", await AnswersAsync(HttpStatusCode.OK, "api/agui", Resume(turnId, "\"status\":\"resolved\",\"payload\":{\"approved\":true}")), StringComparison.Ordinal);
        Assert.Contains("Done", await AnswersAsync(HttpStatusCode.OK, "api/agui", Resume(turnId, "\"status\":\"resolved\",\"payload\":true")), StringComparison.Ordinal);
        await AnswersAsync(HttpStatusCode.Conflict, "api/agui", Resume(turnId, "\"status\":\"cancelled\""));
        await AnswersAsync(HttpStatusCode.Conflict, "api/ui/chat", Approval($$"""{"id":"{{turnId}}.req_1","approved":false}"""));
    }

    [Theory]
    [InlineData("api/ui/chat", "\"approved\":true", """{"type":"approve","request_id":"req_1","arguments":{"text":"other"}}""", "other")]
    [InlineData("api/agui", "\"status\":\"resolved\",\"payload\":true", """{"type":"approve","request_id":"req_1","arguments":{"text":"other"}}""", "other")]
    [InlineData("api/ui/chat", "\"approved\":false", """{"type":"deny","request_id":"req_1","reason":"Not today."}""", "Not today.")]
    [InlineData("api/agui", "\"status\":\"cancelled\"", """{"type":"deny","request_id":"req_1","reason":"Not today."}""", "Not today.")]
    public async Task Client_follows_with_the_decision_that_was_made_elsewhere_with_other_details(string path, string answer, string elsewhere, string result)
    {
        var turnId = await AskAsync();
        await AnswersAsync(HttpStatusCode.OK, $"api/turns/{turnId}/signals", elsewhere);

        var rest = await AnswersAsync(HttpStatusCode.OK, path, path == "api/agui" ? Resume(turnId, answer) : Approval($$"""{"id":"{{turnId}}.req_1",{{answer}}}"""));

        Assert.Contains("Done", rest, StringComparison.Ordinal);
        Assert.Contains(result, Encoding.UTF8.GetString(_server.Model.Requests[^1].Messages[^1].Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/ui/chat")]
    [InlineData("api/agui")]
    public async Task Client_whose_user_is_no_approver_follows_once_an_approver_has_approved(string path)
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Approvals:Always", GatedTools.Echo), ("FuncChat:Approvals:Approvers", "key:bob")]);
        server.Model.Calls(("call_1", GatedTools.Echo, """{"text":"sent"}""")).Says("Done");
        var turnId = await AskAsync(server);
        var body = path == "api/agui" ? Resume(turnId, "\"status\":\"resolved\",\"payload\":true") : Approval($$"""{"id":"{{turnId}}.req_1","approved":true}""");

        await AnswersAsync(HttpStatusCode.Forbidden, path, body, server);
        using var approved = await ThreadServer.SendAsync(
            server.Bob, HttpMethod.Post, $"api/turns/{turnId}/signals?owner=key%20ada", """{"type":"approve","request_id":"req_1"}""");
        await approved.Content.ReadAsStringAsync();

        Assert.Contains("Done", await AnswersAsync(HttpStatusCode.OK, path, body, server), StringComparison.Ordinal);
        await AnswersAsync(HttpStatusCode.Conflict, path, body.Replace("true", "false", StringComparison.Ordinal), server);
    }

    [Theory]
    [InlineData("""{"interruptId":"{id}.req_9","status":"resolved","payload":true}""", HttpStatusCode.NotFound)]
    [InlineData("""{"interruptId":"{id}.req_2","status":"resolved","payload":{"approved":true,"arguments":{"text":1}}}""", HttpStatusCode.BadRequest)]
    public async Task Answer_that_is_not_valid_keeps_those_with_it_from_counting(string other, HttpStatusCode status)
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Approvals:Always", GatedTools.Echo)]);
        server.Model.Calls(("call_1", GatedTools.Echo, """{"text":"sent"}"""), ("call_2", GatedTools.Echo, """{"text":"sent"}""")).Says("Done");
        var turnId = await AskAsync(server);

        await AnswersAsync(status, "api/agui", Resume(turnId, $$"""
            "status":"resolved","payload":true},{{other.Replace("{id}", turnId, StringComparison.Ordinal)[..^1]}}
            """), server);

        using var followed = await server.Ada.GetAsync($"api/turns/{turnId}");
        Assert.DoesNotContain("request_answered", await followed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"approved":true,"note":"Now"}""")]
    [InlineData("""{"approved":false}""")]
    public async Task Question_of_ag_ui_whose_form_has_a_field_approved_is_answered_with_it(string answer)
    {
        var schema = JsonElement.Parse("""{"type":"object","properties":{"approved":{"type":"boolean"},"note":{"type":"string"}},"required":["approved"]}""");
        await using var server = await ThreadServer.StartAsync(builder => builder.Services.AddSingleton(
            Tool.FromMethod((IToolRun run) => run.Ask("Publish?", schema)?.GetRawText() ?? "declined", "publish", "Publishes.", readOnly: true)));
        server.Model.Calls(("call_1", "publish", "{}")).Says("Done");
        await AnswersAsync(
            HttpStatusCode.OK, "api/agui", $$$"""{"threadId":"{{{Chat}}}","runId":"run-question","messages":[{{{Question}}}],"forwardedProps":{"server_tools":["publish"]}}""", server);

        await AnswersAsync(HttpStatusCode.OK, "api/agui", Resume("run-question", $"\"status\":\"resolved\",\"payload\":{answer}"), server);

        var result = JsonElement.Parse(server.Model.Requests[^1].Messages[^1].Span).GetProperty("content").GetString()!;
        Assert.Equal(answer, result);
    }

    [Fact]
    public async Task Answer_that_a_client_of_ag_ui_shows_as_the_result_is_replaced_by_the_real_one()
    {
        const string Own = """{"id":"own","role":"tool","toolCallId":"call_1","content":"{\"approved\":true}"}""";
        await AskAsAgUiAsync();

        var events = await AnswersAsync(HttpStatusCode.OK, "api/agui", Resume("run-question", "\"status\":\"resolved\",\"payload\":{\"approved\":true}", messages: $"{Question},{Call},{Own}"));

        var snapshot = events.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line["data: ".Length..]))
            .Single(each => each.GetProperty("type").ValueEquals("MESSAGES_SNAPSHOT")).GetProperty("messages");
        Assert.Equal(["user", "assistant", "tool"], snapshot.EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Equal("sent", snapshot[2].GetProperty("content").GetString());
    }

    [Fact]
    public async Task Call_of_the_page_that_waited_with_an_approval_is_in_a_new_message_of_ag_ui()
    {
        const string Pick = """{"id":"run-question.1.more","role":"assistant","toolCalls":[{"id":"call_2","type":"function","function":{"name":"pick","arguments":"{}"}}]}""";
        const string Results = """{"id":"t1","role":"tool","toolCallId":"call_1","content":"sent"},""" + Pick + """,{"id":"t2","role":"tool","toolCallId":"call_2","content":"red"}""";
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Approvals:Always", GatedTools.Echo)]);
        server.Model.Calls(("call_1", GatedTools.Echo, """{"text":"sent"}"""), ("call_2", "pick", "{}")).Says("Done");
        await AskAsAgUiAsync(server, ""","tools":[{"name":"pick"}]""");

        var events = await AnswersAsync(HttpStatusCode.OK, "api/agui", Resume("run-question", "\"status\":\"resolved\",\"payload\":{\"approved\":true}", messages: $"{Question},{Call}"), server);
        await AnswersAsync(HttpStatusCode.OK, "api/agui", $$"""{"threadId":"{{Chat}}","runId":"run-results","messages":[{{Question}},{{Call}},{{Results}}]}""", server);

        Assert.Contains("\"toolCallName\":\"pick\",\"parentMessageId\":\"run-question.1.more\"", events, StringComparison.Ordinal);
        var sent = server.Model.Requests[^1].Messages.Select(message => JsonElement.Parse(message.Span)).ToList();
        Assert.Equal(["user", "assistant", "tool", "tool"], sent.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal(["call_1", "call_2"], sent[1].GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("\"status\":\"cancelled\"")]
    [InlineData("\"status\":\"resolved\",\"payload\":{\"approved\":false}")]
    public async Task New_message_with_a_denial_of_ag_ui_is_answered_instead(string answer)
    {
        await AskAsAgUiAsync();

        var events = await AnswersAsync(HttpStatusCode.OK, "api/agui", Resume("run-question", answer, messages: $$"""{{Question}},{{Call}},{"id":"r","role":"user","content":"Hello"}"""));

        Assert.Contains("Done", events, StringComparison.Ordinal);
        Assert.Equal(["Send it", "Hello"], _server.Model.Requests[^1].Messages.Select(message => JsonElement.Parse(message.Span).GetProperty("content")[0].GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("\"status\":\"cancelled\"", "")]
    [InlineData("\"status\":\"resolved\",\"payload\":{\"approved\":true}", """,{"id":"r","role":"user","content":"Hello"}""")]
    public async Task Answer_of_ag_ui_without_a_new_message_or_that_approves_continues_the_turn(string answer, string added)
    {
        await AskAsAgUiAsync();

        await AnswersAsync(HttpStatusCode.OK, "api/agui", Resume("run-question", answer, messages: $"{Question},{Call}{added}"));

        Assert.Equal("tool", JsonElement.Parse(_server.Model.Requests[^1].Messages[^1].Span).GetProperty("role").GetString());
    }

    [Fact]
    public async Task Approval_of_a_call_that_was_dismissed_is_a_conflict()
    {
        await AskAsAgUiAsync();
        await AnswersAsync(HttpStatusCode.OK, "api/agui", Resume("run-question", "\"status\":\"cancelled\"", messages: $$"""{{Question}},{{Call}},{"id":"r","role":"user","content":"Hello"}"""));

        var late = await AnswersAsync(HttpStatusCode.Conflict, "api/agui", Resume("run-question", "\"status\":\"resolved\",\"payload\":true", messages: $"{Question},{Call}"));
        await AnswersAsync(HttpStatusCode.Conflict, "api/ui/chat", Approval("""{"id":"run-question.req_1","approved":true}"""));

        Assert.Contains("The turn has ended, and its requests with it.", late, StringComparison.Ordinal);
        Assert.Contains("RUN_FINISHED", await AnswersAsync(HttpStatusCode.OK, "api/agui", Resume("run-question", "\"status\":\"cancelled\"", messages: $"{Question},{Call}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/ui/chat", """{"id":"chat-two","messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"Hello \ud83d"}]}]}""")]
    [InlineData("api/ui/chat", """{"id":"chat-two","messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"Hi"}]},{"id":"a","role":"assistant","parts":[{"type":"text","text":"\ud83d"}]},{"id":"r","role":"user","parts":[{"type":"text","text":"Hi"}]}]}""")]
    [InlineData("api/ui/chat", """{"id":"chat-two","messages":[{"id":"a","role":"assistant","parts":[{"type":"tool-t","toolCallId":"c","state":"output-available","input":{},"output":"\ud83d"}]}]}""")]
    [InlineData("api/agui", """{"threadId":"chat-two","runId":"run-0002","messages":[{"id":"q","role":"user","content":"Hello \ud83d"}]}""")]
    [InlineData("api/agui", """{"threadId":"chat-two","runId":"run-0002","messages":[{"id":"q","role":"user","content":[{"type":"text","text":"Hello \ud83d"}]}]}""")]
    [InlineData("api/agui", """{"threadId":"chat-two","runId":"run-0002","context":[{"description":"d","value":"\ud83d"}],"messages":[{"id":"q","role":"user","content":"Hello"}]}""")]
    public async Task Text_with_half_a_surrogate_pair_is_refused(string path, string body)
    {
        Assert.Contains("not valid Unicode", await AnswersAsync(HttpStatusCode.BadRequest, path, body), StringComparison.Ordinal);
        Assert.Empty(_server.Model.Requests);
    }

    private static string Resume(string turnId, string answer, string thread = Chat, string messages = "") =>
        $$"""{"threadId":"{{thread}}","runId":"run-answer","messages":[{{messages}}],"resume":[{"interruptId":"{{turnId}}.req_1",{{answer}}}]}""";

    private static string Approval(string approval, string chat = Chat) =>
        $$"""{"id":"{{chat}}","messages":[{"id":"a","role":"assistant","parts":[{"type":"dynamic-tool","toolName":"Echo","toolCallId":"call_1","state":"approval-responded","input":{},"approval":{{approval}}}]}]}""";

    private Task AskAsAgUiAsync(ThreadServer? server = null, string tools = "") => AnswersAsync(
        HttpStatusCode.OK, "api/agui", $$$"""{"threadId":"{{{Chat}}}","runId":"run-question","messages":[{{{Question}}}],"forwardedProps":{"server_tools":["{{{GatedTools.Echo}}}"]}{{{tools}}}}""", server);

    private async Task<string> AskAsync(ThreadServer? server = null)
    {
        using var asked = await ThreadServer.SendAsync(
            (server ?? _server).Ada, HttpMethod.Post, "api/ui/chat", $$"""{"id":"{{Chat}}","tools":["{{GatedTools.Echo}}"],"messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"Send it"}]}]}""");
        Assert.Contains("tool-approval-request", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        return asked.Headers.GetValues("X-Turn-Id").Single();
    }

    // The approval counts, so nothing has answered the request or stopped the turn.
    private async Task StillWaitsAsync(string turnId)
    {
        Assert.Single(_server.Model.Requests);
        var rest = await AnswersAsync(HttpStatusCode.OK, "api/ui/chat", Approval($$"""{"id":"{{turnId}}.req_1","approved":true}"""));
        Assert.Contains("\"output\":\"sent\"", rest, StringComparison.Ordinal);
        Assert.Contains("Done", rest, StringComparison.Ordinal);
    }

    private async Task<string> AnswersAsync(HttpStatusCode status, string path, string body, ThreadServer? server = null)
    {
        using var response = await ThreadServer.SendAsync((server ?? _server).Ada, HttpMethod.Post, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{path}: {response.StatusCode} {text}");
        return text;
    }
}
