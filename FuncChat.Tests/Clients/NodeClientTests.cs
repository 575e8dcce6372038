using System.Text.Json;

namespace FuncChat.Tests.Clients;

/// <summary>The stock clients of OpenAI's API for Node.js, unmodified: each needs the base URL and nothing else.</summary>
[Collection(nameof(ClientServer))]
public sealed class NodeClientTests(ClientServer server)
{
    [Theory]
    [InlineData("openai")]
    [InlineData("openai-6")]
    public async Task Openai_sdk_works(string package)
    {
        var results = await server.ResultsAsync("openai", package);

        Same("""["openai:scripted"]""", results, "models");
        Same("\"openai:scripted\"", results, "model");
        Same("""{"text":"Hello, world.","finish":"stop","hasRequestId":true}""", results, "chat");
        Same("\"Hello, world.\"", results, "stream");
        Same("""{"text":"Hello, world.","tokens":15}""", results, "streamHelper");
        Same("""{"text":"It is sunny in Bern.","calls":["Bern"]}""", results, "runTools");
        Same("""{"text":"It is sunny in Bern.","calls":["Bern"]}""", results, "runToolsStreamed");
        Same("""{"city":"Bern","degrees":21}""", results, "parse");
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai-6")]
    public async Task Openai_sdk_retries_only_what_can_succeed(string package)
    {
        var results = await server.ResultsAsync("openai", package);

        Same("\"Hello, world.\"", results, "retried");
        Same("""{"status":400,"code":"context_length_exceeded","param":null,"type":"invalid_request_error","hasRequestId":true}""", results, "refused");
        Same("""{"status":502,"code":"configuration_error","param":null,"type":"server_error","hasRequestId":true}""", results, "denied");
        Same("""{"status":404,"code":"model_not_found","param":"model","type":"invalid_request_error","hasRequestId":true}""", results, "unknownModel");
        Assert.Equal(2, server.CallsFor("fail once", package).Count);
        Assert.Single(server.CallsFor("deny", package));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai-6")]
    public async Task Openai_sdk_that_aborts_stops_the_call_of_the_model(string package)
    {
        Same("\"left\"", await server.ResultsAsync("openai", package), "abort");

        await server.CallsFor("stall", package).Single().Disconnected;
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai-6")]
    public async Task Openai_sdk_works_with_the_Responses_API(string package)
    {
        var results = await server.ResultsAsync("responses", package);

        Same("""{"text":"Hello, world.","status":"completed","tokens":15}""", results, "create");
        Same("\"Hello, world.\"", results, "stream");
        Same("""{"text":"Hello, world.","deltas":"Hello, world.","status":"completed"}""", results, "streamHelper");
        Same("""{"text":"It is sunny in Bern.","calls":[{"city":"Bern"}]}""", results, "functionCall");
        Same("""{"text":"It is sunny in Bern.","calls":[{"city":"Bern"}]}""", results, "functionCallStreamed");
        Same("""{"city":"Bern","degrees":21}""", results, "parse");
        Same("""{"city":"Bern","degrees":21}""", results, "parseStreamed");
        Same("""{"text":"42","reasoning":"Let me think.","cached":8,"thought":7}""", results, "reasoning");
        Same("""{"text":"Hello, world.","status":"completed"}""", results, "background");
        Same("""{"text":"Hello, world.","same":true}""", results, "resumed");
        Same("""["user","assistant","user"]""", results, "inputItems");
        Same("\"cancelled\"", results, "cancelled");
        Same("""{"status":404,"code":"not_found","param":null,"type":"invalid_request_error","hasRequestId":true}""", results, "deleted");
        Same("""{"status":400,"code":"context_length_exceeded","param":null,"type":"invalid_request_error","hasRequestId":true}""", results, "refused");
        Same("""{"status":404,"code":"model_not_found","param":"model","type":"invalid_request_error","hasRequestId":true}""", results, "unknownModel");
    }

    [Fact]
    public async Task Ai_sdk_works()
    {
        var results = await server.ResultsAsync("ai");

        Same("""{"text":"It is sunny in Bern.","steps":2,"calls":["Bern"]}""", results, "toolLoop");
        Same("""{"text":"It is sunny in Bern.","calls":["Bern"]}""", results, "streamedToolLoop");
        Same("""{"city":"Bern","degrees":21}""", results, "object");
        Same("""{"text":"42","reasoning":"Let me think.","cached":8,"thought":7}""", results, "reasoning");
        Same("""{"text":"It is sunny in Bern.","steps":2,"calls":["Bern"]}""", results, "responsesToolLoop");
        Same("""{"text":"It is sunny in Bern.","calls":["Bern"]}""", results, "responsesStreamedToolLoop");
        Same("""{"city":"Bern","degrees":21}""", results, "responsesObject");
    }

    [Fact]
    public async Task Langchain_works()
    {
        var results = await server.ResultsAsync("langchain");

        Same("\"Hello, world.\"", results, "invoke");
        Same("""[{"name":"get_weather","args":{"city":"Bern"}}]""", results, "bindTools");
        Same("""["execute_javascript"]""", results, "sameName");
        Same("""{"city":"Bern","degrees":21}""", results, "structured");
        Same("\"Hello, world.\"", results, "stream");
        Same("\"It is sunny in Bern.\"", results, "responses");
        Same("""{"city":"Bern","degrees":21}""", results, "responsesStructured");
        Same("\"Hello, world.\"", results, "responsesStreamed");
    }

    [Fact]
    public async Task Openai_agents_work()
    {
        var results = await server.ResultsAsync("agents");

        Same("\"It is sunny in Bern.\"", results, "run");
        Same("\"It is sunny in Bern.\"", results, "streamed");
        Same("\"It is sunny in Bern.\"", results, "responses");
        Same("\"It is sunny in Bern.\"", results, "responsesStreamed");
        Same("""{"city":"Bern","degrees":21}""", results, "responsesStructured");
    }

    [Fact]
    public async Task Llamaindex_works()
    {
        var results = await server.ResultsAsync("llamaindex");

        Same("\"Hello, world.\"", results, "chat");
        Same("\"Hello, world.\"", results, "stream");
    }

    [Fact]
    public async Task Generated_client_works()
    {
        var results = await server.ResultsAsync("generated");

        Same("""["openai:scripted"]""", results, "models");
        Same("\"Hello, world.\"", results, "completion");
        Same("""{"status":400,"type":"invalid_request_error"}""", results, "refused");
    }

    private static void Same(string expected, JsonElement results, string check) => Assert.Equal(expected, results.GetProperty(check).GetRawText());
}
