using System.Text.Json;
using System.Text.Json.Nodes;
using FuncChat.Tools;
using FuncChat.Tools.Mcp;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tests.Mcp;

/// <summary>Questions of a server that do not follow the protocol.</summary>
public sealed class McpReplyTests
{
    private static readonly McpServerSettings Server = new() { Name = "srv", Url = new Uri("https://srv.example/mcp") };

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"a":7}""")]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"a":{}}""")]
    [InlineData("""{"a":{"method":"roots/list"}}""")]
    [InlineData("""{"a":{"method":"elicitation/create"}}""")]
    [InlineData("""{"a":{"method":"elicitation/create","params":7}}""")]
    [InlineData("""{"a":{"method":"elicitation/create","params":{"message":7}}}""")]
    public void Question_that_is_malformed_fails_its_call_with_a_reason(string questions)
    {
        var reply = new McpReply(null, JsonElement.Parse(questions), "state");

        var failure = Assert.Throws<ToolException>(() => reply.Answer(run: null, Server, earlier: null));

        Assert.Equal("The MCP server 'srv' asks for something that this client does not support.", failure.Message);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("null")]
    public void State_that_is_not_text_counts_as_none(string state)
    {
        var result = new CallToolResult { Meta = new JsonObject { ["funcchat/input_required"] = new JsonObject { ["requestState"] = JsonNode.Parse(state) } } };

        Assert.Null(QuestionTransport.QuestionsIn(result)!.State);
    }
}
