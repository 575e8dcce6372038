namespace FuncChat.Tests.Tools.JavaScript;

public class ScriptConsoleTests
{
    [Fact]
    public async Task Console_keeps_the_order_of_all_its_methods()
    {
        var script = await InProcessScript.RunAsync(
            "console.log(1); console.info(2); console.warn(3); console.error(4); console.debug(5); console.trace(6); console.dir(7); console.table([8])");

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "| (index) | Values |\n|---|---|\n| 0 | 8 |"], script.Console);
        Assert.Equal("undefined", script.Value?.GetString());
    }

    [Theory]
    [InlineData("console.log()", "")]
    [InlineData("console.log('a', 1, 'b c')", "a 1 b c")]
    [InlineData("console.log('two\\nlines')", "two\nlines")]
    [InlineData("console.log({ text: 'a\\nb' }, [null, undefined])", "{ text: 'a\\nb' } [ null, undefined ]")]
    [InlineData("console.error(new TypeError('bad'))", "TypeError: bad\n    at script.js:1:15")]
    [InlineData("const { log } = console; log('detached')", "detached")]
    [InlineData("console.log('%s is %d, %i, %j %o %%', 'Bob', 42.5, 42.5, { a: 1 }, [1], 'rest')", "Bob is 42.5, 42, {\"a\":1} [ 1 ] % rest")]
    [InlineData("console.log('100%', 5, '%s')", "100% 5 %s")]
    [InlineData("console.log('%s %s', 'one')", "one %s")]
    [InlineData("console.table([{ a: 1, b: 'x' }, { a: 2 }])", "| (index) | a | b |\n|---|---|---|\n| 0 | 1 | 'x' |\n| 1 | 2 |  |")]
    [InlineData("console.table([{ a: 1, b: 'x' }, { a: 2, b: 'y' }], ['b'])", "| (index) | b |\n|---|---|\n| 0 | 'x' |\n| 1 | 'y' |")]
    [InlineData("console.table(new Map([['k', 5], [2, { a: 1 }]]))", "| (index) | a | Values |\n|---|---|---|\n| 'k' |  | 5 |\n| 2 | 1 |  |")]
    [InlineData("console.table(new Set(['x', 'y']))", "| (index) | Values |\n|---|---|\n| 0 | 'x' |\n| 1 | 'y' |")]
    [InlineData("console.timeStamp('a'); console.profile(); console.profileEnd(); console.log('only')", "only")]
    [InlineData("console.assert(1 === 2, 'no', 5)", "Assertion failed: no 5")]
    [InlineData("console.assert(true, 'yes'); console.log('only')", "only")]
    [InlineData("console.countReset('c'); console.count('c')", "c: 1")]
    public async Task Console_writes_values_as_node_does(string code, string expected)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.Equal([expected], script.Console);
    }

    [Fact]
    public async Task Console_is_cut_with_a_note_when_it_is_longer_than_the_limit()
    {
        var script = await InProcessScript.RunAsync("for (let i = 0; i < 1000; i++) console.log('0123456789'); 'done'", outputLimit: 55);

        Assert.Equal(["0123456789", "0123456789", "0123456789", "0123456789", "0123456789", "… (console output was cut at 55 characters)"], script.Console);
        Assert.True(script.Truncated);
        Assert.Equal("done", script.Value?.GetString());
    }

    [Theory]
    [InlineData("console.log('123456789😀'); 0")]
    [InlineData("console.group(); console.log('1234567😀'); 0")]
    [InlineData("'123456789😀'")]
    public async Task Output_is_never_cut_within_a_character(string code)
    {
        var script = await InProcessScript.RunAsync(code, outputLimit: 10);

        Assert.True(script.Truncated);
        Assert.DoesNotContain('\uFFFD', string.Concat(script.Console) + script.Value);
    }

    [Fact]
    public async Task Console_is_cut_when_its_lines_are_empty()
    {
        var script = await InProcessScript.RunAsync("for (let i = 0; i < 1000; i++) console.log()", outputLimit: 10);

        Assert.Equal(11, script.Console.Count);
    }

    [Theory]
    [InlineData("for (let i = 0; i < 1000; i++) console.group('')")]
    [InlineData("for (let i = 0; i < 20; i++) console.group(); console.log('\\n'.repeat(900))")]
    public async Task Console_is_cut_when_most_of_it_is_indentation(string code)
    {
        var script = await InProcessScript.RunAsync(code, outputLimit: 1000);

        Assert.True(script.Truncated);
        Assert.InRange(script.Console.Sum(line => line.Length), 900, 1100);
    }

    [Fact]
    public async Task Console_indents_groups_and_names_counters()
    {
        var script = await InProcessScript.RunAsync(
            "console.group('g'); console.log('in'); console.groupCollapsed(); console.log('two\\nlines'); console.groupEnd(); console.groupEnd(); console.groupEnd();"
            + "console.log('out'); console.count(); console.count(); console.timeEnd('never started'); console.clear(); 5");

        Assert.Equal(["g", "  in", "    two\n    lines", "out", "default: 1", "default: 2"], script.Console);
        Assert.Equal(5, script.Value?.GetInt32());
    }

    [Fact]
    public async Task Console_measures_time()
    {
        var script = await InProcessScript.RunAsync("console.time('t'); console.timeLog('t', 'half'); console.timeEnd('t')");

        Assert.Matches("^t: [0-9.]+ ms half$", script.Console[0]);
        Assert.Matches("^t: [0-9.]+ ms$", script.Console[1]);
    }
}
