using FuncChat.Tools.JavaScript;

namespace FuncChat.Tests.Tools.JavaScript;

/// <summary>Each attack runs in a real child process, and meanwhile the host answers a harmless script.</summary>
public sealed class HostileScriptTests(HostileScriptTests.Host host) : IClassFixture<HostileScriptTests.Host>
{
    /// <summary>Long enough never to be what ends a script that is to end by itself.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData("while (true);")]
    [InlineData("let x = 3n; while (true) x *= x")]
    [InlineData("/(a+)+$/.test('a'.repeat(40) + 'b')")]
    [InlineData("function* g() { while (true) yield 1 } for (const x of g());")]
    [InlineData("[1, 2].sort(() => { while (true); })")]
    [InlineData("(async () => { while (true) await null })()")]
    [InlineData("await { then() { while (true); } }")]
    [InlineData("throw { toString() { while (true); }, get message() { while (true); } }")]
    [InlineData("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)")]
    public async Task Script_is_stopped_when_it_does_not_end(string code)
    {
        var outcome = await RunBesideHarmlessAsync(code, Short);

        Assert.Equal(ScriptEnd.TimedOut, outcome.End);
        Assert.Equal("The script ran longer than 0.2 s and was stopped.", outcome.Failure);
    }

    [Theory]
    [InlineData("'a'.repeat(1e6).replaceAll('a', 'b'.repeat(1000))")]
    [InlineData("const all = []; while (true) all.push(new Array(1000).fill(0))")]
    [InlineData("let s = 'a'; while (true) s += s")]
    [InlineData("new Uint8Array(2 ** 30)")]
    [InlineData("new SharedArrayBuffer(2 ** 30)")]
    [InlineData("'a'.repeat(1e8).split('')")]
    [InlineData("function loop() { return Promise.resolve().then(loop) } loop()")]
    public async Task Script_is_stopped_when_it_takes_too_much_memory(string code)
    {
        var outcome = await RunBesideHarmlessAsync(code, Long);

        Assert.Equal(ScriptEnd.OutOfMemory, outcome.End);
        Assert.Equal("The script needed more than 128 MB of memory and was stopped.", outcome.Failure);
    }

    [Theory]
    [InlineData("function f() { f() } f()", "RangeError: Maximum call stack size exceeded")]
    [InlineData("const p = new Proxy({}, { get() { return p.x } }); p.x", "RangeError: Maximum call stack size exceeded")]
    [InlineData("const o = { toString() { return '' + o } }; '' + o", "RangeError: Maximum call stack size exceeded")]
    [InlineData("const o = { get x() { return this.x } }; o.x", "RangeError: Maximum call stack size exceeded")]
    [InlineData("class A { constructor() { new A() } } new A()", "RangeError: Maximum call stack size exceeded")]
    [InlineData("async function f() { await f() } f()", "RangeError: Maximum call stack size exceeded")]
    [InlineData("eval('('.repeat(1e5) + '1' + ')'.repeat(1e5))", "RangeError: Maximum call stack size exceeded")]
    [InlineData("eval('1' + '+1'.repeat(1e5))", "nesting")]
    [InlineData("JSON.parse('['.repeat(1e6))", "SyntaxError: Max. depth level of JSON reached")]
    [InlineData("'a'.repeat(2 ** 30)", "RangeError: Invalid string length")]
    [InlineData("Array(4294967295).fill(1)", "RangeError: Invalid array length")]
    [InlineData("9n ** 999999999n", "RangeError: Maximum BigInt size exceeded")]
    public async Task Script_gets_an_error_when_it_goes_too_far(string code, string expected)
    {
        var outcome = await RunBesideHarmlessAsync(code, Long);

        Assert.Equal(ScriptEnd.Error, outcome.End);
        Assert.Contains(expected, outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_is_cut_when_it_does_not_end()
    {
        var outcome = await RunBesideHarmlessAsync("while (true) console.log('spam')", Short);

        Assert.Equal(ScriptEnd.TimedOut, outcome.End);
        Assert.True(outcome.Truncated);
        Assert.InRange(outcome.Console.Sum(line => line.Length), 1, 20_100);
    }

    [Theory]
    [InlineData("typeof require + typeof process + typeof importNamespace + typeof System + typeof clrHelper", "undefinedundefinedundefinedundefinedundefined")]
    [InlineData("const global = Function('return this')(); typeof global.System + typeof global.process + typeof global.fetch", "undefinedundefinedundefined")]
    [InlineData("typeof console.log.constructor('return this')().importNamespace", "undefined")]
    [InlineData("typeof ({}).GetType + typeof console.GetType + typeof console.log.GetType + typeof console.log.Method", "undefinedundefinedundefinedundefined")]
    [InlineData("typeof new ShadowRealm().evaluate('typeof System + typeof importNamespace')", "string")]
    public async Task Script_reaches_nothing_of_the_host(string code, string expected)
    {
        var outcome = await RunBesideHarmlessAsync(code, Long);

        Assert.Equal(expected, outcome.Value?.GetString());
    }

    [Theory]
    [InlineData("V\u0001\0\0\0004")]
    [InlineData("\n{\"result\":1}\nR\0\0\0\0")]
    public async Task Output_stays_output_when_it_imitates_the_protocol(string text)
    {
        var outcome = await RunBesideHarmlessAsync($"console.log({System.Text.Json.JsonSerializer.Serialize(text)}); 'the value'", Long);

        Assert.Equal([text], outcome.Console);
        Assert.Equal("the value", outcome.Value?.GetString());
    }

    [Fact]
    public async Task Code_arrives_as_it_is_when_it_holds_anything()
    {
        var text = "\ud800\0\udc00\r\u2028\ufeffVE\u0004" + new string('x', 100_000);
        var outcome = await RunBesideHarmlessAsync($"String.raw`{text}`.split('').map(c => c.charCodeAt()).reduce((a, b) => a + b)", Long);

        // A template's CR is LF to JavaScript.
        Assert.Equal(text.Replace('\r', '\n').Sum(c => (int)c), outcome.Value?.GetInt32());
    }

    private async Task<ScriptOutcome> RunBesideHarmlessAsync(string code, TimeSpan timeout)
    {
        var hostile = host.Runner.RunAsync(code, timeout, CancellationToken.None);
        var harmless = await host.Runner.RunAsync("6 * 7", Long, CancellationToken.None);
        Assert.Equal(42, harmless.Value?.GetInt32());
        return await hostile;
    }

    public sealed class Host : IAsyncDisposable
    {
        internal SandboxRunner Runner { get; } = Sandboxes.Create();

        public ValueTask DisposeAsync() => Runner.DisposeAsync();
    }
}
