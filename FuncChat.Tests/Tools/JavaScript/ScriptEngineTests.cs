namespace FuncChat.Tests.Tools.JavaScript;

public class ScriptEngineTests
{
    [Theory]
    [InlineData("require")]
    [InlineData("process")]
    [InlineData("importNamespace")]
    [InlineData("System")]
    [InlineData("clrHelper")]
    [InlineData("fetch")]
    [InlineData("Function('return this')().System")]
    [InlineData("console.log.constructor('return this')().importNamespace")]
    [InlineData("({}).GetType")]
    [InlineData("console.GetType")]
    [InlineData("console.log.GetType")]
    [InlineData("console.log.Method")]
    [InlineData("ShadowRealm")]
    [InlineData("WebAssembly")]
    [InlineData("host")]
    [InlineData("send")]
    [InlineData("Object.values(EngineInternal).map(f => f.GetType).find(Boolean)")]
    [InlineData("setTimeout.constructor('return this')().send")]
    public async Task Script_reaches_nothing_of_the_host(string expression)
    {
        var script = await InProcessScript.RunAsync($"typeof {expression}");

        Assert.Equal("undefined", script.Value?.GetString());
    }

    [Theory]
    [InlineData("new Date(0).toLocaleString('en-US', { timeZone: 'Asia/Tokyo' })", "1/1/1970, 9:00:00 AM")]
    [InlineData("new Date(0).getTimezoneOffset() + Intl.DateTimeFormat().resolvedOptions().timeZone", "0UTC")]
    [InlineData("undeclared = 'sloppy'", "sloppy")]
    [InlineData("'a-b'.replace(/(?<first>a)-/u, '$<first>+')", "a+b")]
    public async Task Script_has_the_language_as_models_write_it(string code, string expected)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.Equal(expected, script.Value?.GetString());
    }
}
