namespace FuncChat.Tests.Tools.JavaScript;

public class ScriptErrorTests
{
    [Theory]
    [InlineData("\n\nlet x = ;", "SyntaxError: Unexpected token ';' (script.js:3:9)")]
    [InlineData("\n  missing.call()", "ReferenceError: missing is not defined\n    at script.js:2:3")]
    [InlineData("function f() {\n  throw new RangeError('no')\n}\nf()", "RangeError: no\n    at f (script.js:2:9)\n    at script.js:4:1")]
    [InlineData("throw 'a word'", "Uncaught a word")]
    [InlineData("throw { code: 5 }", "Uncaught { code: 5 }")]
    [InlineData("throw undefined", "Uncaught undefined")]
    [InlineData("throw new Proxy(new Error(), { get() { for (;;); } })", "Uncaught [Proxy]")]
    [InlineData("throw { toString() { for (;;); }, get message() { for (;;); } }", "Uncaught { toString: [Function: toString], message: [Getter] }")]
    [InlineData("const e = new Error('e'); Object.defineProperty(e, 'name', { get() { for (;;); } }); delete e.stack; throw e", "Error: e")]
    [InlineData("class MyError extends Error { name = 'MyError' }; throw new MyError('mine')", "MyError: mine\n    at script.js:1:57")]
    [InlineData("async function f() {\n  null.x\n}\nf()", "TypeError: Cannot read properties of null (reading 'x')\n    at f (script.js:2:8)\n    at script.js:4:1")]
    [InlineData("Promise.reject('late')", "Uncaught late")]
    [InlineData("await Promise.any([Promise.reject(new Error('a')), Promise.reject('b')])", "AggregateError: All promises were rejected\n[errors]: [ Error: a\n    at script.js:1:35, 'b' ]")]
    [InlineData("const e = new AggregateError([1]); Object.defineProperty(e, 'errors', { value: new Proxy([], { get() { for (;;); } }) }); delete e.stack; throw e", "AggregateError")]
    [InlineData("const e = new AggregateError([]); Object.defineProperty(e, 'errors', { get() { for (;;); } }); delete e.stack; throw e", "AggregateError")]
    [InlineData("import('fs')", "Error: Not supported\n    at script.js:1:1\nModules can't be loaded here: import() is not available.")]
    [InlineData("import fs from 'fs'", "SyntaxError: Cannot use import statement outside a module (script.js:1:1)\nModules are not available here: write one script, without import and export.")]
    [InlineData("export const a = 1", "SyntaxError: Unexpected token 'export' (script.js:1:1)\nModules are not available here: write one script, without import and export.")]
    [InlineData("require('fs')", "ReferenceError: require is not defined\n    at script.js:1:1\nThere are no Node.js modules or APIs here: use plain JavaScript.")]
    [InlineData("await fetch('https://example.com')", "ReferenceError: fetch is not defined\n    at script.js:1:1\nThere is no network here.")]
    [InlineData("document.title", "ReferenceError: document is not defined\n    at script.js:1:1\nThere is no browser and no DOM here.")]
    [InlineData("Array(4294967296)", "RangeError: Invalid array length\n    at script.js:1:1")]
    [InlineData("setTimeout(() => { throw new Error('later') }, 1); 5", "Error: later\n    at script.js:1:26")]
    public async Task Error_reports_what_failed_and_where(string code, string expected)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.Equal(expected, script.Error);
    }

    [Theory]
    [InlineData("const n: number = 1; n")]
    [InlineData("function add(a: number, b?: number): number {\n  return a + b\n}\nadd(1, 2)")]
    [InlineData("interface Point { x: number; y: number }\n1")]
    [InlineData("type Id = string | number;\n1")]
    [InlineData("enum Color { Red, Green }\nColor.Red")]
    [InlineData("const f = (x: string): string => x; f('a')")]
    [InlineData("const a = JSON.parse('{}') as any; a")]
    [InlineData("const a = [1, 2] as const; a")]
    [InlineData("class A { private x = 1; constructor(readonly y: number) {} }\n1")]
    [InlineData("const f = async <T>(x: T): Promise<T[]> => [x]; await f(1)")]
    public async Task Error_says_that_TypeScript_is_not_supported(string code)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.StartsWith("SyntaxError: ", script.Error, StringComparison.Ordinal);
        Assert.EndsWith("\nThis looks like TypeScript, which is not supported: write plain JavaScript, without types, interfaces and enums.", script.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("let y = ({ a: 1, b: 'x' }")]
    [InlineData("const type = 1; type = ;")]
    [InlineData("x ? f(a) : b => ;")]
    [InlineData("import fs from 'fs'")]
    [InlineData("'known as Ada' +")]
    public async Task Error_says_nothing_of_TypeScript_when_the_script_has_none(string code)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.StartsWith("SyntaxError: ", script.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("TypeScript", script.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_has_few_frames_when_the_recursion_is_deep()
    {
        var script = await InProcessScript.RunAsync("function f() { f() }\nf()");

        Assert.StartsWith("RangeError: Maximum call stack size exceeded\n    at f (script.js:1:1", script.Error, StringComparison.Ordinal);
        Assert.InRange(script.Error!.Split('\n').Length, 2, 6);
    }

    [Theory]
    [InlineData("new Promise(() => {})")]
    [InlineData("await new Promise(() => {})")]
    public async Task Error_says_that_nothing_can_settle_the_promise_when_it_stays_pending(string code)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.StartsWith("The script ended while the promise that it awaits was still pending", script.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_stack_names_no_path_of_the_host()
    {
        var script = await InProcessScript.RunAsync(
            "const stacks = []; for (const f of [() => null.x, () => [].reduce(), () => eval('('), () => new Proxy({}, null), () => JSON.parse('{')]) "
            + "try { f() } catch (e) { stacks.push(String(e) + e.stack) } stacks.join()");

        var stacks = script.Value!.Value.GetString()!;
        Assert.Contains("script.js", stacks, StringComparison.Ordinal);
        Assert.DoesNotContain('/', stacks);
        Assert.DoesNotContain("ClearScript", stacks, StringComparison.Ordinal);
    }
}
