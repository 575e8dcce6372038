using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using FuncChat.Engine.Models.Demo;
using Microsoft.Extensions.AI;

namespace FuncChat.Tests.Engine.Models.Demo;

public sealed class DemoNamedToolsTests
{
    private static readonly AIFunctionDeclaration[] Offered =
    [
        AIFunctionFactory.Create(([Range(1, 20)] int count) => count, "roll_dice"),
        AIFunctionFactory.Create((string city, string? units = null) => city + units, "get_weather"),
        AIFunctionFactory.Create((DayOfWeek day, bool loud, string[] names) => day, "ring"),
        AIFunctionFactory.Create((string question) => question, "research"),
    ];

    [Theory]
    [InlineData("roll_dice 3", """roll_dice {"count":3}""")]
    [InlineData("Please roll dice: 3!", """roll_dice {"count":3}""")]
    [InlineData("Use ROLL_DICE", """roll_dice {"count":1}""")]
    [InlineData("""get_weather {"city":"Ulm","units":"C"}""", """get_weather {"city":"Ulm","units":"C"}""")]
    [InlineData("get_weather Ulm.", """get_weather {"city":"Ulm"}""")]
    [InlineData("get_weather {not JSON}", """get_weather {"city":"{not JSON}"}""")]
    public void Tool_that_a_message_names_is_called_with_its_arguments(string message, string call) =>
        Assert.Equal([call], DemoNamedTools.In(message, Offered).Select(found => $"{found.Tool} {found.Arguments}"));

    [Fact]
    public void Tools_are_called_in_the_order_of_the_message() =>
        Assert.Equal(["get_weather", "roll_dice"], DemoNamedTools.In("get_weather Ulm, then roll_dice 2", Offered).Select(call => call.Tool));

    [Theory]
    [InlineData("controll_dice 3")]
    [InlineData("roll_dices 3")]
    [InlineData("my research is done")]
    [InlineData("")]
    public void No_tool_is_called_when_the_message_names_none(string message) => Assert.Empty(DemoNamedTools.In(message, Offered));

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":true},"required":["a"]}""", """{"a":"Ulm"}""")]
    [InlineData("""{"type":"object","properties":true,"required":["a"]}""", """{"a":null}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":[]}},"required":["a"]}""", """{"a":"Ulm"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":[null,"string"]}},"required":["a"]}""", """{"a":"Ulm"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"enum":{}}},"required":["a"]}""", """{"a":"Ulm"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":true}},"required":["a"]}""", """{"a":["Ulm"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{}},"required":"a"}""", "{}")]
    [InlineData("""{"type":"object","properties":{"a":{}},"required":[null,1,"a","a"]}""", """{"a":"Ulm"}""")]
    [InlineData("true", "{}")]
    public void Tool_is_called_when_its_schema_is_odd(string schema, string arguments)
    {
        var tool = AIFunctionFactory.CreateDeclaration("odd", null, JsonElement.Parse(schema));

        Assert.Equal(arguments, Assert.Single(DemoNamedTools.In("odd Ulm", [tool])).Arguments);
    }

    [Fact]
    public void Required_arguments_have_the_type_of_the_schema()
    {
        var call = Assert.Single(DemoNamedTools.In("ring for Ada", Offered));

        Assert.Contains("\"loud\":true", call.Arguments, StringComparison.Ordinal);
        Assert.Contains("\"names\":[\"for Ada\"]", call.Arguments, StringComparison.Ordinal);
    }
}
