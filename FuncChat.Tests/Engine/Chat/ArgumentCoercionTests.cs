using System.Text.Json;
using FuncChat.Engine.Chat;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Engine.Chat;

public sealed class ArgumentCoercionTests
{
    private static readonly JsonElement Schema = JsonElement.Parse("""
        {"type":"object","required":["text"],"properties":{"text":{"type":"string"},"count":{"type":"integer"},"share":{"type":"number"},
        "flag":{"type":["boolean","null"]},"any":{},"list":{"type":"array","items":{"type":["integer","number"]}}}}
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
    [InlineData("""{"text":"a","count":"9007199254740993"}""", """{"text":"a","count":9007199254740993}""")]
    [InlineData("""{"text":"a","count":"-99999999999999999999"}""", """{"text":"a","count":-99999999999999999999}""")]
    [InlineData("""{"text":"a","count":"9007199254740993.0"}""", """{"text":"a","count":9007199254740993}""")]
    [InlineData("""{"text":"a","count":9007199254740993.0}""", """{"text":"a","count":9007199254740993}""")]
    [InlineData("""{"text":"a","count":1e20}""", """{"text":"a","count":100000000000000000000}""")]
    [InlineData("""{"text":"a","count":"9007199254740993.5"}""", """{"text":"a","count":"9007199254740993.5"}""")]
    [InlineData("""{"text":"a","count":"1e999999999"}""", """{"text":"a","count":"1e999999999"}""")]
    [InlineData("""{"text":"a","share":"0.1234567890123456789"}""", """{"text":"a","share":0.1234567890123456789}""")]
    [InlineData("""{"text":"a","share":"9007199254740993"}""", """{"text":"a","share":9007199254740993}""")]
    [InlineData("""{"text":"a","share":" +007.1234567890123456789e1 "}""", """{"text":"a","share":7.1234567890123456789e1}""")]
    [InlineData("""{"text":"a","share":"-.5"}""", """{"text":"a","share":-0.5}""")]
    [InlineData("""{"text":"a","share":"5."}""", """{"text":"a","share":5}""")]
    [InlineData("""{"text":"a","share":"90071992547409930.e0"}""", """{"text":"a","share":90071992547409930e0}""")]
    [InlineData("""{"text":"a","share":"5.0"}""", """{"text":"a","share":5}""")]
    [InlineData("""{"text":"a","share":"0.5\u0000"}""", """{"text":"a","share":"0.5\u0000"}""")]
    [InlineData("""{"text":"a","list":["9007199254740993"],"share":"0.5"}""", """{"text":"a","list":[9007199254740993],"share":0.5}""")]
    [InlineData("""{"text":"a","text":"b"}""", """{"text":"a","text":"b"}""")]
    public void Value_is_read_in_the_type_of_its_schema_where_it_says_the_same(string arguments, string expected) =>
        Assert.Equal(expected, ArgumentCoercion.Apply(arguments, Schema));

    [Theory]
    [InlineData("""{"edits":"[{\"line\":\"5\"}]"}""", """{"edits":[{"line":5}]}""")]
    [InlineData("""{"edits":["{\"line\":5}"]}""", """{"edits":[{"line":5}]}""")]
    [InlineData("""{"options":" {\"dry\":\"true\"}"}""", """{"options":{"dry":true}}""")]
    [InlineData("""{"edits":"{}","options":"[]"}""", """{"edits":"{}","options":"[]"}""")]
    [InlineData("""{"edits":"[1,","options":"{a"}""", """{"edits":"[1,","options":"{a"}""")]
    [InlineData("""{"edits":"[{\"line\":1,\"line\":2}]","text":"[1]"}""", """{"edits":"[{\"line\":1,\"line\":2}]","text":"[1]"}""")]
    public void List_or_object_in_a_text_is_read(string arguments, string expected) => Assert.True(JsonElement.DeepEquals(
        JsonElement.Parse(expected), JsonElement.Parse(ArgumentCoercion.Apply(arguments, JsonElement.Parse("""
        {"type":"object","properties":{"edits":{"type":"array","items":{"type":"object","properties":{"line":{"type":"integer"}}}},
        "options":{"type":"object","properties":{"dry":{"type":"boolean"}}},"text":{"type":"string"}}}
        """)))));

    [Theory]
    [InlineData("""{"edits":["{\"line\":\"5\"}",{"line":"6","next":{"line":"7"}}],"mode":"fast"}""", """{"edits":[{"line":5},{"line":6,"next":{"line":7}}],"mode":"fast"}""")]
    [InlineData("""{"count":"5","next":{"line":"6"},"edits":[]}""", """{"count":5,"next":{"line":6},"edits":[],"mode":"slow"}""")]
    [InlineData("""{"odd":"5","lost":"5","loop":"5","far":"5","mode":"fast"}""", """{"odd":5,"lost":"5","loop":"5","far":"5","mode":"fast"}""")]
    public void Values_and_defaults_are_read_in_the_types_of_definitions(string arguments, string expected) => Assert.True(JsonElement.DeepEquals(
        JsonElement.Parse(expected), JsonElement.Parse(ArgumentCoercion.Apply(arguments, JsonElement.Parse("""
        {"$ref":"#/$defs/Call","$defs":{
          "Call":{"type":"object","required":["mode"],"properties":{"edits":{"type":"array","items":{"$ref":"#/$defs/Edit"}},"count":{"$ref":"#/$defs/Count"},
            "next":{"anyOf":[{"$ref":"#/$defs/Edit"},{"type":"null"}]},"mode":{"$ref":"#/$defs/Mode"},"odd":{"$ref":"#/$defs/An%20~1odd~0~1name"},
            "lost":{"$ref":"#/$defs/Missing"},"loop":{"$ref":"#/$defs/Loop"},"far":{"$ref":"https://example.com/schema#/$defs/Count"}}},
          "Edit":{"type":"object","properties":{"line":{"$ref":"#/$defs/Count"},"next":{"$ref":"#/$defs/Edit"}}},
          "Count":{"type":"integer"},"Mode":{"type":"string","default":"slow"},"An /odd~/name":{"type":"integer"},
          "Loop":{"anyOf":[{"$ref":"#/$defs/Loop"},{"$ref":"#/$defs/Loop"},{"$ref":"#/$defs/Loop"},{"$ref":"#/$defs/Loop"},{"$ref":"#/$defs/Loop"}]}}}
        """)))));

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

    [Theory]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"null"}],"default":"5"}""", """{"a":5}""")]
    [InlineData("""{"oneOf":[{"type":"integer","default":"5"},{"type":"boolean"}]}""", """{"a":5}""")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"string"}],"default":"5"}""", """{"a":"5"}""")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"const":"5"}],"default":"5"}""", """{"a":"5"}""")]
    [InlineData("""{"type":"string","default":5}""", """{"a":"5"}""")]
    [InlineData("""{"type":["string","null"],"default":true}""", """{"a":"true"}""")]
    [InlineData("""{"type":"integer","default":5.0}""", """{"a":5}""")]
    [InlineData("""{"type":"integer","default":"9007199254740993"}""", """{"a":9007199254740993}""")]
    [InlineData("""{"type":"integer","default":"many"}""", "{}")]
    [InlineData("""{"type":"array","default":{}}""", "{}")]
    [InlineData("""{"type":"array","items":{"type":"integer"},"default":["5"]}""", """{"a":[5]}""")]
    [InlineData("""{"type":"object","required":["b"],"properties":{"b":{"type":"integer","default":"5"}},"default":{}}""", """{"a":{"b":5}}""")]
    [InlineData("""{"type":"string","default":null}""", "{}")]
    public void Default_is_read_in_any_type_of_its_schema_and_is_none_where_it_fits_none(string property, string expected) => Assert.Equal(
        expected, ArgumentCoercion.Apply("{}", JsonElement.Parse($$"""{"type":"object","required":["a"],"properties":{"a":{{property}} } }""")));

    [Theory]
    [InlineData("""{"a":{}}""", """{"a":{"b":5}}""")]
    [InlineData("""{"a":{"b":null,"c":null,"d":"x"}}""", """{"a":{"b":5,"d":"x"}}""")]
    [InlineData("""{"a":{"b":"6"},"list":["7",{"b":"8"},{}]}""", """{"a":{"b":6},"list":["7",{"b":8},{"b":5}]}""")]
    [InlineData("""{"a":null,"list":null}""", """{"a":null}""")]
    [InlineData("""{"a":[{"b":"6"}],"list":{"b":"6"}}""", """{"a":[{"b":"6"}],"list":{"b":"6"}}""")]
    [InlineData("""{"a":{"b":6},"two":{"x":"1"}}""", """{"a":{"b":6},"two":{"x":"1"}}""")]
    public void Values_and_defaults_in_nested_objects_are_read_in_the_types_of_their_schemas(string arguments, string expected)
    {
        const string Inner = """{"type":"object","required":["b"],"properties":{"b":{"type":"integer","default":"5"},"c":{"type":"string"}}}""";
        var schema = JsonElement.Parse($$"""
            {"type":"object","properties":{"a":{"anyOf":[{{Inner}},{"type":"null"}]},"list":{"type":"array","items":{{Inner}}},
            "two":{"oneOf":[{"type":"object","properties":{"x":{"type":"integer"} } },{"type":"object","properties":{"x":{"type":"string"} } }]} } }
            """);

        Assert.Equal(expected, ArgumentCoercion.Apply(arguments, schema));
    }

    [Fact]
    public void Items_after_those_with_schemas_of_their_own_are_read_in_their_type() => Assert.Equal("""{"a":["1",2]}""", ArgumentCoercion.Apply(
        """{"a":["1","2"]}""", JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"array","prefixItems":[{"type":"string"}],"items":{"type":"integer"}}}}""")));

    [Theory]
    [InlineData(100, 50_000)]
    [InlineData(100_000, 1)]
    public void Defaults_are_not_repeated_without_end(int count, int length)
    {
        var arguments = $$"""{"list":[{{string.Join(',', Enumerable.Repeat("{}", count))}}]}""";
        var schema = JsonElement.Parse($$"""
            {"type":"object","properties":{"list":{"type":"array","items":{"type":"object","required":["a"],"properties":{"a":{"default":"{{new string('x', length)}}"} } } } } }
            """);

        Assert.Equal(arguments, ArgumentCoercion.Apply(arguments, schema));
    }

    [Theory]
    [InlineData("anyOf", """{"type":"integer"}""", 400)]
    [InlineData("type", "\"integer\"", 20_000)]
    public void References_are_not_followed_without_end(string keyword, string last, int count)
    {
        static string Repeated(string text, int count) => string.Join(',', Enumerable.Repeat(text, count));
        static string References(string name) => Repeated("{\"$ref\":\"#/$defs/" + name + "\"}", 10);
        var schema = JsonElement.Parse($$"""
            {"type":"object","properties":{"x":{"$ref":"#/$defs/a"} },"$defs":{
            "a":{"anyOf":[{{References("b")}}]},"b":{"anyOf":[{{References("c")}}]},"c":{"anyOf":[{{References("d")}}]},"d":{"{{keyword}}":[{{Repeated(last, count)}}]} } }
            """);

        Assert.Equal("""{"x":"5"}""", ArgumentCoercion.Apply("""{"x":"5"}""", schema));
    }

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
