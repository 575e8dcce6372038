using System.Text.Json;
using FuncChat.Engine.Models.Http;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.OpenAi;
using Microsoft.Extensions.AI;

namespace FuncChat.Tests.Engine.Models.OpenAi;

public sealed class OpenAiRequestTests
{
    [Fact]
    public async Task Request_carries_messages_tools_and_sampling()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says("a");
        var tool = AIFunctionFactory.Create((string query) => query, "search_web", "Searches.");
        await harness.AskAsync(new ModelRequest
        {
            Model = "llama",
            Messages = ["""{"role":"user","content":"é \ud83d\n"}"""u8.ToArray(), """{"role":"assistant","content":"x"}"""u8.ToArray()],
            Tools = [tool],
            Sampling = new SamplingOptions { Temperature = 0.5, MaxTokens = 9, TopP = 1, FrequencyPenalty = 0.1, PresencePenalty = -1 },
        });

        var request = harness.Upstream.Requests[0];
        Assert.Equal("""[{"role":"user","content":"é \ufffd\n"},{"role":"assistant","content":"x"}]""", request.Body.GetProperty("messages").GetRawText());
        Assert.Equal("llama", request.Body.GetProperty("model").GetString());
        var function = request.Body.GetProperty("tools")[0].GetProperty("function");
        Assert.Equal("search_web", function.GetProperty("name").GetString());
        Assert.Equal("Searches.", function.GetProperty("description").GetString());
        Assert.True(JsonElement.DeepEquals(tool.JsonSchema, function.GetProperty("parameters")));
        Assert.Equal(0.5, request.Body.GetProperty("temperature").GetDouble());
        Assert.Equal(9, request.Body.GetProperty("max_tokens").GetInt32());
        Assert.Equal(-1, request.Body.GetProperty("presence_penalty").GetDouble());
        Assert.True(request.Body.GetProperty("stream").GetBoolean());
        Assert.True(request.Body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.Equal($"Bearer {ModelHarness.Key}", request.Headers["Authorization"]);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.False(request.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task Tool_with_alternatives_at_the_top_of_its_schema_is_an_object_and_an_empty_description_is_left_out()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says("a");

        await harness.AskAsync(ModelHarness.Request with { Tools = [ModelHarness.ToolWithAlternatives] });

        Assert.Equal(
            """[{"type":"function","function":{"name":"attach","parameters":{"type":"object","properties":{"content":{"type":"string"},"url":{"type":"string"}}}}}]""",
            harness.Upstream.Requests[0].Body.GetProperty("tools").GetRawText());
    }

    [Fact]
    public async Task Request_has_nothing_of_tools_and_sampling_when_there_are_none()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says("a");

        await harness.AskAsync();

        Assert.Equal(
            """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}""",
            harness.Upstream.Requests[0].BodyText);
    }

    [Fact]
    public async Task Request_asks_for_json_of_the_schema()
    {
        await using var harness = await ModelHarness.StartAsync();
        harness.Upstream.Says("{}");

        await harness.AskAsync(ModelHarness.Request with { ResponseSchema = new ResponseSchema("plan", JsonElement.Parse("""{"type":"object"}""")) });

        Assert.Equal(
            """{"type":"json_schema","json_schema":{"name":"plan","strict":true,"schema":{"type":"object"}}}""",
            harness.Upstream.Requests[0].Body.GetProperty("response_format").GetRawText());
    }

    [Fact]
    public async Task Request_uses_the_key_header_and_the_query_of_the_endpoint()
    {
        await using var harness = await ModelHarness.StartAsync(configure: endpoint => endpoint with
        {
            KeyHeader = ApiKeyHeader.ApiKey,
            Url = ProviderEndpoint.UrlFrom($"{endpoint.Url}?api-version=2025-01-01", "/chat/completions"),
        });
        harness.Upstream.Says("a");

        await harness.AskAsync();

        var request = harness.Upstream.Requests[0];
        Assert.Equal(ModelHarness.Key, request.Headers["api-key"]);
        Assert.False(request.Headers.ContainsKey("Authorization"));
        Assert.Equal("/v1/chat/completions?api-version=2025-01-01", request.Target);
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions")]
    [InlineData("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions")]
    [InlineData(" https://api.groq.com/openai/v1/chat/completions/ ", "https://api.groq.com/openai/v1/chat/completions")]
    [InlineData("http://localhost:11434", "http://localhost:11434/v1/chat/completions")]
    [InlineData("https://x.openai.azure.com/openai/deployments/gpt?api-version=1#x", "https://x.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=1")]
    [InlineData("https://x.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=1", "https://x.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=1")]
    public void Url_is_completed(string url, string expected) => Assert.Equal(expected, ProviderEndpoint.UrlFrom(url, "/chat/completions").AbsoluteUri);

    [Theory]
    [InlineData("")]
    [InlineData("api.openai.com/v1")]
    [InlineData("/v1")]
    [InlineData("ftp://x/v1")]
    [InlineData("https://user:secret@x/v1")]
    public void Url_is_refused_when_it_is_no_web_address(string url)
    {
        var failure = Assert.Throws<FormatException>(() => ProviderEndpoint.UrlFrom(url, "/chat/completions"));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", "max_completion_tokens", nameof(ApiKeyHeader.Bearer))]
    [InlineData("https://x.openai.azure.com/openai/v1", "max_completion_tokens", nameof(ApiKeyHeader.ApiKey))]
    [InlineData("https://api.groq.com/openai/v1", "max_tokens", nameof(ApiKeyHeader.Bearer))]
    public void Endpoint_has_the_key_header_and_the_profile_of_its_host(string url, string field, string header)
    {
        var endpoint = ProviderEndpoint.For("p", url, " secret ", "/chat/completions");
        Assert.Equal((header, "secret"), (endpoint.KeyHeader.ToString(), endpoint.ApiKey));
        Assert.Equal(field, (ProviderProfile.OfProvider(endpoint.Url.IdnHost, "p") ?? ProviderProfile.OfModel("m")).TokenLimit);
        Assert.DoesNotContain("secret", endpoint.ToString(), StringComparison.Ordinal);
    }
}
