using System.Net;
using System.Text;

namespace FuncChat.Tests.Clients;

/// <summary>A turn that one protocol started, watched, approved and stopped from each other one.</summary>
[Collection(nameof(ChatClientServer))]
public sealed class CrossProtocolTests(ChatClientServer server)
{
    private static readonly string[] Starters = ["native", "completions", "responses", "ui", "ag-ui"];
    private static readonly string[] Others = ["native", "responses", "ui", "ag-ui"];

    private string _chatId = "";

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var starter in Starters)
            {
                foreach (var other in Others)
                    pairs.Add(starter, other);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Turn_that_one_protocol_started_is_approved_from_another_and_watched_from_all(string starter, string other)
    {
        var turnId = await StartAsync(starter, "mail (cross)");

        var approved = await ApproveAsync(other, turnId);

        Assert.Contains("It is ", approved, StringComparison.Ordinal);
        Assert.Contains("sent to bo", approved, StringComparison.Ordinal);
        foreach (var format in (string[])["native", "openai-chat", "responses", "ui-messages", "ag-ui"])
        {
            var watched = format == "responses" ? await ResponsesOfAsync(turnId) : await server.Http.GetStringAsync($"api/turns/{turnId}?format={format}");
            Assert.Contains("sent to bo", watched, StringComparison.Ordinal);
            Assert.Contains("It is ", watched, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Turn_that_one_protocol_started_is_stopped_from_another(string starter, string other)
    {
        var (turnId, response) = await OpenAsync(starter, "stall (cross)");
        using (response)
        {
            using var stopped = await StopAsync(other, turnId);

            Assert.True(stopped.IsSuccessStatusCode, await stopped.Content.ReadAsStringAsync());
            await response.Content.ReadAsStringAsync();
        }

        Assert.Contains("CANCELLED", await server.Http.GetStringAsync($"api/turns/{turnId}"), StringComparison.Ordinal);
    }

    // A turn that waited has a response before that point and one after each answer.
    private async Task<string> ResponsesOfAsync(string turnId)
    {
        var text = new StringBuilder();
        for (var part = 1; part <= 3; part++)
        {
            using var response = await server.Http.GetAsync($"api/v1/responses/{turnId}{(part > 1 ? $".{part}" : "")}?stream=true");
            if (response.IsSuccessStatusCode)
                text.Append(await response.Content.ReadAsStringAsync());
        }

        return text.ToString();
    }

    // Reads the start of the turn to the point where it waits.
    private async Task<string> StartAsync(string protocol, string question)
    {
        var (turnId, response) = await OpenAsync(protocol, question);
        using (response)
            await response.Content.ReadAsStringAsync();
        return turnId;
    }

    private async Task<(string TurnId, HttpResponseMessage Response)> OpenAsync(string protocol, string question)
    {
        var id = $"turn-{Guid.NewGuid():N}";
        _chatId = id;
        var model = "\"model\":\"openai:scripted\"";
        var openAi = $$"""[{"role":"user","content":"{{question}}"}]""";
        var (path, body) = protocol switch
        {
            "native" => ("chat", $$"""{{{model}},"turn_id":"{{id}}","tools":["send_mail"],"messages":{{openAi}}}"""),
            "completions" => ("v1/chat/completions", $$"""{{{model}},"turn_id":"{{id}}","stream":true,"tools":["send_mail"],"messages":{{openAi}}}"""),
            "responses" => ("v1/responses", $$"""{{{model}},"stream":true,"tools":["send_mail"],"input":"{{question}}"}"""),
            "ui" => ("ui/chat", $$"""{{{model}},"id":"{{id}}","tools":["send_mail"],"messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"{{question}}"}]}] }"""),
            _ => ("agui", $$"""{"threadId":"{{id}}","runId":"{{id}}","forwardedProps":{{{model}},"server_tools":["send_mail"]},"messages":[{"id":"q","role":"user","content":"{{question}}"}]}"""),
        };
        var response = await PostAsync($"api/{path}", body);
        Assert.True(response.IsSuccessStatusCode || protocol == "completions", $"{response.StatusCode} {protocol}");
        return (response.Headers.GetValues("X-Turn-Id").Single(), response);
    }

    private async Task<string> ApproveAsync(string protocol, string turnId)
    {
        var (path, body) = protocol switch
        {
            "responses" => ("v1/responses", $$"""
                {"previous_response_id":"{{turnId}}","stream":true,"input":[
                {"type":"mcp_approval_response","approval_request_id":"mcpr_{{turnId}}_req_1","approve":true},
                {"type":"mcp_approval_response","approval_request_id":"mcpr_{{turnId}}_req_2","approve":true}]}
                """),
            "ui" => ("ui/chat", $$"""
                {"messages":[{"id":"a","role":"assistant","parts":[
                {"type":"dynamic-tool","state":"approval-responded","toolName":"send_mail","toolCallId":"call_1","input":{},"approval":{"id":"{{turnId}}.req_1","approved":true} },
                {"type":"dynamic-tool","state":"approval-responded","toolName":"send_mail","toolCallId":"call_2","input":{},"approval":{"id":"{{turnId}}.req_2","approved":true} }]}]}
                """),
            "ag-ui" => ("agui", $$"""
                {"threadId":"{{_chatId}}","runId":"run-cross-1","messages":[],"resume":[
                {"interruptId":"{{turnId}}.req_1","status":"resolved","payload":{"approved":true} },
                {"interruptId":"{{turnId}}.req_2","status":"resolved","payload":{"approved":true} }]}
                """),
            _ => ("", ""),
        };
        if (protocol != "native")
        {
            using var response = await PostAsync($"api/{path}", body);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, text);
            return text;
        }

        foreach (var request in (string[])["req_1", "req_2"])
        {
            using var signal = await PostAsync($"api/turns/{turnId}/signals", $$"""{"type":"approve","request_id":"{{request}}"}""");
            Assert.Equal(HttpStatusCode.OK, signal.StatusCode);
            await signal.Content.ReadAsStringAsync();
        }

        return await server.Http.GetStringAsync($"api/turns/{turnId}");
    }

    private Task<HttpResponseMessage> StopAsync(string protocol, string turnId) => protocol switch
    {
        "native" => server.Http.DeleteAsync($"api/turns/{turnId}"),
        "responses" => PostAsync($"api/v1/responses/{turnId}/cancel", "{}"),
        "ui" => PostAsync($"api/ui/chat/{turnId}/stop", "{}"),

        // The protocol has no way to stop a run: its clients use the route for turns of any kind.
        _ => server.Http.DeleteAsync($"api/turns/{turnId}"),
    };

    private Task<HttpResponseMessage> PostAsync(string path, string body) => server.Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") }, HttpCompletionOption.ResponseHeadersRead);
}
