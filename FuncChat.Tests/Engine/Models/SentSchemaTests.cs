using System.Text.Json;
using FuncChat.Engine.Models;

namespace FuncChat.Tests.Engine.Models;

/// <summary>Schemas of tools that providers refuse as they are.</summary>
public sealed class SentSchemaTests
{
    [Theory]
    [InlineData(
        """{"type":"object","anyOf":[{"type":"object","properties":{"content":{"type":"string"}},"required":["content"]},{"properties":{"url":{"type":"string"}},"required":["url"]}]}""",
        """{"type":"object","properties":{"content":{"type":"string"},"url":{"type":"string"}}}""")]
    [InlineData(
        """{"type":"object","properties":{"route":{"type":"string"},"file":{}},"required":["route"],"oneOf":[{"required":["route"]},{"required":["file"]}],"additionalProperties":false}""",
        """{"type":"object","properties":{"route":{"type":"string"},"file":{}},"required":["route"],"additionalProperties":false}""")]
    [InlineData(
        """{"allOf":[{"properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{},"a":{}},"required":["b"]}],"properties":{"b":{"type":"integer"}},"title":"T"}""",
        """{"type":"object","properties":{"b":{"type":"integer"},"a":{"type":"string"}},"required":["a","b"],"title":"T"}""")]
    [InlineData(
        """{"oneOf":[{"properties":{"kind":{"const":"a"},"x":{"type":"string"}},"required":["kind","x"]},{"properties":{"kind":{"enum":["b","c"]},"x":{"type":"number"}},"required":["x","kind"]}]}""",
        """{"type":"object","properties":{"kind":{"type":"string","enum":["a","b","c"]},"x":{"anyOf":[{"type":"string"},{"type":"number"}]}},"required":["kind","x"]}""")]
    [InlineData(
        """{"anyOf":[{"$ref":"#/$defs/A"},{"$ref":"#/$defs/B~1b"},{"type":"null"},false],"$defs":{"A":{"properties":{"a":{"$ref":"#/$defs/N"}},"required":["a"]},"B/b":{"allOf":[{"$ref":"#/$defs/A"}],"properties":{"b":{}}},"N":{"type":"number"}}}""",
        """{"type":"object","properties":{"a":{"$ref":"#/$defs/N"},"b":{}},"required":["a"],"$defs":{"A":{"properties":{"a":{"$ref":"#/$defs/N"}},"required":["a"]},"B/b":{"allOf":[{"$ref":"#/$defs/A"}],"properties":{"b":{}}},"N":{"type":"number"}}}""")]
    [InlineData("""{"$ref":"#/$defs/A","$defs":{"A":{"properties":{"a":{}},"anyOf":[{"$ref":"#"},{"$ref":"https://example.org/x"}]}}}""",
        """{"type":"object","properties":{"a":{}},"$defs":{"A":{"properties":{"a":{}},"anyOf":[{"$ref":"#"},{"$ref":"https://example.org/x"}]}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{}},"not":{"required":["a"]}}""", """{"type":"object","properties":{"a":{}}}""")]
    [InlineData("""{"type":["object","null"],"properties":{"a":{}}}""", """{"type":"object","properties":{"a":{}}}""")]
    [InlineData("{}", """{"type":"object","properties":{}}""")]
    [InlineData("true", """{"type":"object","properties":{}}""")]
    [InlineData("""{"properties":{"a":{"anyOf":[{},{}]}},"type":"object","required":["a"],"description":"D"}""", """{"properties":{"a":{"anyOf":[{},{}]}},"type":"object","required":["a"],"description":"D"}""")]
    [InlineData("""{"anyOf":5,"allOf":[5,{"properties":[]},{"required":"a"},{"required":[5]}],"oneOf":[],"properties":7}""", """{"type":"object","properties":{}}""")]
    public void Alternatives_at_the_top_become_properties(string schema, string sent) =>
        Assert.Equal(sent, SentSchema.Of(JsonElement.Parse(schema)).GetRawText());

    [Theory]
    [InlineData("""{"$ref":"#/anyOf/0/properties/a"}""")]
    [InlineData("""{"$ref":"#\/anyOf\/0"}""")]
    [InlineData("""{"items":[{"$ref":"\u0023/%61nyOf/0"}]}""")]
    [InlineData("""{"$ref":"https://example.org/s#/anyOf/0"}""")]
    [InlineData("""{"$ref":"#/not"}""")]
    public void Schema_that_refers_to_an_alternative_is_sent_as_it_is(string property)
    {
        var schema = $$$$"""{"type":"object","$id":"https://example.org/s","anyOf":[{"properties":{"a":{}}},{"properties":{"b":{{{{property}}}}}}],"not":{"required":["c"]}}""";

        Assert.Equal(schema, SentSchema.Of(JsonElement.Parse(schema)).GetRawText());
    }

    [Theory]
    [InlineData("""{"const":"#/anyOf/0"}""")]
    [InlineData("""{"description":"Such as #/anyOf/0"}""")]
    [InlineData("""{"properties":{"$ref":{"type":"string"},"anyOf":{"$ref":"#/properties/a"}}}""")]
    public void Text_that_looks_like_a_reference_is_none(string property) =>
        Assert.Equal(
            $$$"""{"type":"object","properties":{"a":{},"b":{{{property}}}}}""",
            SentSchema.Of(JsonElement.Parse($$$$"""{"properties":{"a":{}},"anyOf":[{"properties":{"b":{{{{property}}}}}}]}""")).GetRawText());

    [Fact]
    public void Property_with_too_many_forms_takes_any_value()
    {
        var alternatives = Enumerable.Range(0, 200).Select(number => new { properties = new { x = new { maximum = number } } });

        Assert.Equal("""{"type":"object","properties":{"x":{}}}""", SentSchema.Of(JsonSerializer.SerializeToElement(new { anyOf = alternatives })).GetRawText());
    }

    [Fact]
    public void Alternatives_that_multiply_are_read_in_bounded_work()
    {
        var names = Enumerable.Range(0, 2000).ToDictionary(number => $"p{number}", _ => new { });
        var definitions = Enumerable.Range(0, 40).ToDictionary(
            number => $"d{number}",
            object (number) => new
            {
                properties = names,
                required = names.Keys,
                anyOf = Enumerable.Repeat(Reference(number + 1), 200),
                allOf = Enumerable.Repeat(Reference(number + 1), 200),
            });
        var schema = JsonSerializer.SerializeToElement(new { allOf = Enumerable.Repeat(Reference(0), 20_000), anyOf = Enumerable.Repeat(Reference(1), 20_000), definitions });

        Assert.Equal("object", SentSchema.Of(schema).GetProperty("type").GetString());

        static Dictionary<string, string> Reference(int number) => new() { ["$ref"] = $"#/definitions/d{number}" };
    }
}
