using System.Net;
using System.Text;
using FuncChat.Tests.Web.Threads;

namespace FuncChat.Tests.Web.Fields;

public sealed class UiChatFieldTests : IAsyncLifetime
{
    private const string Path = "api/ui/chat";

    private static readonly string[] Valid = ["\"id\":\"chat-0001\"", """ "messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"Hello"}]}] """];

    private static readonly (string Field, string Json)[] Wrong =
    [
        ("id", """ "id":5 """),
        ("id", """ "id":"" """),
        ("messages", """ "messages":"x" """),
        ("messages", """ "messages":[] """),
        ("messages[0]", """ "messages":[5] """),
        ("messages[0].role", """ "messages":[{"role":"critic","parts":[]}] """),
        ("messages[0].role", """ "messages":[{"parts":[]}] """),
        ("messages[0].id", """ "messages":[{"id":5,"role":"user","parts":[]}] """),
        ("messages[0].parts", """ "messages":[{"role":"user","content":"x"}] """),
        ("messages[0].parts", """ "messages":[{"role":"user","parts":{}}] """),
        ("messages[0].parts[0].type", """ "messages":[{"role":"user","parts":[{"type":"zz"}]}] """),
        ("messages[0].parts[0].type", """ "messages":[{"role":"user","parts":[{"type":5}]}] """),
        ("messages[0].parts[0].type", """ "messages":[{"role":"user","parts":[{}]}] """),
        ("messages[0].parts[0].text", """ "messages":[{"role":"user","parts":[{"type":"text"}]}] """),
        ("messages[0].parts[0].text", """ "messages":[{"role":"assistant","parts":[{"type":"text","text":5}]}] """),
        ("messages[0].parts[0].mediaType", """ "messages":[{"role":"user","parts":[{"type":"file","url":"data:text/plain,x"}]}] """),
        ("messages[0].parts[0].url", """ "messages":[{"role":"user","parts":[{"type":"file","mediaType":"image/png","url":5}]}] """),
        ("messages[0].parts[0].toolCallId", """ "messages":[{"role":"assistant","parts":[{"type":"tool-a","state":"output-available"}]}] """),
        ("messages[0].parts[0].state", """ "messages":[{"role":"assistant","parts":[{"type":"tool-a","toolCallId":"c","state":"zz"}]}] """),
        ("messages[0].parts[0].state", """ "messages":[{"role":"assistant","parts":[{"type":"tool-a","toolCallId":"c"}]}] """),
        ("messages[0].parts[0].errorText", """ "messages":[{"role":"assistant","parts":[{"type":"tool-a","toolCallId":"c","state":"output-error","errorText":5}]}] """),
        ("messages[0].parts[0].approval", """ "messages":[{"role":"assistant","parts":[{"type":"tool-a","toolCallId":"c","state":"approval-responded","approval":5}]}] """),
        ("messages[0].parts[0].approval.approved", """ "messages":[{"role":"assistant","parts":[{"type":"tool-a","toolCallId":"c","state":"approval-responded","approval":{"id":"turn-0001.req_1"}}]}] """),
        ("messages[0].parts[0].approval.reason", """ "messages":[{"role":"assistant","parts":[{"type":"tool-a","toolCallId":"c","state":"approval-responded","approval":{"id":"turn-0001.req_1","approved":false,"reason":5}}]}] """),
        ("trigger", """ "trigger":"zz" """),
        ("trigger", """ "trigger":5 """),
        ("messageId", """ "messageId":5 """),
        ("system", """ "system":5 """),
        ("model", """ "model":5 """),
        ("temperature", """ "temperature":"x" """),
        ("max_tokens", """ "max_tokens":0 """),
        ("stop", """ "stop":5 """),
        ("seed", """ "seed":"x" """),
        ("metadata", """ "metadata":5 """),
        ("response_format", """ "response_format":5 """),
        ("reasoning_effort", """ "reasoning_effort":5 """),
        ("logit_bias", """ "logit_bias":5 """),
        ("parallel_tool_calls", """ "parallel_tool_calls":"x" """),
        ("tools must", """ "tools":"x" """),
        ("toolChoice", """ "toolChoice":"none" """),
        ("responseFormat", """ "responseFormat":{"type":"json_object"} """),
        ("maxOutputTokens", """ "maxOutputTokens":5 """),
        ("tools.a.args", """ "tools":{"a":{"args":{"type":"object"}}} """),
        ("tools.a.parameters", """ "tools":{"a":{"function":{"name":"a"},"parameters":{"type":"object"}}} """),
        ("tools[0].parameters", """ "tools":[{"type":"function","function":{"name":"a"},"parameters":{"type":"object"}}] """),
        ("tools[0]", """ "tools":[5] """),
        ("tools[0]", """ "tools":["nothing"] """),
        ("tools.a", """ "tools":{"a":5} """),
        ("tools.a", """ "tools":{"a":"Echo"} """),
        ("tools['a b']", """ "tools":{"a b":{"parameters":{}}} """),
        ("tools.a.description", """ "tools":{"a":{"description":5}} """),
        ("tools.a.parameters", """ "tools":{"a":{"parameters":[]}} """),
        ("tools.a.inputSchema", """ "tools":{"a":{"inputSchema":[]}} """),
        ("tools.a.inputSchema", """ "tools":{"a":{"inputSchema":{"jsonSchema":5}}} """),
        ("tools.a.inputSchema", """ "tools":{"a":{"inputSchema":{"def":{"type":"object","shape":{}},"type":"object"}}} """),
        ("tools.a.input_schema", """ "tools":{"a":{"input_schema":"x"}} """),
        ("tools.a.name", """ "tools":{"a":{"name":"b"}} """),
        ("tools.a.function", """ "tools":{"a":{"function":5}} """),
        ("tools.a.function.name", """ "tools":{"a":{"type":"function","function":{"name":"b"}}} """),
        ("tools.a.function.parameters", """ "tools":{"a":{"type":"function","function":{"parameters":[]}}} """),
        ("tools.a.type", """ "tools":{"a":{"type":"provider","id":"openai.web_search","args":{}}} """),
        ("server_tools[0]", """ "tools":{"Echo":{}},"server_tools":["Echo"] """),
        ("server_tools", """ "server_tools":{} """),
        ("tool_choice.function.name", """ "tools":{"a":{}},"tool_choice":{"type":"function","function":{"name":"b"}} """),
        ("tool_choice", """ "tool_choice":"zz" """),
        ("tool_choice.function.name", """ "tool_choice":{"type":"function","function":{"name":"x"}},"tools":["Echo"] """),
        ("metadata.a", """ "metadata":{"a":"\ud83d"} """),
        ("messages[0].parts[0].input.x", """ "messages":[{"role":"assistant","parts":[{"type":"tool-a","toolCallId":"c","state":"output-available","input":{"x":"\ud83d"},"output":1}]}] """),
        ("messages[0].metadata.x", """ "messages":[{"role":"user","metadata":{"x":"\ud83d"},"parts":[{"type":"text","text":"x"}]}] """),
        ("messages[0]", """ "messages":[{"role":"user","parts":[{"type":"file","mediaType":"image/svg+xml","url":"data:image/svg+xml;base64,PHN2Zy8+"}]}] """),
        ("messages[0]", """ "messages":[{"role":"user","parts":[{"type":"file","mediaType":"image/png","url":"data:image/svg+xml;base64,PHN2Zy8+"}]}] """),
        ("messages[0].parts[0].mediaType", """ "messages":[{"role":"user","parts":[{"type":"file","mediaType":"image/svg+xml","url":"data:image/png;base64,PHN2Zy8+"}]}] """),
        ("messages[0]", """ "messages":[{"role":"user","parts":[{"type":"file","mediaType":"image/png","url":"data:image/png;base64,!!!"}]}] """),
    ];

    private ThreadServer _server = null!;

    public async Task InitializeAsync() => _server = await ThreadServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Wrong_field_is_a_400_that_names_it()
    {
        await WrongFields.AssertRefusedAsync(_server.Ada, Path, Wrong, Valid, static (text, field) => text.Contains(field, StringComparison.Ordinal));

        Assert.Empty(_server.Model.Requests);
    }

    [Fact]
    public async Task Every_part_that_the_AI_SDK_has_is_accepted()
    {
        _server.Model.Says("Yes.");

        using var response = await ThreadServer.SendAsync(_server.Ada, HttpMethod.Post, Path, """
            {"id":"chat-0001","trigger":"submit-message","messageId":null,"some_new_field":1,"turnId":"of the app","messages":[
            {"id":"q","role":"user","metadata":{"x":[]},"parts":[{"type":"text","text":"Hello"},{"type":"data-mine","data":5},{"type":"source-url","sourceId":"s","url":"https://example.com"}]},
            {"id":"a","role":"assistant","parts":[{"type":"step-start"},{"type":"reasoning","text":"Hm"},{"type":"reasoning-file","mediaType":"image/png","url":"data:,"},{"type":"custom","kind":"a.b"},
            {"type":"steering-message","id":"m","content":"x"},{"type":"source-document","sourceId":"s","mediaType":"text/plain","title":"t"},
            {"type":"tool-a","toolCallId":"c1","state":"input-streaming"},{"type":"dynamic-tool","toolName":"b","toolCallId":"c2","state":"output-denied","input":{},"approval":{"id":"x"}},
            {"type":"text","text":"Hi","state":"done"}]},
            {"id":"r","role":"user","parts":[{"type":"text","text":"Again"}]}]}
            """);

        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        await response.Content.ReadAsStringAsync();
        Assert.Single(_server.Model.Requests);
    }

    [Theory]
    [InlineData("""{"a":{"inputSchema":SCHEMA}}""")]
    [InlineData("""{"a":{"type":"dynamic","inputSchema":{"jsonSchema":SCHEMA}}}""")]
    [InlineData("""{"a":{"input_schema":SCHEMA}}""")]
    [InlineData("""{"a":{"type":"function","function":{"name":"a","parameters":SCHEMA}}}""")]
    [InlineData("""{"a":{"function":{"inputSchema":SCHEMA}}}""")]
    [InlineData("""[{"type":"function","function":{"name":"a","inputSchema":SCHEMA}}]""")]
    public async Task Schema_of_a_tool_is_read_where_the_SDKs_have_it(string tools)
    {
        const string Schema = """{"type":"object","properties":{"color":{"type":"string"}}}""";
        _server.Model.Says("Hello.");

        using var response = await ThreadServer.SendAsync(
            _server.Ada, HttpMethod.Post, Path,
            $$"""{"tools":{{tools.Replace("SCHEMA", Schema, StringComparison.Ordinal)}},"messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"Hello"}]}]}""");

        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer);
        Assert.Equal(Schema, Assert.Single(_server.Model.Requests[0].Tools).JsonSchema.GetRawText());
    }

    // As AssistantChatTransport of assistant-ui sends them.
    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"pick":{"description":"Picks a color.","parameters":{"type":"object","properties":{"color":{"type":"string"}}},"providerOptions":{}}}""", "pick")]
    [InlineData("""{"pick":{"parameters":{"type":"object"}},"wait":{"parameters":{"type":"object"}}}""", "pick,wait")]
    public async Task Tools_by_their_names_are_tools_that_the_page_runs(string tools, string offered)
    {
        _server.Model.Calls(("call_1", "pick", """{"color":"red"}""")).Says("Unused.");

        using var response = await ThreadServer.SendAsync(_server.Ada, HttpMethod.Post, Path, $$"""
            {"system":"Be brief.","config":{"modelName":"other"},"callSettings":{"temperature":0.5},"tools":{{tools}},"server_tools":["Echo"],
            "id":"chat-0001","messages":[{"id":"q","role":"user","parts":[{"type":"text","text":"Hello"}]}],"trigger":"submit-message"}
            """);

        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer);
        var request = _server.Model.Requests[0];
        Assert.Equal(["Echo", .. offered.Split(',', StringSplitOptions.RemoveEmptyEntries)], request.Tools.Select(tool => tool.Name));
        Assert.Equal("""{"role":"system","content":"Be brief."}""", Encoding.UTF8.GetString(request.Messages[0].Span));
        Assert.Equal(offered.Length > 0, answer.Contains("\"type\":\"tool-input-available\",\"toolCallId\":\"call_1\",\"toolName\":\"pick\",\"input\":{\"color\":\"red\"}}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("1%00")]
    [InlineData("-1%00")]
    [InlineData("--1")]
    [InlineData("-")]
    public async Task Start_index_that_is_no_number_is_a_400_that_names_it(string index)
    {
        using var response = await _server.Ada.GetAsync($"{Path}/chat-0001/stream?startIndex={index}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("startIndex must be ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
