using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;

namespace FuncChat.Tests.Engine.Chat;

/// <summary>How a model and a person read what is wrong with arguments and answers.</summary>
public sealed class SchemaErrorsTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","required":["b"]}},"required":["c"]}""", """{"a":{}}""", "a.b is missing; c is missing")]
    [InlineData("""{"type":"object","properties":{"a":{},"b":{}},"additionalProperties":false}""", """{"c":1}""", "c is not one of a, b")]
    [InlineData("""{"type":"object","additionalProperties":false}""", """{"c":1}""", "c is not allowed")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"a":5}""", "a must be a string")]
    [InlineData("""{"properties":{"a":{"type":"number"}}}""", """{"a":"x"}""", "a must be a number")]
    [InlineData("""{"properties":{"a":{"type":"integer"}}}""", """{"a":1.5}""", "a must be a whole number")]
    [InlineData("""{"properties":{"a":{"type":"boolean"}}}""", """{"a":"yes"}""", "a must be true or false")]
    [InlineData("""{"properties":{"a":{"type":"object"}}}""", """{"a":[]}""", "a must be an object")]
    [InlineData("""{"properties":{"a":{"type":"array"}}}""", """{"a":{}}""", "a must be an array")]
    [InlineData("""{"properties":{"a":{"type":"null"}}}""", """{"a":1}""", "a must be null")]
    [InlineData("""{"properties":{"a":{"type":["integer","null"]}}}""", """{"a":"x"}""", "a must be a whole number, or a must be null")]
    [InlineData("""{"properties":{"a":{"anyOf":[{"type":"integer"},{"type":"null"}]}}}""", """{"a":"x"}""", "a must be a whole number, or a must be null")]
    [InlineData("""{"properties":{"a":{"oneOf":[{"const":"x"},{"const":"y"}]}}}""", """{"a":"z"}""", "a must be one of \"x\", or a must be one of \"y\"")]
    [InlineData("""{"properties":{"a":{"anyOf":[{"const":1},{"const":2},{"const":3},{"const":4},{"const":5}]}}}""", """{"a":6}""", "a must match one of the alternatives")]
    [InlineData("""{"properties":{"a":{"allOf":[{"minLength":3},{"pattern":"^x"}]}}}""", """{"a":"b"}""", "a must have at least 3 characters; a must match the pattern ^x")]
    [InlineData("""{"properties":{"a":false}}""", """{"a":1}""", "a is not allowed")]
    [InlineData("""{"properties":{"a":{"enum":["x","y",1,null]}}}""", """{"a":"z"}""", """a must be one of "x", "y", 1, null""")]
    [InlineData("""{"properties":{"a":{"type":"string","minLength":1}}}""", """{"a":""}""", "a must have at least 1 character")]
    [InlineData("""{"properties":{"a":{"type":"string","maxLength":2}}}""", """{"a":"abc"}""", "a must have at most 2 characters")]
    [InlineData("""{"properties":{"a":{"type":"number","minimum":0.5}}}""", """{"a":0}""", "a must be at least 0.5")]
    [InlineData("""{"properties":{"a":{"type":"number","exclusiveMinimum":0}}}""", """{"a":0}""", "a must be more than 0")]
    [InlineData("""{"properties":{"a":{"type":"number","minimum":0,"exclusiveMinimum":true}}}""", """{"a":0}""", "a must be more than 0")]
    [InlineData("""{"properties":{"a":{"type":"integer","maximum":100}}}""", """{"a":101}""", "a must be at most 100")]
    [InlineData("""{"properties":{"a":{"type":"integer","exclusiveMaximum":100}}}""", """{"a":100}""", "a must be less than 100")]
    [InlineData("""{"properties":{"a":{"type":"integer","multipleOf":5}}}""", """{"a":7}""", "a must be a multiple of 5")]
    [InlineData("""{"properties":{"a":{"type":"array","minItems":1}}}""", """{"a":[]}""", "a must have at least 1 item")]
    [InlineData("""{"properties":{"a":{"type":"array","maxItems":1}}}""", """{"a":[1,2]}""", "a must have at most 1 item")]
    [InlineData("""{"properties":{"a":{"type":"array","uniqueItems":true}}}""", """{"a":[1,1]}""", "a must not have an item twice")]
    [InlineData("""{"properties":{"a":{"type":"array","items":{"type":"object","required":["b"]}}}}""", """{"a":[{"b":1},{}]}""", "a[1].b is missing")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", """{"a":1}""", "a must be a string")]
    [InlineData("""{"type":"object","minProperties":1}""", "{}", "the value must have at least 1 property")]
    [InlineData("""{"properties":{"a":{"type":"string","format":"email"}}}""", """{"a":"x"}""", "a must be an email address")]
    [InlineData("""{"properties":{"a":{"type":"string","format":"date"}}}""", """{"a":"x"}""", "a must be a date such as 2026-01-31")]
    [InlineData("""{"properties":{"a":{"type":"string","format":"date-time"}}}""", """{"a":"x"}""", "a must be a time such as 2026-01-31T12:00:00Z")]
    [InlineData("""{"properties":{"a":{"type":"string","format":"uri"}}}""", """{"a":"x"}""", "a must be a URI")]
    public async Task Error_says_where_and_what(string schema, string value, string expected) =>
        Assert.Equal($"The answer does not match the request's schema: {expected}.", await FindErrorAsync(schema, value));

    [Fact]
    public async Task Error_is_short_whatever_the_names_and_the_schema_are()
    {
        var name = new string('n', 10_000);
        var schema = $$"""{"type":"object","properties":{"a":{"enum":["{{new string('e', 10_000)}}"] } },"additionalProperties":false}""";

        var error = await FindErrorAsync(schema, $$"""{"a":1,"{{name}}":2,"b":1,"c":1,"d":1,"e":1,"f":1}""");

        Assert.InRange(error!.Length, 1, 1_000);
    }

    private static Task<string?> FindErrorAsync(string schema, string value) => ToolArguments.FindErrorAsync(JsonElement.Parse(schema), RawJson.Of(JsonElement.Parse(value)));
}
