using FuncChat.Tools.JavaScript;

namespace FuncChat.Tests.Tools.JavaScript;

/// <summary>Each attack runs in a real child process.</summary>
public sealed class HostileScriptTests(HostileScriptTests.Host host) : IClassFixture<HostileScriptTests.Host>
{
    /// <summary>Long enough never to end a script that must end on its own.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData("while (true);")]
    [InlineData("/(a+)+$/.test('a'.repeat(40) + 'b')")]
    [InlineData("function* g() { while (true) yield 1 } for (const x of g());")]
    [InlineData("[1, 2].sort(() => { while (true); })")]
    [InlineData("(async () => { while (true) await null })()")]
    [InlineData("await { then() { while (true); } }")]
    [InlineData("try { while (true); } finally { while (true); }")]
    [InlineData("while (true) { try { while (true); } catch {} }")]
    [InlineData("setInterval(() => {}, 1)")]
    [InlineData("await new Promise(r => setTimeout(r, 3_600_000))")]
    [InlineData("setTimeout(() => { while (true); })")]
    [InlineData("new Promise(function f(r) { queueMicrotask(() => f(r)) })")]
    [InlineData("'a'.repeat(1e5).replace(/(.*)*x/, '')")]
    [InlineData("[].concat(...Array(1e3).fill(Array(1e3).fill(1))).sort(() => { for (;;); })")]
    [InlineData("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)")]
    public async Task Script_is_stopped_when_it_does_not_end(string code)
    {
        var outcome = await RunAsync(code, Short);

        Assert.Equal(ScriptEnd.TimedOut, outcome.End);
        Assert.Equal("The script ran longer than 0.2 s and was stopped.", outcome.Failure);
    }

    [Theory]
    [InlineData("const all = []; while (true) all.push(new Array(1000).fill(0))")]
    [InlineData("const all = []; while (true) all.push('x'.repeat(1e6) + Math.random())")]
    [InlineData("const all = new Map(); for (let i = 0; ; i++) all.set(i, { i })")]
    [InlineData("'x'.repeat(2 ** 28).split('x')")]
    [InlineData("let x = 3n; while (true) x *= x")]
    [InlineData("1n << 1_000_000_000n")]
    [InlineData("let s = {}; while (true) s = { s, list: new Array(1000).fill(0) }")]
    [InlineData("'a'.repeat(1e8).split('')")]
    [InlineData("function loop() { return Promise.resolve().then(loop) } loop()")]
    public async Task Script_is_stopped_when_it_takes_too_much_memory(string code)
    {
        var outcome = await host.SmallRunner.RunAsync(code, Long, CancellationToken.None);

        Assert.Equal(ScriptEnd.OutOfMemory, outcome.End);
        Assert.Equal("The script needed more than 64 MB of memory and was stopped.", outcome.Failure);
    }

    [Theory]
    [InlineData("function f() { f() } f()")]
    [InlineData("const p = new Proxy({}, { get() { return p.x } }); p.x")]
    [InlineData("const o = { toString() { return '' + o } }; '' + o")]
    [InlineData("async function f() { await f() } f()")]
    [InlineData("eval('('.repeat(1e5) + '1' + ')'.repeat(1e5))")]
    public async Task Script_gets_an_error_when_it_recurses_for_ever(string code)
    {
        var outcome = await RunAsync(code, Long);

        Assert.Equal(ScriptEnd.Error, outcome.End);
        Assert.Contains("RangeError: Maximum call stack size exceeded", outcome.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("new Uint8Array(2 ** 30)", "RangeError: Array buffer allocation failed")]
    [InlineData("'a'.repeat(2 ** 30)", "RangeError: Invalid string length")]
    [InlineData("'a'.padEnd(2 ** 30)", "RangeError: Invalid string length")]
    [InlineData("new ArrayBuffer(2 ** 40)", "RangeError: Array buffer allocation failed")]
    [InlineData("new SharedArrayBuffer(2 ** 30)", "RangeError: Array buffer allocation failed")]
    [InlineData("const all = []; while (true) all.push(new Float64Array(1e5))", "RangeError: Array buffer allocation failed")]
    [InlineData("let s = 'a'; while (true) s += s", "RangeError: Invalid string length")]
    [InlineData("'a'.repeat(1e6).replaceAll('a', 'b'.repeat(1000))", "RangeError: Invalid string length")]
    [InlineData("new WebAssembly.Memory({ initial: 65536 })", "ReferenceError: WebAssembly is not defined")]
    public async Task Script_gets_an_error_when_it_asks_for_more_than_there_can_be(string code, string expected)
    {
        var outcome = await RunAsync(code, Long);

        Assert.Equal(ScriptEnd.Error, outcome.End);
        Assert.StartsWith(expected, outcome.Failure, StringComparison.Ordinal);
    }

    // The parser first runs in the confined process, which can open no file.
    [Theory]
    [InlineData("let x = ;", "SyntaxError: Unexpected token ';' (script.js:1:9)")]
    [InlineData("const a: number = 1", "SyntaxError: Missing initializer in const")]
    public async Task Script_that_is_not_valid_gets_its_error(string code, string expected)
    {
        var outcome = await RunAsync(code, Long);

        Assert.Equal(ScriptEnd.Error, outcome.End);
        Assert.StartsWith(expected, outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_is_cut_when_it_does_not_end()
    {
        // A busy machine gives little of this time to the script, whose process has a low priority.
        var outcome = await RunAsync("while (true) console.log('spam'.repeat(1000))", TimeSpan.FromSeconds(5));

        Assert.Equal(ScriptEnd.TimedOut, outcome.End);
        Assert.True(outcome.Truncated);
        Assert.InRange(outcome.Console.Sum(line => line.Length), 1, 20_100);
    }

    [Theory]
    [InlineData("V\u0001\0\0\0004")]
    [InlineData("\n{\"result\":1}\nR\0\0\0\0")]
    public async Task Output_stays_output_when_it_imitates_the_protocol(string text)
    {
        var outcome = await RunAsync($"console.log({System.Text.Json.JsonSerializer.Serialize(text)}); 'the value'", Long);

        Assert.Equal([text], outcome.Console);
        Assert.Equal("the value", outcome.Value?.GetString());
    }

    [Fact]
    public async Task Code_arrives_as_it_is_when_it_holds_anything()
    {
        var text = "\ud800\0\udc00\r\u2028\ufeffVE\u0004" + new string('x', 100_000);
        var outcome = await RunAsync($"String.raw`{text}`.split('').map(c => c.charCodeAt()).reduce((a, b) => a + b)", Long);

        // A template's CR is LF to JavaScript.
        Assert.Equal(text.Replace('\r', '\n').Sum(c => (int)c), outcome.Value?.GetInt32());
    }

    // One attack of each kind: what the host runs next to it does not depend on its text.
    [Theory]
    [InlineData("while (true) { try { while (true); } catch {} }")]
    [InlineData("const all = []; while (true) all.push(new Array(1000).fill(0))")]
    [InlineData("function f() { f() } f()")]
    [InlineData("const all = []; while (true) all.push(new Float64Array(1e5))")]
    [InlineData("while (true) console.log('spam'.repeat(1000))")]
    public async Task Harmless_script_is_answered_while_an_attack_runs(string code)
    {
        var hostile = RunAsync(code, TimeSpan.FromSeconds(1));
        var harmless = await RunAsync("6 * 7", Long);

        Assert.Equal(42, harmless.Value?.GetInt32());
        Assert.NotNull((await hostile).Failure);
    }

    private Task<ScriptOutcome> RunAsync(string code, TimeSpan timeout) => host.Runner.RunAsync(code, timeout, CancellationToken.None);

    public sealed class Host : IAsyncDisposable
    {
        internal SandboxRunner Runner { get; } = Sandboxes.Create();

        /// <summary>With the least memory that can be set: it is full in half of the time.</summary>
        internal SandboxRunner SmallRunner { get; } = Sandboxes.Create(new() { MemoryMegabytes = 64 });

        public async ValueTask DisposeAsync()
        {
            await Runner.DisposeAsync();
            await SmallRunner.DisposeAsync();
        }
    }
}
