using System.Text;
using System.Text.Json.Serialization.Metadata;
using FuncChat.Engine;
using FuncChat.Web.Http;

namespace FuncChat.Tests.Web.Http;

/// <summary>The first error of a body is reported with its place and what would be right there.</summary>
public sealed class RequestJsonTests
{
    private static readonly RequestJsonContext Strict = RequestJsonContext.Default;

    [Theory]
    [InlineData("""{"query":"x","quarry":1}""", "$.quarry", "Unknown field. The fields are: query, queries, max_results, include_content, timeout, turn_id.")]
    [InlineData("""{"Query":"x"}""", "$.Query", "Unknown field. The fields are: query, queries, max_results, include_content, timeout, turn_id.")]
    [InlineData("""{"it's":1}""", "$['it's']", "Unknown field. The fields are: query, queries, max_results, include_content, timeout, turn_id.")]
    [InlineData("""{"a.b":1}""", "$['a.b']", "Unknown field. The fields are: query, queries, max_results, include_content, timeout, turn_id.")]
    [InlineData("""{"query":1}""", "$.query", "This must be a string of 1 to 400 characters, not only whitespace.")]
    [InlineData("""{"query":" \t"}""", "$.query", "This must be a string of 1 to 400 characters, not only whitespace.")]
    [InlineData("""{"query":"\ud83d"}""", "$.query", "This must be a string of 1 to 400 characters, not only whitespace.")]
    [InlineData("""{"queries":"x"}""", "$.queries", "This must be an array of 1 to 10 queries.")]
    [InlineData("""{"queries":[]}""", "$.queries", "This must be an array of 1 to 10 queries.")]
    [InlineData("""{"queries":["x",1]}""", "$.queries[1]", "This must be a string of 1 to 400 characters, not only whitespace.")]
    [InlineData("""{"queries":["x",null]}""", "$.queries[1]", "This must be a string of 1 to 400 characters, not only whitespace.")]
    [InlineData("""{"queries":["x",""]}""", "$.queries[1]", "This must be a string of 1 to 400 characters, not only whitespace.")]
    [InlineData("""{"max_results":"5"}""", "$.max_results", "This must be a whole number from 1 to 20.")]
    [InlineData("""{"max_results":5.5}""", "$.max_results", "This must be a whole number from 1 to 20.")]
    [InlineData("""{"max_results":21}""", "$.max_results", "This must be a whole number from 1 to 20.")]
    [InlineData("""{"max_results":99999999999999999999}""", "$.max_results", "This must be a whole number from 1 to 20.")]
    [InlineData("""{"include_content":"true"}""", "$.include_content", "This must be true or false.")]
    [InlineData("""{"turn_id":"short"}""", "$.turn_id", "A turn_id has 8 to 64 letters, digits, '_' and '-'.")]
    [InlineData("""{"query":"x","query":"y"}""", "$.query", "This field, or one in it, appears twice.")]
    [InlineData("""{"query":"x",}""", "$", "The body is not valid JSON, at line 1, byte 14.")]
    [InlineData("""{"query":"x"}{}""", "$", "The body is not valid JSON, at line 1, byte 14.")]
    [InlineData("", "$", "The body is not valid JSON, at line 1, byte 1.")]
    [InlineData("null", "$", "The body must be a JSON object.")]
    [InlineData("[]", "$", "The body must be a JSON object, and the names of its fields valid Unicode.")]
    [InlineData("""{"\ud83d":1}""", "$", "The body must be a JSON object, and the names of its fields valid Unicode.")]
    public void Search_reports_the_place_and_what_is_right_there(string body, string path, string message) =>
        AssertError(body, Strict.SearchRequest, path, message);

    [Theory]
    [InlineData("""{"answers":[]}""", "$.query", "The question is missing: send a query, such as \"How do tides work?\".")]
    [InlineData("""{"query":"x","answers":{}}""", "$.answers", "This must be an array of 0 to 20 answers.")]
    [InlineData("""{"query":"x","answers":[null]}""", "$.answers[0]", "This must be an object with the fields question, answer.")]
    [InlineData("""{"query":"x","answers":["y"]}""", "$.answers[0]", "This must be an object with the fields question, answer.")]
    [InlineData("""{"query":"x","answers":[{"question":"a","answer":"b"},{"question":"a","reply":"b"}]}""", "$.answers[1].reply", "Unknown field. The fields are: question, answer.")]
    [InlineData("""{"query":"x","answers":[{"question":"a"}]}""", "$.answers[0].answer", "The answer is missing.")]
    [InlineData("""{"query":"x","answers":[{"question":null,"answer":"b"}]}""", "$.answers[0].question", "The question that this answers is missing.")]
    [InlineData("""{"query":"x","answers":[{"question":"a","answer":7}]}""", "$.answers[0].answer", "This must be a string of 1 to 4000 characters, not only whitespace.")]
    [InlineData("""{"query":"x","model":7}""", "$.model", "This must be a string of valid Unicode.")]
    public void Plan_reports_the_place_and_what_is_right_there(string body, string path, string message) =>
        AssertError(body, Strict.PlanRequest, path, message);

    [Theory]
    [InlineData("""{}""", "$.messages", "The conversation is missing: send messages, such as [{\"role\":\"user\",\"content\":\"Hello\"}].")]
    [InlineData("""{"model":5,"messages":[""", "$.model", "This must be a string of valid Unicode.")]
    [InlineData("""{"messages":[],"temperature":2.1}""", "$.temperature", "This must be a number from 0 to 2.")]
    [InlineData("""{"messages":[],"temperature":1e999}""", "$.temperature", "This must be a number from 0 to 2.")]
    [InlineData("""{"temperature":"1"}""", "$.temperature", "This must be a number from 0 to 2.")]
    [InlineData("""{"messages":[],"presence_penalty":-3}""", "$.presence_penalty", "This must be a number from -2 to 2.")]
    [InlineData("""{"messages":[],"max_tokens":0}""", "$.max_tokens", "This must be a whole number from 1 to 10000000.")]
    [InlineData("""{"stream":1}""", "$.stream", "This must be true or false.")]
    [InlineData("""{"stream_options":[]}""", "$.stream_options", "This must be an object with the fields include_usage.")]
    [InlineData("""{"stream_options":{"usage":true}}""", "$.stream_options.usage", "Unknown field. The fields are: include_usage.")]
    [InlineData("""{"messages":[{"role":"a","role":"b"}]}""", "$.messages", "This field, or one in it, appears twice.")]
    public void Proxy_reports_the_place_and_what_is_right_there(string body, string path, string message) =>
        AssertError(body, Strict.ProxyRequest, path, message);

    [Theory]
    [InlineData("""{"query":"x","max_results":5}""", 5)]
    [InlineData("""{"query":"x","max_results":5.0}""", 5)]
    [InlineData("""{"query":"x","max_results":2e1}""", 20)]
    [InlineData("""{"query":"x","max_results":null,"turn_id":null,"queries":null}""", null)]
    public void Whole_number_is_read_however_it_is_written_and_null_counts_as_absent(string body, int? expected) =>
        Assert.Equal(expected, Read(body, Strict.SearchRequest).Value!.MaxResults);

    [Fact]
    public void Name_of_an_unknown_field_is_not_repeated_when_it_is_long()
    {
        var error = Read($$"""{"{{new string('x', 10_000)}}":1}""", Strict.ChatRequest).Error!;

        Assert.InRange(error.Path!.Length, 1, 200);
    }

    private static void AssertError<T>(string body, JsonTypeInfo<T> type, string path, string message)
        where T : class
    {
        var read = Read(body, type);

        Assert.Equal((ErrorCode.InvalidRequest, path, message), (read.Error!.Code, read.Error.Path, read.Error.Message));
    }

    private static Result<T> Read<T>(string body, JsonTypeInfo<T> type)
        where T : class =>
        RequestJson.Read(Encoding.UTF8.GetBytes(body), type);
}
