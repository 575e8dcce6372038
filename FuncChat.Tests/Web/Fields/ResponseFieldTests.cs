using System.Net;
using FuncChat.Tests.Web.Responses;

namespace FuncChat.Tests.Web.Fields;

public sealed class ResponseFieldTests : IAsyncLifetime
{
    private static readonly string[] Valid = ["\"model\":\"openai:scripted\"", "\"input\":\"Hello\""];

    private static readonly (string Field, string Json)[] Wrong =
    [
        ("model", """ "model":5 """),
        ("input", """ "input":5 """),
        ("input[0]", """ "input":[5] """),
        ("input[0].type", """ "input":[{"type":"zz"}] """),
        ("input[0].role", """ "input":[{"role":"critic","content":"x"}] """),
        ("input[0].content", """ "input":[{"role":"user"}] """),
        ("input[0]", """ "input":[{"role":"user","content":5}] """),
        ("input[0].content[0].type", """ "input":[{"role":"user","content":[{"type":"zz"}]}] """),
        ("input[0].content[0].text", """ "input":[{"role":"user","content":[{"type":"input_text","text":5}]}] """),
        ("input[0].content[0].image_url", """ "input":[{"role":"user","content":[{"type":"input_image","image_url":5}]}] """),
        ("tools[0].allowed_tools", $$""" "tools":[{"type":"mcp","server_label":"funcchat","allowed_tools":[{{string.Join(',', Enumerable.Range(0, 129).Select(name => $"\"tool_{name}\""))}}]}] """),
        ("input[0].content[0].detail", """ "input":[{"role":"user","content":[{"type":"input_image","image_url":"https://example.com/a.png","detail":5}]}] """),
        ("input[0].content[0].file_data", """ "input":[{"role":"user","content":[{"type":"input_file"}]}] """),
        ("input[0].content[0].input_audio", """ "input":[{"role":"user","content":[{"type":"input_audio","input_audio":"x"}]}] """),
        ("input[0].call_id", """ "input":[{"type":"function_call_output","output":"x"}] """),
        ("input[0].output", """ "input":[{"type":"function_call_output","call_id":"c","output":5}] """),
        ("input[0]", """ "input":[{"type":"function_call","call_id":"c","name":"f","arguments":{}}] """),
        ("input[0].approve", """ "input":[{"type":"mcp_approval_response","approval_request_id":"r","approve":"yes"}] """),
        ("input[0].approval_request_id", """ "input":[{"type":"mcp_approval_response","approve":true}] """),
        ("input[0].reason", """ "input":[{"type":"mcp_approval_response","approval_request_id":"mcpr_turn-0001_req_1","approve":false,"reason":5}] """),
        ("instructions", """ "instructions":["x"] """),
        ("include", """ "include":"reasoning.encrypted_content" """),
        ("include[0]", """ "include":["zz"] """),
        ("include[1]", """ "include":["reasoning.encrypted_content",5] """),
        ("metadata", """ "metadata":"x" """),
        ("metadata", """ "metadata":[] """),
        ("metadata.a", """ "metadata":{"a":5} """),
        ("metadata.a", """ "metadata":{"a":null} """),
        ("reasoning", """ "reasoning":5 """),
        ("reasoning", """ "reasoning":"high" """),
        ("reasoning.effort", """ "reasoning":{"effort":5} """),
        ("reasoning.summary", """ "reasoning":{"summary":"zz"} """),
        ("text", """ "text":"x" """),
        ("text.format", """ "text":{"format":"json"} """),
        ("text.format.type", """ "text":{"format":{}} """),
        ("text.format.type", """ "text":{"format":{"type":"xml"}} """),
        ("text.format.name", """ "text":{"format":{"type":"json_schema","schema":{}}} """),
        ("text.format.name", """ "text":{"format":{"type":"json_schema","name":"a b","schema":{}}} """),
        ("text.format.schema", """ "text":{"format":{"type":"json_schema","name":"a"}} """),
        ("text.format.schema", """ "text":{"format":{"type":"json_schema","name":"a","schema":"x"}} """),
        ("text.format.strict", """ "text":{"format":{"type":"json_schema","name":"a","schema":{},"strict":1}} """),
        ("text.verbosity", """ "text":{"verbosity":5} """),
        ("truncation", """ "truncation":"zz" """),
        ("truncation", """ "truncation":true """),
        ("tool_choice", """ "tool_choice":"zz" """),
        ("tool_choice", """ "tool_choice":5 """),
        ("tool_choice", """ "tool_choice":"required" """),
        ("tool_choice", """ "tool_choice":{"type":"function"} """),
        ("tool_choice.name", """ "tool_choice":{"type":"function","name":"other"},"tools":[{"type":"function","name":"mine"}] """),
        ("tool_choice.name", """ "tool_choice":{"type":"function","name":"other"} """),
        ("tool_choice", """ "tool_choice":{"type":"web_search"} """),
        ("tool_choice", """ "tool_choice":{"type":"code_interpreter"},"tools":["Echo"] """),
        ("tools", """ "tools":{} """),
        ("tools[0].type", """ "tools":[{"type":"code_interpreter"}] """),
        ("tools[0].type", """ "tools":[5] """),
        ("tools[0].name", """ "tools":[{"type":"function"}] """),
        ("tools[0].function", """ "tools":[{"type":"function","name":"a","function":{"parameters":{"type":"object"}}}] """),
        ("tools[0].function", """ "tools":[{"type":"function","function":{"name":"a","parameters":{"type":"object"}}}] """),
        ("tools[0].args", """ "tools":[{"type":"function","name":"a","args":{"type":"object"}}] """),
        ("toolChoice", """ "toolChoice":"none" """),
        ("previousResponseId", """ "previousResponseId":"resp_1" """),
        ("messages", """ "messages":[{"role":"system","content":"Be brief."}] """),
        ("system", """ "system":"Be brief." """),
        ("max_tokens", """ "max_tokens":5 """),
        ("max_completion_tokens", """ "max_completion_tokens":5 """),
        ("response_format", """ "response_format":{"type":"json_object"} """),
        ("reasoning_effort", """ "reasoning_effort":"low" """),
        ("verbosity", """ "verbosity":"low" """),
        ("stop", """ "stop":"END" """),
        ("seed", """ "seed":5 """),
        ("seed", """ "seed":0 """),
        ("presence_penalty", """ "presence_penalty":0.5 """),
        ("tools[0].parameters", """ "tools":[{"type":"function","name":"a","parameters":[]}] """),
        ("tools[0].description", """ "tools":[{"type":"function","name":"a","description":5}] """),
        ("tools[0].strict", """ "tools":[{"type":"function","name":"a","strict":"yes"}] """),
        ("tools[0].server_label", """ "tools":[{"type":"mcp"}] """),
        ("tools[0].allowed_tools", """ "tools":[{"type":"mcp","server_label":"funcchat","allowed_tools":5}] """),
        ("tools[0].require_approval", """ "tools":[{"type":"mcp","server_label":"funcchat","allowed_tools":["Echo"],"require_approval":5}] """),
        ("temperature", """ "temperature":"x" """),
        ("top_p", """ "top_p":-1 """),
        ("top_logprobs", """ "top_logprobs":21 """),
        ("max_output_tokens", """ "max_output_tokens":0 """),
        ("max_output_tokens", """ "max_output_tokens":"x" """),
        ("max_tool_calls", """ "max_tool_calls":5 """),
        ("prompt", """ "prompt":{"id":"x"} """),
        ("parallel_tool_calls", """ "parallel_tool_calls":"no" """),
        ("previous_response_id", """ "previous_response_id":5 """),
        ("conversation", """ "conversation":5 """),
        ("conversation.id", """ "conversation":{} """),
        ("conversation", """ "conversation":"x" """),
        ("background", """ "background":"yes" """),
        ("store", """ "store":"no" """),
        ("store", """ "store":false,"background":true """),
        ("stream", """ "stream":"yes" """),
        ("stream_options", """ "stream_options":{"include_obfuscation":false} """),
        ("stream_options", """ "stream":true,"stream_options":5 """),
        ("stream_options.include_obfuscation", """ "stream":true,"stream_options":{"include_obfuscation":5} """),
        ("service_tier", """ "service_tier":5 """),
        ("user", """ "user":5 """),
        ("safety_identifier", """ "safety_identifier":5 """),
        ("prompt_cache_key", """ "prompt_cache_key":5 """),
        ("prompt_cache_retention", """ "prompt_cache_retention":5 """),
        ("context_management", """ "context_management":"x" """),
        ("metadata.a", """ "metadata":{"a":"\ud83d"} """),
        ("tools[0].parameters.x[1]", """ "tools":[{"type":"function","name":"a","parameters":{"x":["y","\udc00"]}}] """),
        ("input[0].arguments", """ "input":[{"type":"function_call","call_id":"c","name":"f","arguments":"\ud83d"}] """),
        ("user", """ "user":"\ud83dx" """),
        ("input[0]", """ "input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/svg+xml;base64,PHN2Zy8+"}]}] """),
    ];

    private ResponsesServer _server = null!;

    public async Task InitializeAsync() => _server = await ResponsesServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Wrong_field_is_a_400_that_names_it()
    {
        await WrongFields.AssertRefusedAsync(_server.Http, ResponsesServer.Path, Wrong, Valid, WrongFields.IsParam);

        Assert.Empty(_server.Upstream.Requests);
    }

    [Fact]
    public async Task Every_field_is_accepted_with_a_valid_value_and_with_null()
    {
        _server.Upstream.Says("Yes.").Says("Yes.");

        var response = await _server.CreateAsync(ResponsesServer.Body(
            """
            ,"include":["reasoning.encrypted_content","web_search_call.action.sources","message.output_text.logprobs"],"metadata":{"a":"b"},"reasoning":{"effort":"low","summary":"auto"},
            "text":{"format":{"type":"json_object"},"verbosity":"low"},"truncation":"auto","tools":[{"type":"function","name":"a","strict":null}],"tool_choice":{"type":"function","name":"a"},
            "temperature":1,"top_p":1,"top_logprobs":0,"max_output_tokens":16,"parallel_tool_calls":false,"store":true,"service_tier":"flex","user":"u","safety_identifier":"s",
            "prompt_cache_key":"k","prompt_cache_retention":"24h","context_management":[{"type":"compaction"}],"some_new_field":{"a":[]}
            """));
        await _server.CreateAsync(ResponsesServer.Body(
            """
            ,"include":null,"metadata":null,"reasoning":null,"text":null,"truncation":null,"tools":null,"tool_choice":null,"temperature":null,"top_p":null,"top_logprobs":null,
            "max_output_tokens":null,"parallel_tool_calls":null,"store":null,"service_tier":null,"user":null,"stream":null,"stream_options":null,"background":null,"conversation":null,
            "previous_response_id":null,"instructions":null,"prompt":null,"max_tool_calls":null
            """));

        Assert.Equal("""{"a":"b"}""", response.GetProperty("metadata").GetRawText());
        Assert.Equal("disabled", response.GetProperty("truncation").GetString());
        Assert.Equal(2, _server.Upstream.Requests.Count);
    }

    [Theory]
    [InlineData("", "stream=maybe", "stream")]
    [InlineData("", "stream=true&starting_after=abc", "starting_after")]
    [InlineData("", "stream=true%00", "stream")]
    [InlineData("", "starting_after=-1", "starting_after")]
    [InlineData("", "starting_after=1%00", "starting_after")]
    [InlineData("", "include=nonsense", "include")]
    [InlineData("", "include[]=reasoning.encrypted_content&include[]=nonsense", "include")]
    [InlineData("/input_items", "include[]=nonsense", "include")]
    [InlineData("/input_items", "order=x", "order")]
    [InlineData("/input_items", "limit=abc", "limit")]
    [InlineData("/input_items", "limit=0", "limit")]
    [InlineData("/input_items", "limit=101", "limit")]
    [InlineData("/input_items", "limit=1%00", "limit")]
    [InlineData("/input_items", "after=msg_unknown", "after")]
    public async Task Wrong_parameter_is_a_400_that_names_it(string path, string query, string parameter)
    {
        _server.Upstream.Says("Yes.");
        var id = (await _server.CreateAsync(ResponsesServer.Body())).GetProperty("id").GetString();

        using var response = await _server.Http.GetAsync($"{ResponsesServer.Path}/{id}{path}?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(WrongFields.IsParam(await response.Content.ReadAsStringAsync(), parameter));
    }

    [Theory]
    [InlineData("", "include[]=reasoning.encrypted_content&include[]=web_search_call.results")]
    [InlineData("", "include=reasoning.encrypted_content,web_search_call.results")]
    [InlineData("/input_items", "include=message.input_image.image_url&include=file_search_call.results")]
    [InlineData("/input_items", "include=")]
    public async Task Parameter_include_may_name_what_the_api_of_openai_has(string path, string query)
    {
        _server.Upstream.Says("Yes.");
        var id = (await _server.CreateAsync(ResponsesServer.Body())).GetProperty("id").GetString();

        using var response = await _server.Http.GetAsync($"{ResponsesServer.Path}/{id}{path}?{query}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
