namespace FuncChat.Tests.Tools.JavaScript;

public class TopLevelAwaitTests
{
    [Theory]
    [InlineData("await 5", "5")]
    [InlineData("await (5);", "5")]
    [InlineData("const a = await 5; a * 2", "10")]
    [InlineData("const a = await 5\na * 2 // twice", "10")]
    [InlineData("const [a, b] = await Promise.all([1, 2]);\na + b /* both */ ;// done", "3")]
    [InlineData("async function f() { return 1 }\nf(await 2)", "1")]
    [InlineData("for await (const x of [1, 2]) console.log(x);\n'end'", "\"end\"")]
    [InlineData("if (await true) { return 'early' }", "\"early\"")]
    [InlineData("(async () => { return await 3 })()", "3")]
    [InlineData("'await'.length", "5")]
    [InlineData("Promise.resolve({ a: 1 })", "{\"a\":1}")]
    public async Task Value_of_the_last_expression_is_awaited(string code, string expected)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.Null(script.Error);
        Assert.Equal(expected, script.Value?.GetRawText());
    }

    [Theory]
    [InlineData("await null.x", "TypeError: Cannot read properties of null (reading 'x')\n    at script.js:1:12")]
    [InlineData("const a = await 1\n\nnull.x", "TypeError: Cannot read properties of null (reading 'x')\n    at script.js:3:6")]
    [InlineData("await 1; let x = ;", "SyntaxError: Unexpected token ';' (script.js:1:18)")]
    public async Task Error_has_the_position_in_the_script_as_it_was_written(string code, string expected)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.Equal(expected, script.Error);
    }
}
