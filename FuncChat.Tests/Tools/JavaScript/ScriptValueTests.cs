namespace FuncChat.Tests.Tools.JavaScript;

public class ScriptValueTests
{
    [Theory]
    [InlineData("6 * 7", "42")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("'text'", "\"text\"")]
    [InlineData("null", "null")]
    [InlineData("true", "true")]
    [InlineData("[1, 'b', [null]]", "[1,\"b\",[null]]")]
    [InlineData("'2026-01'.match(/(\\d+)-(\\d+)/)", "[\"2026-01\",\"2026\",\"01\"]")]
    [InlineData("['2026-01'.match(/x/), '2026'.match(/\\d/g)]", "[null,[\"2\",\"0\",\"2\",\"6\"]]")]
    [InlineData("({ a: { b: [1] }, 'c d': 'é' })", "{\"a\":{\"b\":[1]},\"c d\":\"é\"}")]
    [InlineData("Object.assign(Object.create(null), { a: 1 })", "{\"a\":1}")]
    [InlineData("return 7", "7")]
    [InlineData("const a = 5;", "5")]
    [InlineData("const a = 5, b = { c: a };", "{\"c\":5}")]
    [InlineData("const total = 1, rest = 2;\n{ total, rest }", "{\"total\":1,\"rest\":2}")]
    [InlineData("const a = 1;\n{ \"a\": a, \"b\": 2 }", "{\"a\":1,\"b\":2}")]
    [InlineData("const a = await 1;\n{ a, b: 2 };", "{\"a\":1,\"b\":2}")]
    [InlineData("{ const a = 1; a + 1 }", "2")]
    [InlineData("if (true) { 3 } else { 4 }", "3")]
    [InlineData("let r = await 2\nif (r > 1) { r * 2 } else { 0 }", "4")]
    [InlineData("try { const v = await Promise.resolve(7); v } catch { 'bad' }", "7")]
    [InlineData("const x = await 4;\nconst y = x + 1;", "5")]
    [InlineData("```js\n6 * 7\n```", "42")]
    [InlineData("```\n6 * 7\n```\n", "42")]
    [InlineData("let n = 0; setTimeout(() => { n = 5 }, 1); await new Promise(r => setTimeout(r, 5)); n", "5")]
    [InlineData("Function('return 1 + 1')()", "2")]
    [InlineData("await new Promise(r => setTimeout(() => r(eval('2 + 2')), 1))", "4")]
    [InlineData("globalThis === this && typeof window", "\"undefined\"")]
    [InlineData("Array(4294967295).length", "4294967295")]
    [InlineData("/[\\p{L}--[a-z]]/v.test('é')", "true")]
    [InlineData("eval('1 + 1')", "2")]
    [InlineData("const { a, b: { c }, ...d } = { a: 1, b: { c: 2 }, e: 3 };", "{\"a\":1,\"c\":2,\"d\":{\"e\":3}}")]
    [InlineData("const [x, [y = 5] = [], ...z] = [1, undefined, 3]", "[1,5,[3]]")]
    [InlineData("const [x, y] = await Promise.all([1, 2])", "[1,2]")]
    [InlineData("const { a } = await { a: 1 };", "{\"a\":1}")]
    [InlineData("5\n\nfunction g() {}", "5")]
    [InlineData("f()\nfunction f() { return 5 }\nfunction g() {}", "5")]
    [InlineData("await 0; 5; function g() {}", "5")]
    [InlineData("await 0; 5; var unused; { let x = 1 }", "5")]
    [InlineData("await 1; switch (1) { case 1: 'one' }", "\"one\"")]
    [InlineData("let n = 0; for (let i = 0; i < 3; i++) { n += await i; n * 10 }", "30")]
    [InlineData("for (const x of [1, 2]) await x", "2")]
    [InlineData("let i = 0; await 0; while (i < 3) i++", "2")]
    [InlineData("await 0; do { 7 } while (0)", "7")]
    [InlineData("await 0; a: for (;;) { 8; break a }", "8")]
    [InlineData("await 0; with ({ a: 9 }) a", "9")]
    [InlineData("await 0; for (const k in { a: 1 }) k", "\"a\"")]
    [InlineData("await 0; try { 1 } finally { 2 }", "1")]
    public async Task Value_is_json_when_json_can_say_it(string code, string expected)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.Equal(expected, script.Value?.GetRawText());
    }

    [Theory]
    [InlineData("undefined", "undefined")]
    [InlineData("await 0; 1; if (false) { 2 }", "undefined")]
    [InlineData("await 0; 1; for (const x of []) x", "undefined")]
    [InlineData("await 0; try { 1; throw 2 } catch { }", "undefined")]
    [InlineData("function f() {}", "[Function: f]")]
    [InlineData("'use strict'; const a = 1; async function f() {}", "[Function: f]")]
    [InlineData("class A { }", "[Function: A]")]
    [InlineData("await 0; class A { }", "[Function: A]")]
    [InlineData("new SharedArrayBuffer(4)", "SharedArrayBuffer { byteLength: 4 }")]
    [InlineData("structuredClone(Object(1n))", "[BigInt: 1n]")]
    [InlineData("structuredClone(new SharedArrayBuffer(4))", "SharedArrayBuffer { byteLength: 4 }")]
    [InlineData("new AggregateError([1, { a: 2 }], 'all')", "AggregateError: all\n    at script.js:1:1\n[errors]: [ 1, { a: 2 } ]")]
    [InlineData("new Error('a', { cause: 'b' })", "Error: a\n    at script.js:1:1\n[cause]: 'b'")]
    [InlineData("const e = new Error('a'); e.stack = ''; e.cause = e; e", "Error: a\n[cause]: Error: a")]
    [InlineData("NaN", "NaN")]
    [InlineData("-Infinity", "-Infinity")]
    [InlineData("-0", "-0")]
    [InlineData("2n ** 70n", "1180591620717411303424n")]
    [InlineData("Symbol('s')", "Symbol(s)")]
    [InlineData("(function named() {})", "[Function: named]")]
    [InlineData("() => 1", "[Function (anonymous)]")]
    [InlineData("class A {}; A", "[Function: A]")]
    [InlineData("const o = { a: 1 }; o.self = o; o", "{ a: 1, self: [Circular] }")]
    [InlineData("const shared = {}; [shared, shared, undefined]", "[ {}, {}, undefined ]")]
    [InlineData("[1, , 3]", "[ 1, <empty>, 3 ]")]
    [InlineData("'2026-01'.match(/(?<year>\\d+)-(?<month>\\d+)/)", "[ '2026-01', '2026', '01', groups: { year: '2026', month: '01' } ]")]
    [InlineData("Object.assign([1], { unit: 'kg', 'of what': undefined })", "[ 1, unit: 'kg', 'of what': undefined ]")]
    [InlineData("({ get a() { throw 1 }, set b(x) { throw 2 }, get c() { throw 3 }, set c(x) { throw 4 } })", "{ a: [Getter], b: [Setter], c: [Getter/Setter] }")]
    [InlineData("new Map([[{ k: 1 }, 'v'], ['b', new Set([1])]])", "Map(2) { { k: 1 } => 'v', 'b' => Set(1) { 1 } }")]
    [InlineData("new Uint8Array([1, 2])", "Uint8Array(2) [ 1, 2 ]")]
    [InlineData("new Date(0)", "1970-01-01T00:00:00.000Z")]
    [InlineData("new Date(NaN)", "Invalid Date")]
    [InlineData("/a\\/b/gi", "/a\\/b/gi")]
    [InlineData("new (class Point { x = 'it\\'s' })()", "Point { x: 'it\\'s' }")]
    [InlineData("({ [Symbol('k')]: 1n })", "{ [Symbol(k)]: 1n }")]
    [InlineData("new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 }, getPrototypeOf() { throw 3 } })", "[Proxy]")]
    [InlineData("Object.create(new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 }, getOwnPropertyDescriptor() { throw 3 } }))", "{}")]
    public async Task Value_is_text_when_json_cannot_say_it(string code, string expected)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.Equal(expected, script.Value?.GetString());
    }

    [Fact]
    public async Task Value_is_shortened_when_it_is_deep()
    {
        var script = await InProcessScript.RunAsync("let deep = {}; for (let i = 0; i < 10000; i++) deep = { deep }; deep");

        Assert.EndsWith("{ deep: [Object] } } } } } } } }", script.Value?.GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Value_is_shortened_when_it_has_many_items()
    {
        var script = await InProcessScript.RunAsync("[undefined, ...Array(1000).fill(7)]", outputLimit: 100_000);

        Assert.EndsWith("7, … 801 more items ]", script.Value?.GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'x'.repeat(5000)")]
    [InlineData("Array(5000).fill(1)")]
    [InlineData("Array(100).fill('y'.repeat(100))")]
    public async Task Value_is_cut_with_a_note_when_it_is_longer_than_the_limit(string code)
    {
        var script = await InProcessScript.RunAsync(code, outputLimit: 100);

        Assert.True(script.Truncated);
        Assert.EndsWith("… (cut at 100 characters)", script.Value?.GetString(), StringComparison.Ordinal);
        Assert.InRange(script.Value?.GetString()!.Length ?? 0, 100, 130);
    }

    [Fact]
    public async Task Value_keeps_nothing_of_a_lone_surrogate_but_a_mark()
    {
        var script = await InProcessScript.RunAsync("'a\\ud800b'");

        Assert.Equal("a\ufffdb", script.Value?.GetString());
    }

    [Fact]
    public async Task Value_is_read_and_not_asked_for_when_the_script_has_replaced_what_could_be_asked()
    {
        var script = await InProcessScript.RunAsync(
            """
            const map = new Map([[1, 2]]);
            Object.prototype.toJSON = Object.prototype.toString = Array.prototype.join = () => 'evil';
            Array.prototype[Symbol.iterator] = Map.prototype.entries = String.prototype.toString = () => { throw 'evil' };
            Object.defineProperty(Object.prototype, 'constructor', { get() { throw 'evil' } });
            Object.defineProperty(Array.prototype, 'length', { value: 0 });
            JSON.stringify = Reflect.ownKeys = Object.keys = () => 'evil';
            console.log([{ a: 1 }], map);
            ({ toJSON: 1, list: [1, 2] })
            """);

        Assert.Null(script.Error);
        Assert.Equal(["[ { a: 1 } ] Map(1) { 1 => 2 }"], script.Console);
        Assert.Equal("""{"toJSON":1,"list":[1,2]}""", script.Value?.GetRawText());
    }

    [Theory]
    [InlineData(
        """
        let Real;
        Object.prototype.get = (target) => { Real = target };
        Proxy.length;
        delete Object.prototype.get;
        [new (Real ?? Proxy)([], { get() { throw 1 }, getOwnPropertyDescriptor() { throw 2 } })]
        """,
        "\"[ [Proxy] ]\"")]
    [InlineData(
        """
        let executor;
        class Spy extends Promise { constructor(run) { executor = run; super(run) } }
        new Spy(done => setTimeout(() => {
          if (!(executor instanceof Function)) {
            const foreign = Object.getPrototypeOf(Object.getPrototypeOf(executor)).constructor;
            foreign.keys({}).constructor.prototype.join = () => 'forged';
          }
          done([1, 2]);
        }))
        """,
        "[1,2]")]
    [InlineData(
        """
        const caught = [], value = { a: [{ b: new Map([[1, 2]]) }] };
        const calls = [() => console.log(value), () => setTimeout(() => { }), () => clearTimeout(0), () => performance.now(), () => new Proxy({}, {})];
        function deep() {
          try { deep() } catch (outer) {
            if (caught.length < 500) for (const call of calls) try { call() } catch (error) { caught.push(error) }
            throw outer;
          }
        }
        try { deep() } catch { }
        caught.length > 0 && caught.every(error => error instanceof Error)
        """,
        "true")]
    [InlineData("Array.prototype[Symbol.iterator] = () => { throw 1 }; setTimeout(() => { }); 5", "5")]
    public async Task Value_is_read_as_it_is_when_the_script_reaches_for_the_realm_that_reads_it(string code, string expected)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.Null(script.Error);
        Assert.Equal(expected, script.Value?.GetRawText());
    }
}
