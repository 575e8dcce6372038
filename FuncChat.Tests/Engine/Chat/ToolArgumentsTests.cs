using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Tools;
using Microsoft.Extensions.AI;

namespace FuncChat.Tests.Engine.Chat;

public sealed class ToolArgumentsTests
{
    [Theory]
    [InlineData("""{"properties":{"x":true}}""", """{"x":1}""")]
    [InlineData("""{"properties":{"x":{}}}""", """{"x":1}""")]
    [InlineData("""{"properties":{"x":false},"additionalProperties":true}""", """{"y":1}""")]
    [InlineData("""{"properties":{"x":{"type":"array","items":true}}}""", """{"x":[1,"a"]}""")]
    [InlineData("""{"properties":{"x":{"type":"array","items":false}}}""", """{"x":[]}""")]
    [InlineData("""{"properties":{"x":{"type":"array","prefixItems":[{"type":"integer"}],"items":false}}}""", """{"x":[1]}""")]
    [InlineData("""{"properties":{"x":{"type":"array","prefixItems":[true,{"type":"integer"}],"items":{"type":"string"}}}}""", """{"x":["a",1,"b"]}""")]
    [InlineData("""{"properties":{"x":{"additionalProperties":true}},"additionalProperties":{"type":"integer"}}""", """{"x":{"a":1},"y":1}""")]
    [InlineData("""{"properties":{},"patternProperties":{"^x":true},"additionalProperties":false}""", """{"x":1}""")]
    [InlineData("""{"properties":{"x":{"anyOf":[true,false]},"y":{"allOf":[true]},"z":{"not":false}}}""", """{"x":1,"y":1,"z":1}""")]
    [InlineData("""{"properties":{"x":{"not":{"contains":true}}}}""", """{"x":1}""")]
    [InlineData("""{"properties":{"x":{"oneOf":[{"const":"a","title":"A"},{"const":"b","title":"B"}]}}}""", """{"x":"b"}""")]
    [InlineData("""{"properties":{"x":{"oneOf":[{"type":"string","contentEncoding":"base64"},{"type":"string","if":true}]}}}""", """{"x":"b"}""")]
    [InlineData("""{"properties":{"x":{"$ref":"#/$defs/Any"}},"$defs":{"Any":true},"definitions":{"None":false}}""", """{"x":1}""")]
    [InlineData("""{"properties":{"x":{"$ref":"#/$defs/none"},"y":{"$ref":"#anchor"},"z":{"$ref":"#/$defs"}},"$defs":{}}""", """{"x":1,"y":1,"z":1}""")]
    [InlineData("""{"properties":{"x":{"$ref":"#/$defs/Loop"}},"$defs":{"Loop":{"$ref":"#/$defs/Loop"}}}""", """{"x":1}""")]
    [InlineData("""{"properties":{"x":{"$ref":"#/$defs/Loop"}},"$defs":{"Loop":{"anyOf":[{"$ref":"#/$defs/Loop"},{"allOf":[{"$ref":"#/properties/x"}]}]}}}""", """{"x":1}""")]
    [InlineData("""{"properties":{"x":{"type":"string","minLength":1.0,"maxLength":1e3}}}""", """{"x":"a"}""")]
    [InlineData("""{"properties":{"x":{"type":"number","minimum":-1e400,"maximum":1e10,"multipleOf":0}}}""", """{"x":1}""")]
    [InlineData("""{"properties":{"x":{"type":"string","pattern":"(?<a"}}}""", """{"x":"a"}""")]
    [InlineData("""{"properties":{"x":{"type":"file","description":{},"uniqueItems":"x","x-enumNames":5}},"required":[null]}""", """{"x":"a"}""")]
    [InlineData("""{"properties":{"x":{"if":true,"then":false,"propertyNames":false,"unevaluatedProperties":false,"dependentSchemas":{"a":true}}}}""", """{"x":{"a":1}}""")]
    [InlineData("""{"properties":{"x":{"type":"integer"},"y":{"type":"number","minimum":-1e30}}}""", """{"x":99999999999999999999,"y":-99999999999999999999}""")]
    [InlineData("""{"properties":{"x":{"const":"2023-06-01T00:00:00Z"},"y":{"enum":["2026-01-31T12:00:00.100+02:00","/Date(1)/"]}}}""", """{"x":"2023-06-01T00:00:00Z","y":"/Date(1)/"}""")]
    [InlineData("""{"properties":{"x":{"const":{"a":1,"b":[]}},"y":{"enum":[[1, 2]]}}}""", """{"x":{"b":[],"a":1},"y":[1,2]}""")]
    [InlineData("""{"properties":{"x":{"enum":[100000000000000000000,1.0]}}}""", """{"x":100000000000000000000}""")]
    public async Task Part_of_a_schema_that_cannot_be_checked_forbids_nothing(string schema, string arguments)
    {
        Assert.Null(await FindErrorAsync(schema, arguments));
        Assert.Null(await ToolArguments.FindErrorAsync(JsonElement.Parse(schema), new RawJson(Encoding.UTF8.GetBytes(arguments))));
    }

    [Theory]
    [InlineData("""{"properties":{"x":false}}""", """{"x":1}""")]
    [InlineData("""{"properties":{"x":true,"y":{"type":"integer"}}}""", """{"y":"a"}""")]
    [InlineData("""{"properties":{"x":{"type":"array","items":false}}}""", """{"x":[1]}""")]
    [InlineData("""{"properties":{"x":{"type":"array","prefixItems":[{"type":"integer"}],"items":false}}}""", """{"x":[1,2]}""")]
    [InlineData("""{"properties":{"x":{"type":"array","prefixItems":[{"type":"integer"}]}}}""", """{"x":["a"]}""")]
    [InlineData("""{"properties":{"x":true},"additionalProperties":false}""", """{"y":1}""")]
    [InlineData("""{"properties":{"x":true,"y":true},"required":["y"]}""", """{"x":1}""")]
    [InlineData("""{"properties":{"x":{"oneOf":[{"const":"a"},{"const":"b"}]}}}""", """{"x":"c"}""")]
    [InlineData("""{"properties":{"x":{"$ref":"#/$defs/A%20b~1c/anyOf/1"}},"$defs":{"A b/c":{"anyOf":[true,{"type":"integer"}]}}}""", """{"x":"a"}""")]
    [InlineData("""{"properties":{"x":{"$ref":"#/$defs/Node"}},"$defs":{"Node":{"type":"object","properties":{"next":{"$ref":"#/$defs/Node"},"any":true}}}}""", """{"x":{"next":{"next":1}}}""")]
    [InlineData("""{"properties":{"x":{"$ref":"#/$defs/Loop"}},"$defs":{"Loop":{"type":"integer","allOf":[{"$ref":"#/$defs/Loop"}]}}}""", """{"x":"a"}""")]
    [InlineData("""{"properties":{"x":{"type":"integer","minimum":10,"maximum":1e1}}}""", """{"x":99999999999999999999}""")]
    [InlineData("""{"properties":{"x":{"type":"integer","minimum":1}}}""", """{"x":-99999999999999999999}""")]
    [InlineData("""{"properties":{"x":{"type":"number","exclusiveMinimum":1}}}""", """{"x":1}""")]
    public async Task Rest_of_a_schema_with_such_parts_is_checked(string schema, string arguments)
    {
        Assert.NotNull(await FindErrorAsync(schema, arguments));
        Assert.NotNull(await ToolArguments.FindErrorAsync(JsonElement.Parse(schema), new RawJson(Encoding.UTF8.GetBytes(arguments))));
    }

    [Fact]
    public async Task References_that_multiply_are_not_followed_without_end()
    {
        static string AnyOf(string name) => $$"""{"anyOf":[{{string.Join(',', Enumerable.Repeat($$"""{"$ref":"#/$defs/{{name}}"}""", 10))}}]}""";
        var levels = string.Join(',', Enumerable.Range(1, 20).Select(level => $"\"L{level}\":{AnyOf($"L{level - 1}")}"));
        var schema = $$"""{"properties":{"x":{"$ref":"#/$defs/L20"} },"$defs":{"L0":{"type":"integer"},{{levels}} } }""";

        Assert.Null(await FindErrorAsync(schema, """{"x":"a"}"""));
    }

    [Fact]
    public async Task Alternatives_that_multiply_with_each_level_of_the_arguments_are_not_all_tried()
    {
        const string Either = """{"type":"object","properties":{"x":{"$ref":"#/$defs/A"} },"required":["y"]}""";
        var schema = $$"""{"properties":{"x":{"$ref":"#/$defs/A"} },"$defs":{"A":{"anyOf":[{{Either}},{{Either}}]} } }""";
        var arguments = string.Concat(Enumerable.Repeat("""{"x":""", 40)) + "{}" + new string('}', 40);

        Assert.Null(await FindErrorAsync(schema, arguments));
    }

    /// <summary>Without a bound, each takes minutes or more.</summary>
    [Fact]
    public async Task Names_and_values_that_multiply_with_the_items_of_the_arguments_are_not_all_looked_at()
    {
        static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count));
        static string AnyOf(string name, int count) => $$"""{"anyOf":[{{string.Join(',', Enumerable.Repeat($$"""{"$ref":"#/$defs/{{name}}"}""", count))}}]}""";
        var names = string.Join(',', Enumerable.Range(0, 3000).Select(number => $"\"p{number}\":true"));

        Assert.Null(await FindErrorAsync($$"""{"properties":{"x":{"type":"array","items":{"properties":{ {{names}} } } } } }""", $$"""{"x":[{{string.Join(',', Enumerable.Repeat("{}", 100_000))}}]}"""));
        Assert.Null(await FindErrorAsync(
            $$"""{"properties":{"x":{{AnyOf("e", 90)}} },"$defs":{"e":{"enum":[{{Numbers(1000)}}]} } }""", $$"""{"x":["{{new string('s', 1_000_000)}}"]}"""));
        Assert.Null(await FindErrorAsync($$"""{"properties":{"x":{"enum":[{{Numbers(900)}}]} } }""", $$"""{"x":[{{Numbers(100_000)}}]}"""));
        Assert.Null(await FindErrorAsync(
            $$"""{"properties":{"x":{"$ref":"#/$defs/c"} },"$defs":{"c":{{AnyOf("b", 15)}},"b":{{AnyOf("e", 30)}},"e":{"type":"array","enum":[{{Numbers(900)}}]} } }""",
            $$"""{"x":[{{Numbers(100_000)}}]}"""));
    }

    /// <summary>Without a bound, it takes longer than anyone waits, and can't be canceled.</summary>
    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(?=(a+)+b)")]
    public async Task Pattern_that_backtracks_without_end_forbids_nothing(string pattern) => Assert.Null(await FindErrorAsync(
        $$"""{"properties":{"x":{"type":"string","pattern":"{{pattern}}"} } }""", $$"""{"x":"{{new string('a', 100)}}!"}"""));

    [Theory]
    [InlineData("""{"properties":{"x":{"type":["string","null"],"pattern":"^b"}}}""", """{"x":"a"}""", """{"x":null}""")]
    [InlineData("""{"properties":{"x":{"type":"array","items":{"pattern":"^b"}}}}""", """{"x":["b","a"]}""", """{"x":["b",1]}""")]
    [InlineData("""{"properties":{"x":{"anyOf":[{"pattern":"^b"},{"pattern":"^c"}]}}}""", """{"x":"a"}""", """{"x":"c"}""")]
    [InlineData("""{"properties":{"x":{"$ref":"#/$defs/b"}},"$defs":{"b":{"type":"string","pattern":"^b"}}}""", """{"x":"a"}""", """{"x":"b"}""")]
    [InlineData("""{"properties":{"pattern":{"type":"string","pattern":"^b"}}}""", """{"pattern":"a"}""", """{"pattern":"b"}""")]
    [InlineData("""{"properties":{"x":{"type":"string","x-pattern":"^c","pattern":"^b"}}}""", """{"x":"c"}""", """{"x":"b"}""")]
    public async Task Pattern_is_checked_wherever_a_schema_has_one(string schema, string wrong, string right)
    {
        Assert.Contains("must match the pattern", await FindErrorAsync(schema, wrong), StringComparison.Ordinal);
        Assert.Null(await FindErrorAsync(schema, right));
    }

    [Fact]
    public async Task Properties_whose_names_match_a_pattern_are_allowed_when_a_source_of_tools_has_the_pattern_removed()
    {
        var schema = ToolSchema.Clean(JsonElement.Parse("""{"properties":{"x":{"patternProperties":{"^y":true},"additionalProperties":false} } }"""))!.Value;

        Assert.Null(await FindErrorAsync(schema.GetRawText(), """{"x":{"y1":1}}"""));
    }

    private static Task<string?> FindErrorAsync(string schema, string arguments) => new ToolArguments().FindErrorAsync(new Tool(new Described(JsonElement.Parse(schema))), arguments);

    private sealed class Described(JsonElement schema) : AIFunction
    {
        public override string Name => "described";

        public override JsonElement JsonSchema => schema;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new("done");
    }
}
