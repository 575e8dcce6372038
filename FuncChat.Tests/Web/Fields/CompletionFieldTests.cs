using FuncChat.Tests.Web.OpenAi;

namespace FuncChat.Tests.Web.Fields;

public sealed class CompletionFieldTests : IAsyncLifetime
{
    private const string Tool = """{"type":"function","function":{"name":"get_weather"}}""";

    private static readonly string LongText = new('x', 513);

    private static readonly string[] Valid = ["\"model\":\"openai:scripted\"", """ "messages":[{"role":"user","content":"Hello"}] """];

    private static readonly (string Field, string Json)[] Wrong =
    [
        ("model", "\"model\":5"),
        ("messages", "\"messages\":{}"),
        ("messages[0]", "\"messages\":[5]"),
        ("messages[0].role", """ "messages":[{"role":"critic","content":"x"}]"""),
        ("messages[0].content", """ "messages":[{"role":"user","content":5}]"""),
        ("messages[0].name", """ "messages":[{"role":"user","content":"x","name":5}]"""),
        ("messages[0].content[0].type", """ "messages":[{"role":"user","content":[{"type":"video"}]}]"""),
        ("messages[0].content[0].image_url.url", """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":5}}]}]"""),
        ("messages[0].content[0].image_url.url", """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://xn--/a.png"}}]}]"""),
        ("messages[0].content[0].image_url.url", """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://xn--zz-aaaaä.com/a.png"}}]}]"""),
        ("messages[0].content[0].image_url.detail", """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":5}}]}]"""),
        ("messages[0].content[0].image_url.url", """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,!!!"}}]}]"""),
        ("messages[0].content[0].image_url.url", """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png,AA=="}}]}]"""),
        ("messages[0].content[0].input_audio", """ "messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"!!!","format":"wav"}}]}]"""),
        ("messages[0].content[0].file.file_data", """ "messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,!!!"}}]}]"""),
        ("messages[1].refusal", """ "messages":[{"role":"user","content":"x"},{"role":"assistant","content":"x","refusal":5},{"role":"user","content":"x"}]"""),
        ("messages[1].audio", """ "messages":[{"role":"user","content":"x"},{"role":"assistant","content":"x","audio":5},{"role":"user","content":"x"}]"""),
        ("messages[1].annotations", """ "messages":[{"role":"user","content":"x"},{"role":"assistant","content":"x","annotations":"y"},{"role":"user","content":"x"}]"""),
        ("messages[0].content[0].input_audio", """ "messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA=="}}]}]"""),
        ("messages[0].content[0].file", """ "messages":[{"role":"user","content":[{"type":"file","file":"x"}]}]"""),
        ("messages[0].tool_calls", """ "messages":[{"role":"assistant","content":"x","tool_calls":{}}]"""),
        ("messages[0].tool_call_id", """ "messages":[{"role":"tool","content":"x"}]"""),
        ("temperature", "\"temperature\":true"),
        ("top_p", "\"top_p\":2"),
        ("frequency_penalty", "\"frequency_penalty\":\"x\""),
        ("presence_penalty", "\"presence_penalty\":[]"),
        ("max_tokens", "\"max_tokens\":\"5\""),
        ("max_completion_tokens", "\"max_completion_tokens\":{}"),
        ("n", "\"n\":0"),
        ("n", "\"n\":\"1\""),
        ("stream", "\"stream\":1"),
        ("stream_options", "\"stream_options\":{\"include_usage\":true}"),
        ("stream_options", "\"stream\":false,\"stream_options\":{}"),
        ("stream_options", "\"stream\":true,\"stream_options\":5"),
        ("stream_options.include_usage", "\"stream\":true,\"stream_options\":{\"include_usage\":\"yes\"}"),
        ("stream_options.include_obfuscation", "\"stream\":true,\"stream_options\":{\"include_obfuscation\":1}"),
        ("stop", "\"stop\":5"),
        ("stop", "\"stop\":{}"),
        ("stop[1]", "\"stop\":[\"a\",null]"),
        ("stop", $"\"stop\":[{string.Join(',', Enumerable.Repeat("\"a\"", 65))}]"),
        ("seed", "\"seed\":\"x\""),
        ("seed", "\"seed\":1.5"),
        ("logit_bias", "\"logit_bias\":[]"),
        ("logit_bias.50256", "\"logit_bias\":{\"50256\":101}"),
        ("logit_bias.50256", "\"logit_bias\":{\"50256\":\"x\"}"),
        ("logprobs", "\"logprobs\":5"),
        ("top_logprobs", "\"logprobs\":true,\"top_logprobs\":21"),
        ("top_logprobs", "\"logprobs\":true,\"top_logprobs\":true"),
        ("top_logprobs", "\"top_logprobs\":3"),
        ("response_format", "\"response_format\":\"json\""),
        ("response_format.type", "\"response_format\":{}"),
        ("response_format.type", "\"response_format\":{\"type\":\"xml\"}"),
        ("response_format.json_schema", "\"response_format\":{\"type\":\"json_schema\"}"),
        ("response_format.json_schema", "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":[]}"),
        ("response_format.json_schema.name", "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{}}}"),
        ("response_format.json_schema.name", "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a b\",\"schema\":{}}}"),
        ("response_format.json_schema.schema", "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\"}}"),
        ("response_format.json_schema.schema", "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":5}}"),
        ("response_format.json_schema.strict", "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":{},\"strict\":\"yes\"}}"),
        ("parallel_tool_calls", "\"parallel_tool_calls\":\"no\""),
        ("reasoning_effort", "\"reasoning_effort\":5"),
        ("verbosity", "\"verbosity\":{}"),
        ("service_tier", "\"service_tier\":5"),
        ("user", "\"user\":{}"),
        ("safety_identifier", "\"safety_identifier\":5"),
        ("prompt_cache_key", "\"prompt_cache_key\":[]"),
        ("metadata", "\"metadata\":\"x\""),
        ("metadata", $"\"metadata\":{{{string.Join(',', Enumerable.Range(0, 17).Select(index => $"\"k{index}\":\"v\""))}}}"),
        ("metadata.a", "\"metadata\":{\"a\":5}"),
        ("metadata.a", $"\"metadata\":{{\"a\":\"{LongText}\"}}"),
        ($"metadata['{new string('x', 64)}…']", $"\"metadata\":{{\"{new string('x', 65)}\":\"v\"}}"),
        ("store", "\"store\":\"yes\""),
        ("prediction", "\"prediction\":\"x\""),
        ("prediction.type", "\"prediction\":{\"content\":\"x\"}"),
        ("prediction.content", "\"prediction\":{\"type\":\"content\"}"),
        ("prediction.content[0].text", "\"prediction\":{\"type\":\"content\",\"content\":[{\"type\":\"text\"}]}"),
        ("tools", "\"tools\":\"search_web\""),
        ("tools[0]", "\"tools\":[5]"),
        ("tools[0].function.description", """ "tools":[{"type":"function","function":{"name":"a","description":5}}]"""),
        ("tools[0].function.strict", """ "tools":[{"type":"function","function":{"name":"a","strict":"yes"}}]"""),
        ("tools[0].function.parameters", """ "tools":[{"type":"function","function":{"name":"a","parameters":"x"}}]"""),
        ("tool_choice", "\"tool_choice\":5"),
        ("tool_choice", "\"tool_choice\":\"zz\""),
        ("tool_choice", "\"tool_choice\":\"required\""),
        ("tool_choice.function.name", $$$""" "tool_choice":{"type":"function","function":{"name":"other"}},"tools":[{{{Tool}}}]"""),
        ("tool_choice.function.name", $$$""" "tool_choice":{"type":"function"},"tools":[{{{Tool}}}]"""),
        ("tool_choice.type", $$$""" "tool_choice":{"type":"custom","custom":{"name":"x"}},"tools":[{{{Tool}}}]"""),
        ("tool_choice.allowed_tools.mode", $$$""" "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"zz","tools":[{{{Tool}}}]}},"tools":[{{{Tool}}}]"""),
        ("tool_choice.allowed_tools.tools[0].function.name", $$$""" "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"x"}}]}},"tools":[{{{Tool}}}]"""),
        ("tools[0].parameters", """ "tools":[{"type":"function","function":{"name":"a"},"parameters":{"type":"object"}}]"""),
        ("tools[0].inputSchema", """ "tools":[{"type":"function","function":{"name":"a"},"inputSchema":{"type":"object"}}]"""),
        ("tools[0].input_schema", """ "tools":[{"type":"function","function":{"name":"a"},"input_schema":{"type":"object"}}]"""),
        ("tools[0].description", """ "tools":[{"type":"function","function":{"name":"a"},"description":"d"}]"""),
        ("tools[0].function.args", """ "tools":[{"type":"function","function":{"name":"a","args":{"type":"object"}}}]"""),
        ("tools[0].function.properties", """ "tools":[{"type":"function","function":{"name":"a","type":"object","properties":{"b":{}}}}]"""),
        ("tools[0].function.function", """ "tools":[{"type":"function","function":{"name":"a","function":{"parameters":{}}}}]"""),
        ("tools[0].function.Parameters", """ "tools":[{"type":"function","function":{"name":"a","Parameters":{"type":"object"}}}]"""),
        ("tools[0].function", """ "tools":[{"type":"function","name":"a","parameters":{"type":"object"}}]"""),
        ("toolChoice", """ "toolChoice":"none" """),
        ("toolchoice", """ "toolchoice":"none" """),
        ("responseFormat", """ "responseFormat":{"type":"json_object"} """),
        ("$['response-format']", """ "response-format":{"type":"json_object"} """),
        ("maxTokens", """ "maxTokens":5 """),
        ("topP", """ "topP":0.5 """),
        ("serverTools", """ "serverTools":["Echo"] """),
        ("max_output_tokens", """ "max_output_tokens":5 """),
        ("stop_sequences", """ "stop_sequences":["a"] """),
        ("system", """ "system":"Be brief." """),
        ("instructions", """ "instructions":"Be brief." """),
        ("reasoning", """ "reasoning":{"effort":"low"} """),
        ("text", """ "text":{"format":{"type":"json_object"}} """),
        ("previous_response_id", """ "previous_response_id":"resp_1" """),
        ("audio", "\"audio\":{}"),
        ("modalities", "\"modalities\":\"text\""),
        ("Temperature", "\"Temperature\":0"),
        ("turn_id", "\"turn_id\":5"),
        ("metadata.a", """ "metadata":{"a":"half \ud83d"}"""),
        ("messages[0].provider_data.x[0]", """ "messages":[{"role":"assistant","content":"x","provider_data":{"x":["\udc00"]}},{"role":"user","content":"x"}]"""),
        ("tools[0].function.parameters", """ "tools":[{"type":"function","function":{"name":"a","parameters":{"\ud83d":{}}}}]"""),
        ("unknown_field", """ "unknown_field":"\ud83d\ud83d" """),
        ("messages[0].content[0].image_url.url", """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/svg+xml;base64,PHN2Zy8+"}}]}]"""),
        ("messages[0].content[0].image_url.url", """ "messages":[{"role":"user","content":[{"type":"image_url","image_url":"DATA:image/SVG+xml;charset=utf-8,<svg/>"}]}]"""),
    ];

    private CompletionsServer _server = null!;

    public async Task InitializeAsync() => _server = await CompletionsServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Wrong_field_is_a_400_that_names_it()
    {
        await WrongFields.AssertRefusedAsync(_server.Server.Http, CompletionsServer.Path, Wrong, Valid, WrongFields.IsParam);

        Assert.Empty(_server.Upstream.Requests);
    }

    [Fact]
    public async Task Every_field_is_accepted_with_a_valid_value_and_with_null()
    {
        _server.Upstream.Says("Yes.").Says("Yes.");

        await _server.CompleteAsync(CompletionsServer.Body(
            $$$"""
            ,"stop":"END","seed":-7,"logit_bias":{"1":-100,"2":0.5},"logprobs":true,"top_logprobs":0,"response_format":{"type":"json_object"},"parallel_tool_calls":false,
            "reasoning_effort":"xhigh","verbosity":"low","service_tier":"flex","user":"u","safety_identifier":"s","prompt_cache_key":"k","metadata":{"a":""},"store":true,
            "prediction":{"type":"content","content":[{"type":"text","text":"x"}]},"n":1,"tools":[{{{Tool}}}],
            "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{{{Tool}}}]}},"temperature":1,"prompt_cache_retention":"24h","some_new_field":{"a":[]}
            """));
        await _server.CompleteAsync(CompletionsServer.Body(
            """
            ,"toolChoice":null,"max_output_tokens":null,"reasoning":{},"stop_sequences":[],"maxTokens":5,"max_tokens":5,"tools":[{"type":"function","description":"d","strict":null,"function":{"name":"a",
            "description":"d","args":5}},{"type":"function","inputs":"x","function":{"name":"b","parameters":{"type":"object"}}}],"presencePenalty":0,"stop":null,"seed":null,"logit_bias":null,"logprobs":null,"top_logprobs":null,"response_format":null,"parallel_tool_calls":null,"reasoning_effort":null,
            "verbosity":null,"service_tier":null,"user":null,"metadata":null,"store":null,"prediction":null,"n":null,"tool_choice":null,"stream":null,
            "stream_options":null,"temperature":null,"audio":null,"modalities":null,"functions":null,"function_call":null
            """));

        Assert.Equal(2, _server.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("auto")]
    public async Task Tool_choice_that_needs_no_tools_is_accepted_without_them(string choice)
    {
        _server.Upstream.Says("Yes.");

        await _server.CompleteAsync(CompletionsServer.Body($",\"tool_choice\":\"{choice}\""));

        Assert.False(_server.Upstream.Requests[0].Body.TryGetProperty("tool_choice", out _));
    }

    [Fact]
    public async Task Surrogate_pairs_that_are_complete_are_accepted_however_they_are_written()
    {
        _server.Upstream.Says("Yes.");

        await _server.CompleteAsync("""{"model":"openai:scripted","messages":[{"role":"user","content":"\uD83D\ude00 \\ud83d \\\\ 😀"}],"metadata":{"\ud83d\ude00":"\ud83d\uDE00"}}""");

        Assert.Contains("😀", _server.Upstream.Requests[0].LastText("user"), StringComparison.Ordinal);
    }
}
