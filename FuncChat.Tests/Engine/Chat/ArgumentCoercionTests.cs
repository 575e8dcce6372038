using System.Text.Json;
using FuncChat.Engine.Chat;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Chat;

public sealed class ArgumentCoercionTests
{
    private static readonly JsonElement Schema = JsonElement.Parse("""
        {"type":"object","required":["text"],"properties":{"text":{"type":"string"},"count":{"type":"integer"},"share":{"type":"number"},
        "flag":{"type":["boolean","null"]},"any":{}}}
        """);

    [Theory]
    [InlineData("""{"text":"a","count":"5"}""", """{"text":"a","count":5}""")]
    [InlineData("""{"text":"a","count":5.0}""", """{"text":"a","count":5}""")]
    [InlineData("""{"text":"a","count":5e0}""", """{"text":"a","count":5}""")]
    [InlineData("""{"text":"a","count":" 5 "}""", """{"text":"a","count":5}""")]
    [InlineData("""{"text":"a","share":"0.5"}""", """{"text":"a","share":0.5}""")]
    [InlineData("""{"text":"a","flag":"true"}""", """{"text":"a","flag":true}""")]
    [InlineData("""{"text":"a","count":null}""", """{"text":"a"}""")]
    [InlineData("""{"text":"5","any":"5"}""", """{"text":"5","any":"5"}""")]
    [InlineData("""{"text":"a","flag":null}""", """{"text":"a","flag":null}""")]
    [InlineData("""{"text":null}""", """{"text":null}""")]
    [InlineData("""{"text":"a","count":5.5}""", """{"text":"a","count":5.5}""")]
    [InlineData("""{"text":"a","count":"5.5"}""", """{"text":"a","count":"5.5"}""")]
    [InlineData("""{"text":"a","count":"many"}""", """{"text":"a","count":"many"}""")]
    [InlineData("""{"text":"a","count":99999999999999999999}""", """{"text":"a","count":99999999999999999999}""")]
    [InlineData("""{"text":"a","share":"NaN"}""", """{"text":"a","share":"NaN"}""")]
    [InlineData("""{"text":"a","text":"b"}""", """{"text":"a","text":"b"}""")]
    public void Value_is_read_in_the_type_of_its_schema_where_it_says_the_same(string arguments, string expected) =>
        Assert.Equal(expected, ArgumentCoercion.Apply(arguments, Schema));

    [Theory]
    [InlineData("{}", """{"scale":"css","deep":{"a":[1]}}""")]
    [InlineData("""{"scale":null,"deep":1}""", """{"scale":"css","deep":1}""")]
    [InlineData("""{"scale":"device","deep":{}}""", """{"scale":"device","deep":{}}""")]
    [InlineData("""{"scale":"css","deep":2,"free":null}""", """{"scale":"css","deep":2}""")]
    public void Required_property_that_is_missing_has_its_default(string arguments, string expected) => Assert.Equal(expected, ArgumentCoercion.Apply(arguments, JsonElement.Parse("""
        {"type":"object","required":["scale","deep","name",null],"properties":{"name":{"type":"string"},"free":{"type":"string","default":"x"},
        "scale":{"type":"string","default":"css"},"deep":{"default":{"a":[1]}}}}
        """)));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"count":null}""")]
    public void Default_is_read_in_the_type_of_its_schema(string arguments) => Assert.Equal(
        """{"count":5}""", ArgumentCoercion.Apply(arguments, JsonElement.Parse("""{"type":"object","required":["count"],"properties":{"count":{"type":"integer","default":"5"}}}""")));

    [Fact]
    public async Task Tool_is_run_when_its_arguments_are_encoded_twice()
    {
        using var bench = new TurnBench();
        bench.Model.Calls(("a", GatedTools.Echo, JsonSerializer.Serialize("""{"text":"x"}"""))).Says("Done.");

        var events = await bench.RunAsync(GatedTools.Echo);

        Assert.Equal("x", events.Single(e => e.Name == "tool_call_result").Text("content"));
        Assert.Equal("""{"text":"x"}""", events.Single(e => e.Name == "tool_call_start").Text("arguments"));
    }
}
