using System.Net;
using System.Text;
using System.Text.Json;
using FuncChat.Tests.Web.Threads;
using FuncChat.Web.AgUi;

namespace FuncChat.Tests.Web.Fields;

public sealed class AgUiFieldTests : IAsyncLifetime
{
    private const string Path = "api/agui";

    private static readonly string[] Valid =
        ["\"threadId\":\"thread-0001\"", "\"runId\":\"run-00001\"", """ "messages":[{"id":"q","role":"user","content":"Hello"}] """];

    private static readonly (string Field, string Json)[] Wrong =
    [
        ("threadId", """ "threadId":5 """),
        ("threadId", """ "threadId":"" """),
        ("runId", """ "runId":null """),
        ("parentRunId", """ "parentRunId":5 """),
        ("messages", """ "messages":"x" """),
        ("messages", """ "messages":null """),
        ("messages[0]", """ "messages":["x"] """),
        ("messages[0].role", """ "messages":[{"id":"q","role":"critic","content":"x"}] """),
        ("messages[0].id", """ "messages":[{"id":5,"role":"user","content":"x"}] """),
        ("messages[0].name", """ "messages":[{"id":"q","role":"user","content":"x","name":5}] """),
        ("messages[0].content", """ "messages":[{"id":"q","role":"user","content":5}] """),
        ("messages[0].content", """ "messages":[{"id":"q","role":"system","content":{}}] """),
        ("messages[0].content[0].type", """ "messages":[{"id":"q","role":"user","content":[{"type":"zz"}]}] """),
        ("messages[0].content[0].text", """ "messages":[{"id":"q","role":"user","content":[{"type":"text","text":5}]}] """),
        ("messages[0].content[0].source", """ "messages":[{"id":"q","role":"user","content":[{"type":"image"}]}] """),
        ("messages[0].content[0].source.type", """ "messages":[{"id":"q","role":"user","content":[{"type":"image","source":{"type":"zz","value":"x"}}]}] """),
        ("messages[0].content[0].source.value", """ "messages":[{"id":"q","role":"user","content":[{"type":"image","source":{"type":"url","value":5}}]}] """),
        ("messages[0].content[0].source.mimeType", """ "messages":[{"id":"q","role":"user","content":[{"type":"image","source":{"type":"data","value":"AA=="}}]}] """),
        ("messages[0].toolCalls", """ "messages":[{"id":"a","role":"assistant","toolCalls":"x"}] """),
        ("messages[0].toolCalls[0].id", """ "messages":[{"id":"a","role":"assistant","toolCalls":[{"function":{"name":"f"}}]}] """),
        ("messages[0].toolCalls[0].function", """ "messages":[{"id":"a","role":"assistant","toolCalls":[{"id":"c"}]}] """),
        ("messages[0].toolCalls[0].function.name", """ "messages":[{"id":"a","role":"assistant","toolCalls":[{"id":"c","function":{"name":5}}]}] """),
        ("messages[0].toolCalls[0].function.arguments", """ "messages":[{"id":"a","role":"assistant","toolCalls":[{"id":"c","function":{"name":"f","arguments":{}}}]}] """),
        ("messages[0].toolCallId", """ "messages":[{"id":"t","role":"tool","content":"x"}] """),
        ("messages[1].toolCallId", """ "messages":[{"id":"q","role":"user","content":"x"},{"id":"t","role":"tool","toolCallId":"c","content":"x"}] """),
        ("messages[0].error", """ "messages":[{"id":"t","role":"tool","toolCallId":"c","content":"x","error":5}] """),
        ("tools", """ "tools":"x" """),
        ("tools[0]", """ "tools":["x"] """),
        ("tools[0].name", """ "tools":[{"name":"a b"}] """),
        ("tools[0].description", """ "tools":[{"name":"a","description":5}] """),
        ("tools[0].parameters", """ "tools":[{"name":"a","parameters":"x"}] """),
        ("tools[0].inputSchema", """ "tools":[{"name":"a","inputSchema":"x"}] """),
        ("tools[1].name", """ "tools":[{"name":"a"},{"name":"a"}] """),
        ("tools[0].name", """ "tools":[{"name":"Echo"}],"forwardedProps":{"server_tools":["Echo"]} """),
        ("context", """ "context":"x" """),
        ("context[0]", """ "context":["x"] """),
        ("context[0].value", """ "context":[{"description":"d","value":5}] """),
        ("context[0].description", """ "context":[{"description":5,"value":"v"}] """),
        ("forwardedProps", """ "forwardedProps":"x" """),
        ("forwardedProps.model", """ "forwardedProps":{"model":5} """),
        ("forwardedProps.temperature", """ "forwardedProps":{"temperature":"x"} """),
        ("forwardedProps.stop", """ "forwardedProps":{"stop":5} """),
        ("forwardedProps.metadata", """ "forwardedProps":{"metadata":5} """),
        ("forwardedProps.server_tools[0]", """ "forwardedProps":{"server_tools":["nothing"]} """),
        ("forwardedProps.tool_choice", """ "forwardedProps":{"tool_choice":"zz"} """),
        ("forwardedProps.tool_choice.function.name", """ "forwardedProps":{"tool_choice":{"type":"function","function":{"name":"x"}}},"tools":[{"name":"a"}] """),
        ("tools[0].args", """ "tools":[{"name":"a","args":{"type":"object"}}] """),
        ("tools[0].function", """ "tools":[{"name":"a","type":"function","function":{"parameters":{"type":"object"}}}] """),
        ("tools[0].Input_Schema", """ "tools":[{"name":"a","Input_Schema":{"type":"object"}}] """),
        ("tool_choice", """ "tool_choice":"none" """),
        ("model", """ "model":"openai:scripted" """),
        ("response_format", """ "response_format":{"type":"json_object"} """),
        ("responseFormat", """ "responseFormat":{"type":"json_object"} """),
        ("maxTokens", """ "maxTokens":5 """),
        ("frequency_penalty", """ "frequency_penalty":0.5 """),
        ("presence_penalty", """ "presence_penalty":0.5 """),
        ("parallel_tool_calls", """ "parallel_tool_calls":false """),
        ("logit_bias", """ "logit_bias":{"1":5} """),
        ("logprobs", """ "logprobs":true """),
        ("service_tier", """ "service_tier":"flex" """),
        ("prediction", """ "prediction":{"type":"content","content":"x"} """),
        ("forwarded_props", """ "forwarded_props":{"model":"openai:scripted"} """),
        ("forwardedProps.responseFormat", """ "forwardedProps":{"responseFormat":{"type":"json_object"}} """),
        ("forwardedProps.topP", """ "forwardedProps":{"topP":0.5} """),
        ("forwardedProps.maxOutputTokens", """ "forwardedProps":{"maxOutputTokens":5} """),
        ("forwardedProps.tool_choice", """ "forwardedProps":{"toolChoice":"zz"} """),
        ("resume", """ "resume":"x" """),
        ("resume", """ "resume":{} """),
        ("resume[0]", """ "resume":["x"] """),
        ("resume[0].interruptId", """ "resume":[{"status":"cancelled"}] """),
        ("resume[0].interruptId", """ "resume":[{"interruptId":"zz","status":"cancelled"}] """),
        ("resume[0].status", """ "resume":[{"interruptId":"turn-0001.req_1"}] """),
        ("resume[0].status", """ "resume":[{"interruptId":"turn-0001.req_1","status":"zz"}] """),
        ("resume[0].payload", """ "resume":[{"interruptId":"turn-0001.req_1","status":"resolved"}] """),
        ("state.a[0]", """ "state":{"a":["\ud83d"]} """),
        ("state", """ "state":"\ud83d" """),
        ("forwardedProps.x", """ "forwardedProps":{"x":"\udc00"} """),
        ("messages[0].toolCalls[0].function.arguments", """ "messages":[{"id":"a","role":"assistant","toolCalls":[{"id":"c","function":{"name":"f","arguments":"\ud83d"}}]}] """),
        ("messages[0].content.x", """ "messages":[{"id":"a","role":"activity","content":{"x":"\ud83d"}}] """),
        ("tools[0].parameters.x", """ "tools":[{"name":"a","parameters":{"x":"\ud83d"}}] """),
        ("messages[0].content[0].source.mimeType", """ "messages":[{"id":"q","role":"user","content":[{"type":"image","source":{"type":"data","mimeType":"image/svg+xml","value":"PHN2Zy8+"}}]}] """),
        ("messages[0].content[0].mimeType", """ "messages":[{"id":"q","role":"user","content":[{"type":"binary","data":"AA=="}]}] """),
        ("messages[0].content[0].mimeType", """ "messages":[{"id":"q","role":"user","content":[{"type":"binary","mimeType":"image/svg+xml","url":"data:image/png;base64,AA=="}]}] """),
        ("messages[0]", """ "messages":[{"id":"q","role":"user","content":[{"type":"image","source":{"type":"data","mimeType":"image/png","value":"!!!"}}]}] """),
        ("messages[0].content[0].data", """ "messages":[{"id":"q","role":"user","content":[{"type":"binary","mimeType":"image/png"}]}] """),
        ("messages[0].content[0].url", """ "messages":[{"id":"q","role":"user","content":[{"type":"binary","mimeType":"image/png","url":5}]}] """),
    ];

    private ThreadServer _server = null!;

    public async Task InitializeAsync() => _server = await ThreadServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Wrong_field_is_a_400_that_names_it()
    {
        await WrongFields.AssertRefusedAsync(_server.Ada, Path, Wrong, Valid, static (text, field) => text.Contains($"\"path\":\"$.{field}\"", StringComparison.Ordinal));

        Assert.Empty(_server.Model.Requests);
    }

    [Fact]
    public void Many_messages_that_continue_earlier_ones_are_read()
    {
        var messages = Enumerable.Range(0, 100_000).Select(number => $$"""{"role":"assistant","content":"{{(number % 2 > 0 ? "" : "x")}}","id":"a{{number / 2}}{{(number % 2 > 0 ? ".more" : "")}}"}""");

        using var written = AgUiConversation.Write(JsonElement.Parse("[]"), JsonElement.Parse($"[{string.Join(',', messages)}]"));

        Assert.Equal(50_000, written.Messages.RootElement.GetArrayLength());
    }

    [Fact]
    public void Text_of_a_message_whose_id_looks_like_a_continuation_is_kept()
    {
        using var written = AgUiConversation.Write(
            JsonElement.Parse("[]"), JsonElement.Parse("""[{"role":"assistant","content":"One.","id":"a"},{"role":"assistant","content":"Two.","id":"a.more"}]"""));

        Assert.Equal(["One.", "Two."], written.Messages.RootElement.EnumerateArray().Select(message => message.GetProperty("content").GetString()));
    }

    [Fact]
    public async Task Every_field_is_accepted_with_a_valid_value()
    {
        _server.Model.Says("Yes.");

        using var response = await ThreadServer.SendAsync(_server.Ada, HttpMethod.Post, Path, """
            {"threadId":"thread-0001","runId":"run-00001","parentRunId":"run-00000","state":[1,null],"resume":[],"some_new_field":1,"metadata":{"a":1},"user":"ada","context":[{"description":"d","value":"v"},{"value":null}],
            "tools":[{"name":"a","description":"d","parameters":{"type":"object"}},{"name":"b","description":null,"parameters":null}],"forwardedProps":{"anything":[],"temperature":0.5,"turnId":"of the app","streamOptions":{"a":1}},
            "messages":[{"id":"s","role":"developer","content":"Be brief."},{"id":"q","role":"user","name":"ada","content":[{"type":"text","text":"Hello"}]},{"id":"n","role":"reasoning","content":"Hm"},
            {"id":"v","role":"activity","activityType":"x","content":{"y":1}},
            {"id":"a","role":"assistant","content":null,"toolCalls":[{"id":"c","type":"function","function":{"name":"a","arguments":"{}"}}]},{"id":"t","role":"tool","toolCallId":"c","content":"5"}]}
            """);

        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        Assert.Contains("RUN_FINISHED", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(_server.Model.Requests);
    }

    [Fact]
    public async Task Fields_as_CopilotKit_spells_them_reach_the_model()
    {
        _server.Model.Says("Yes.");

        using var response = await ThreadServer.SendAsync(_server.Ada, HttpMethod.Post, Path, """
            {"threadId":"thread-0001","runId":"run-00001","messages":[{"id":"q","role":"user","content":"Hello"}],"tools":[{"name":"suggest","parameters":{"type":"object"}}],
            "forwardedProps":{"toolChoice":{"type":"function","function":{"name":"suggest"}},"maxTokens":7,"app":"x"}}
            """);

        Assert.Contains("RUN_FINISHED", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("""{"type":"function","function":{"name":"suggest"}}""", Encoding.UTF8.GetString(_server.Model.Requests[0].Options["tool_choice"].Utf8.Span));
        Assert.Equal(7, _server.Model.Requests[0].Sampling.MaxTokens);
    }

    [Fact]
    public async Task Files_of_clients_before_version_1_reach_the_model()
    {
        _server.Model.Says("Yes.");

        using var response = await ThreadServer.SendAsync(_server.Ada, HttpMethod.Post, Path, """
            {"threadId":"thread-0001","runId":"run-00001","messages":[{"id":"q","role":"user","content":[{"type":"text","text":"See"},{"type":"binary","mimeType":"image/png","data":"AA=="},
            {"type":"binary","mimeType":"image/png","url":"https://example.com/a.png"},{"type":"binary","mimeType":"application/pdf","data":"AA==","filename":"a.pdf"}]}]}
            """);

        Assert.Contains("RUN_FINISHED", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(
            """[{"type":"text","text":"See"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}}]""",
            JsonElement.Parse(_server.Model.Requests[0].Messages[0].Span).GetProperty("content").GetRawText());
    }
}
