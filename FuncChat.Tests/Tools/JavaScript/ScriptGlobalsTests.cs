namespace FuncChat.Tests.Tools.JavaScript;

/// <summary>What hosts of JavaScript usually add to the language, with the values that browsers and Node.js return.</summary>
public class ScriptGlobalsTests
{
    [Theory]
    [InlineData("structuredClone({ a: [1, { b: 2 }] })", """{"a":[1,{"b":2}]}""")]
    [InlineData("const o = { d: new Date(5), m: new Map([[1, new Set([2])]]) }; o.self = o; const c = structuredClone(o); [c !== o, c.self === c, c.d.getTime(), [...c.m.get(1)]]", "[true,true,5,[2]]")]
    [InlineData("structuredClone(new Uint8Array([1, 2])).length", "2")]
    [InlineData("const b = new ArrayBuffer(4); const c = structuredClone({ v: new Uint8Array(b, 1, 2).fill(7) }, { transfer: [b] }); [b.byteLength, b.detached, c.v.length, c.v[0], c.v.buffer.byteLength]", "[0,true,2,7,4]")]
    [InlineData("const b = new ArrayBuffer(4); try { structuredClone(() => 1, { transfer: [b] }) } catch (e) { [e.name, b.detached] }", "[\"DataCloneError\",false]")]
    [InlineData("const b = new ArrayBuffer(4); [[b, b], [{}], [new SharedArrayBuffer(1)]].map(transfer => { try { structuredClone(b, { transfer }) } catch (e) { return e.name } })", "[\"DataCloneError\",\"DataCloneError\",\"DataCloneError\"]")]
    [InlineData("const b = new ArrayBuffer(4); b.transfer(); try { structuredClone(b) } catch (e) { e.name }", "\"DataCloneError\"")]
    [InlineData("const b = structuredClone(new ArrayBuffer(4, { maxByteLength: 8 })); [b.byteLength, b.maxByteLength, b.resizable]", "[4,8,true]")]
    [InlineData("const s = new Int32Array(new SharedArrayBuffer(4)); structuredClone(s)[0] = 5; s[0]", "5")]
    [InlineData("const c = structuredClone(new (class Own extends Uint16Array { })([1, 2])); [c.constructor === Uint16Array, c.length]", "[true,2]")]
    [InlineData("const c = structuredClone(new BigInt64Array(1)); c instanceof BigInt64Array", "true")]
    [InlineData("structuredClone(Object.create(Date.prototype))", "{}")]
    [InlineData("structuredClone(new (class Own extends Date { })(5)).getTime()", "5")]
    [InlineData("structuredClone(new (class Own { a = 1; b = new Map([[1, 2]]) })()).b.get(1)", "2")]
    [InlineData("const c = structuredClone(Object.assign(Object.create(null), { a: [1] })); [c.a, Object.getPrototypeOf(c) === Object.prototype]", "[[1],true]")]
    [InlineData("try { structuredClone(Object(Symbol())) } catch (e) { e.name }", "\"DataCloneError\"")]
    [InlineData("const c = structuredClone(JSON.parse('{\"__proto__\":{\"x\":1},\"y\":[2]}')); [Object.keys(c), c.x === undefined, c.y]", """[["__proto__","y"],true,[2]]""")]
    [InlineData("try { structuredClone(() => 1) } catch (e) { e.name }", "\"DataCloneError\"")]
    [InlineData("const m = new Map([[1, 2]]), s = new Set([3]); for (const each of [m, s]) Object.setPrototypeOf(each, Object.prototype); [[...structuredClone(m)], [...structuredClone({ s }).s]]", "[[[1,2]],[3]]")]
    [InlineData("const r = /a/gi, d = new Date(5), b = new Uint8Array([7]).buffer; for (const each of [r, d, b]) Object.setPrototypeOf(each, Object.prototype); [String(structuredClone(r)), structuredClone(d).getTime(), new Uint8Array(structuredClone(b))[0]]", "[\"/a/gi\",5,7]")]
    [InlineData("[new Proxy({ a: 1 }, {}), { a: new Proxy([], {}) }, (function () { return arguments })(1), globalThis].map(value => { try { return structuredClone(value) } catch (e) { return e.name } })", """["DataCloneError","DataCloneError","DataCloneError","DataCloneError"]""")]
    [InlineData("['abc', 5, null, [1], {}].map(data => { try { return new TextDecoder().decode(data) } catch (e) { return e.name } })", """["TypeError","TypeError","TypeError","TypeError","TypeError"]""")]
    [InlineData("new TextDecoder().decode(new Uint8Array([65]).buffer) + new TextDecoder().decode(new DataView(new ArrayBuffer(1))) + new TextDecoder().decode()", "\"A\\u0000\"")]
    [InlineData("btoa('hello') + atob('aGk=') + atob(' aGk ')", "\"aGVsbG8=hihi\"")]
    [InlineData("[btoa(''), btoa('a'), btoa('ab'), btoa('abc'), btoa('\\xff')]", """["","YQ==","YWI=","YWJj","/w=="]""")]
    [InlineData("try { btoa('é€') } catch (e) { e.name }", "\"InvalidCharacterError\"")]
    [InlineData("try { atob('a') } catch (e) { e instanceof DOMException }", "true")]
    [InlineData("Array.from(new TextEncoder().encode('é€\\u{1F600}\\ud800'))", "[195,169,226,130,172,240,159,152,128,239,191,189]")]
    [InlineData("new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 195, 169, 0xff, 0xe2, 0x82, 65, 0xc0, 0x80]))", "\"é��A��\"")]
    [InlineData("const d = new TextDecoder(); d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }) + d.decode(new Uint8Array([0xac]))", "\"€\"")]
    [InlineData("const d = new TextDecoder('utf-16le'), s = { stream: true }; d.decode(new Uint8Array([0x3d, 0xd8, 0]), s) + d.decode(new Uint8Array([0xde, 0x41]), s) + d.decode(new Uint8Array([0]))", "\"\U0001F600A\"")]
    [InlineData("new TextDecoder('utf-16le').decode(new Uint8Array([0x3d, 0xd8, 0x41, 0, 0, 0xde, 0x3d, 0xd8, 1]))", "\"�A��\"")]
    [InlineData("try { new TextDecoder('utf-16le', { fatal: true }).decode(new Uint8Array([0x3d, 0xd8])) } catch (e) { e.name }", "\"TypeError\"")]
    [InlineData("const d = new TextDecoder(), s = { stream: true }, m = [0xef, 0xbb, 0xbf]; (d.decode(new Uint8Array(m.slice(0, 2)), s) + d.decode(new Uint8Array([0xbf, 65]), s) + d.decode(new Uint8Array([...m, 66]), s) + d.decode() + d.decode(new Uint8Array([...m, 67]))).split('').map(c => c.charCodeAt())", "[65,65279,66,67]")]
    [InlineData("try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff])) } catch (e) { e.name }", "\"TypeError\"")]
    [InlineData("new TextDecoder('latin1').decode(new Uint8Array([0x80, 0xe9]))", "\"€é\"")]
    [InlineData("new URL('https://a.b/c?d=1').searchParams.get('d')", "\"1\"")]
    [InlineData("new URL('../x?y#z', 'http://u:p@EXAMPLE.com:80/a/b/c').href", "\"http://u:p@example.com/a/x?y#z\"")]
    [InlineData("new URL('http://münchen.de/ä b?ü=\\'#ö').href", "\"http://xn--mnchen-3ya.de/%C3%A4%20b?%C3%BC=%27#%C3%B6\"")]
    [InlineData("new URL('http://0x7f.1/').host + new URL('http://[1:0:0:0:0:0:0:1]/').host", "\"127.0.0.1[1::1]\"")]
    [InlineData("['http://', 'x', 'http://a b', 'http://256.1.1.1', 'http://[::1'].filter(u => URL.canParse(u))", "[]")]
    [InlineData("const u = new URL('http://a/?x=1'); u.searchParams.append('y', 'a b'); u.hash = 'h'; u.port = '81'; String(u)", "\"http://a:81/?x=1&y=a+b#h\"")]
    [InlineData("new URLSearchParams({ a: '1 2', b: 'é&' }).toString()", "\"a=1+2&b=%C3%A9%26\"")]
    [InlineData("const p = new URLSearchParams('?b=2&a=1&a=3&c=%zz'); p.sort(); [...p]", """[["a","1"],["a","3"],["b","2"],["c","%zz"]]""")]
    [InlineData("[typeof performance.now(), performance.now() >= 0]", "[\"number\",true]")]
    [InlineData("let x = 0; queueMicrotask(() => { x = 1 }); await null; x", "1")]
    [InlineData("const o = []; setTimeout(() => o.push('b'), 2); setTimeout(() => o.push('a'), 1); const c = setTimeout(() => o.push('never')); clearTimeout(c); setTimeout((a, b) => o.push(a + b), 3, 1, 2); await new Promise(r => setTimeout(r, 4)); o", """["a","b",3]""")]
    [InlineData("let n = 0; await new Promise(r => { const i = setInterval(() => { if (++n === 3) { clearInterval(i); r() } }, 1) }); n", "3")]
    [InlineData("let n = 0; for (let i = 0; i < 50_000; i++) setTimeout(() => n++, i % 7); await new Promise(r => setTimeout(r, 8)); n", "50000")]
    [InlineData("const o = []; const c = setInterval(() => { o.push('i'); if (o.length > 4) clearInterval(c) }, 2); setTimeout(() => o.push('a'), 2); setTimeout(() => o.push('b'), 1); await new Promise(r => setTimeout(r, 30)); o.slice(0, 3)", """["b","i","a"]""")]
    [InlineData("for (let i = 0; i < 5000; i++) clearTimeout(setTimeout(() => { throw 1 }, i)); let n = 0; setTimeout(() => n++); await new Promise(r => setTimeout(r, 2)); n", "1")]
    [InlineData("crypto.randomUUID().length + crypto.getRandomValues(new Uint8Array(8)).length", "44")]
    [InlineData("crypto.randomUUID() === crypto.randomUUID()", "false")]
    [InlineData("escape('ä') + unescape('%E4')", "\"%E4ä\"")]
    [InlineData("Object.keys(globalThis)", "[]")]
    [InlineData("const { proxy, revoke } = Proxy.revocable({ a: 1 }, {}); const before = proxy.a; revoke(); try { proxy.a } catch (e) { [before, e.name, Proxy.name, Proxy.length] }", """[1,"TypeError","Proxy",2]""")]
    [InlineData("new Proxy({}, { get: (_, name) => name }).anything", "\"anything\"")]
    public async Task Global_works_as_in_other_hosts(string code, string expected)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.Null(script.Error);
        Assert.Equal(expected, script.Value?.GetRawText());
    }

    [Theory]
    [InlineData("'Crème Brûlée'.normalize('NFD').replace(/[\\u0300-\\u036f]/g, '')", "\"Creme Brulee\"")]
    [InlineData("['e\\u0301'.normalize('NFC').length, 'ﬀ'.normalize('NFKC'), 'e\\u0301'.normalize() === 'é', '한'.normalize('NFD').length]", "[1,\"ff\",true,3]")]
    [InlineData("['b', 'ä', 'a', 'Z', 'B'].sort((x, y) => x.localeCompare(y))", """["a","ä","b","B","Z"]""")]
    [InlineData("'i'.toLocaleUpperCase('tr') + 'ß'.toUpperCase()", "\"İSS\"")]
    [InlineData("new Date(Date.UTC(2024, 2, 7)).toLocaleDateString('de-DE') + (1234.5).toLocaleString('de-DE')", "\"7.3.20241.234,5\"")]
    [InlineData("[Date.parse('Thu, 01 Jan 1970 00:00:00 GMT+0200'), Date.parse('2024-13-01'), Date.parse('1970-01-01T24:00:00Z')]", "\"[ -7200000, NaN, 86400000 ]\"")]
    [InlineData("[[...'a\\r\\nb'].length, [...'e\\u0301'].length, [...'\\u{1F1E9}\\u{1F1EA}'].length]", "[4,2,2]")]
    [InlineData("new Intl.PluralRules('ru').select(5) + new Intl.ListFormat('en').format(['a', 'b', 'c'])", "\"manya, b, and c\"")]
    [InlineData("(function f(n) { return n ? 1 + f(n - 1) : 0 })(20000)", "20000")]
    [InlineData("let s = 0; for (let i = 0; i < 1e8; i++) s += i; s", "4999999950000000")]
    public async Task Language_returns_the_right_value(string code, string expected)
    {
        var script = await InProcessScript.RunAsync(code);

        Assert.Null(script.Error);
        Assert.Equal(expected, script.Value?.GetRawText());
    }
}
