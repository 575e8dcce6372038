// Runs in the script's realm before the script, and adds what hosts of JavaScript usually add to the language.
((realm, randomHex) => {
  'use strict';
  // An error of the other realm, such as one at the end of the stack, would hand that realm's classes to the script.
  const guard = run => (first, second, third) => { try { return run(first, second, third); } catch (error) { throw new RangeError(error.message); } };
  const host = { consoleMethods: realm.consoleMethods };
  for (const name of ['console', 'register', 'isProxy', 'addTimer', 'removeTimer', 'now']) host[name] = guard(realm[name]);

  const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

  delete globalThis.WebAssembly;
  // Inspecting an error must not run the script's code.
  Object.defineProperty(Error, 'prepareStackTrace', { get() { return undefined; }, set() {}, configurable: false });

  // Every Proxy is registered, so that no trap runs while values are inspected.
  const RealProxy = Proxy, { revocable } = Proxy;
  RealProxy.revocable = { revocable(target, handler) { const made = revocable(target, handler); host.register(made.proxy); return made; } }.revocable;
  define('Proxy', new RealProxy(RealProxy, {
    __proto__: null, // a trap that the script adds to Object.prototype would be given the real class
    construct(_, values) { const made = new RealProxy(values[0], values[1]); host.register(made); return made; },
  }));

  const console = {};
  for (const method of host.consoleMethods) console[method] = { [method](...values) { host.console(method, values); } }[method];
  define('console', console);

  const { apply } = Reflect;
  const callable = (run, name) => { if (typeof run !== 'function') throw new TypeError(`${name} needs a function`); return run; };
  define('setTimeout', function setTimeout(run, delay = 0, ...values) { callable(run, 'setTimeout'); return host.addTimer(() => { apply(run, undefined, values); }, Number(delay), false); });
  define('setInterval', function setInterval(run, delay = 0, ...values) { callable(run, 'setInterval'); return host.addTimer(() => { apply(run, undefined, values); }, Number(delay), true); });
  define('setImmediate', function setImmediate(run, ...values) { callable(run, 'setImmediate'); return host.addTimer(() => { apply(run, undefined, values); }, 0, false); });
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) define(name, { [name](id) { host.removeTimer(id); } }[name]);
  const settled = Promise.resolve();
  define('queueMicrotask', function queueMicrotask(run) { callable(run, 'queueMicrotask'); settled.then(() => { run(); }); });

  const start = host.now(), startDate = Date.now();
  define('performance', { now: () => host.now() - start, timeOrigin: startDate, mark() {}, measure() {} });

  class DOMException extends Error {
    #name;
    constructor(message = '', name = 'Error') { super(message); this.#name = name; }
    get name() { return this.#name; }
  }
  define('DOMException', DOMException);
  const failure = (message, name) => Object.defineProperty(new DOMException(message, name), 'name', { value: name, configurable: true, writable: true });

  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  define('btoa', function btoa(data) {
    const text = String(data);
    let out = '';
    for (let i = 0; i < text.length; i += 3) {
      const [a, b, c] = [text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2)];
      if (a > 255 || b > 255 || c > 255) throw failure('btoa: the text has characters outside Latin-1', 'InvalidCharacterError');
      const bits = (a << 16) | ((b || 0) << 8) | (c || 0);
      out += ALPHABET[bits >> 18] + ALPHABET[bits >> 12 & 63] + (i + 1 < text.length ? ALPHABET[bits >> 6 & 63] : '=') + (i + 2 < text.length ? ALPHABET[bits & 63] : '=');
    }
    return out;
  });
  define('atob', function atob(data) {
    let text = String(data).replace(/[\t\n\f\r ]/g, '');
    if (text.length % 4 === 0) text = text.replace(/==?$/, '');
    if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) throw failure('atob: the text is not valid Base64', 'InvalidCharacterError');
    let out = '', bits = 0, count = 0;
    for (const letter of text) {
      bits = (bits << 6 | ALPHABET.indexOf(letter)) & 0xffffff;
      count += 6;
      if (count >= 8) { count -= 8; out += String.fromCharCode(bits >> count & 255); }
    }
    return out;
  });

  define('TextEncoder', class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(text = '') {
      const source = String(text).toWellFormed(), bytes = new Uint8Array(source.length * 3);
      return bytes.slice(0, this.encodeInto(source, bytes).written);
    }
    encodeInto(text, bytes) {
      let read = 0, written = 0;
      for (const letter of String(text).toWellFormed()) {
        const code = letter.codePointAt(0), size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        if (written + size > bytes.length) break;
        if (size === 1) bytes[written] = code;
        else {
          for (let i = size - 1; i > 0; i--) bytes[written + i] = 0x80 | code >> 6 * (size - 1 - i) & 0x3f;
          bytes[written] = [0, 0, 0xc0, 0xe0, 0xf0][size] | code >> 6 * (size - 1);
        }
        written += size;
        read += letter.length;
      }
      return { read, written };
    }
  });
  define('TextDecoder', class TextDecoder {
    #fatal; #keepMark; #label; #rest = []; #begun = false;
    constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
      const name = String(label).trim().toLowerCase();
      this.#label = { 'utf-8': 'utf-8', utf8: 'utf-8', 'unicode-1-1-utf-8': 'utf-8', 'utf-16': 'utf-16le', 'utf-16le': 'utf-16le', 'latin1': 'windows-1252', 'iso-8859-1': 'windows-1252', ascii: 'windows-1252', 'us-ascii': 'windows-1252', 'windows-1252': 'windows-1252' }[name];
      if (!this.#label) throw new RangeError(`TextDecoder: the encoding '${name}' is not available here`);
      this.#fatal = Boolean(fatal);
      this.#keepMark = Boolean(ignoreBOM);
    }
    get encoding() { return this.#label; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#keepMark; }
    decode(input = new Uint8Array(), { stream = false } = {}) {
      if (!ArrayBuffer.isView(input) && !is.buffer(input) && !is.sharedBuffer(input)) throw new TypeError('TextDecoder: the data is neither a buffer nor a view of one');
      const view = ArrayBuffer.isView(input) ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength) : new Uint8Array(input);
      const bytes = this.#rest.length > 0 ? Uint8Array.from([...this.#rest, ...view]) : view;
      this.#rest = [];
      const begun = this.#begun;
      this.#begun = false;
      let out = this.#label === 'utf-8' ? this.#utf8(bytes, stream) : this.#label === 'utf-16le' ? this.#utf16(bytes, stream) : this.#latin1(bytes);
      if (stream) this.#begun = begun || out.length > 0;
      if (!begun && !this.#keepMark && out.charCodeAt(0) === 0xfeff) out = out.slice(1);
      return out;
    }
    #bad() { if (this.#fatal) throw new TypeError('TextDecoder: the data is not valid'); return '\ufffd'; }
    #utf8(bytes, stream) {
      const parts = [];
      let out = '';
      for (let i = 0; i < bytes.length;) {
        const first = bytes[i];
        if (first < 0x80) { out += String.fromCharCode(first); i++; }
        else {
          const size = first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
          let code = first & (0x7f >> size), n = 1;
          for (; n < size && i + n < bytes.length; n++) {
            const low = n === 1 ? { 0xe0: 0xa0, 0xf0: 0x90 }[first] ?? 0x80 : 0x80, high = n === 1 ? { 0xed: 0x9f, 0xf4: 0x8f }[first] ?? 0xbf : 0xbf;
            if (bytes[i + n] < low || bytes[i + n] > high) break;
            code = code << 6 | bytes[i + n] & 0x3f;
          }
          if (size > 0 && n === size) out += String.fromCodePoint(code);
          else if (stream && size > 0 && i + n === bytes.length) { this.#rest = [...bytes.slice(i)]; break; }
          else out += this.#bad();
          i += n;
        }
        if (out.length > 4096) { parts.push(out); out = ''; }
      }
      return parts.join('') + out;
    }
    #utf16(bytes, stream) {
      const unit = at => at + 1 < bytes.length ? bytes[at] | bytes[at + 1] << 8 : -1;
      const isHigh = code => code >= 0xd800 && code < 0xdc00, isLow = code => code >= 0xdc00 && code < 0xe000;
      let out = '';
      for (let i = 0; i < bytes.length; i += 2) {
        const first = unit(i), second = unit(i + 2);
        if (stream && (first < 0 || isHigh(first) && second < 0)) { this.#rest = [...bytes.slice(i)]; break; }
        if (isHigh(first) && isLow(second)) { out += String.fromCharCode(first, second); i += 2; }
        else out += first < 0 || isHigh(first) || isLow(first) ? this.#bad() : String.fromCharCode(first);
        if (isHigh(first) && second < 0) break; // a half pair and an odd byte are one error
      }
      return out;
    }
    #latin1(bytes) {
      const upper = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
      let out = '';
      for (const byte of bytes) out += byte >= 0x80 && byte < 0xa0 ? upper[byte - 0x80] : String.fromCharCode(byte);
      return out;
    }
  });

  // By what the engine makes of a value: its prototype and its constructor may be anything.
  const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
  const brand = read => item => { try { apply(read, item, []); return true; } catch { return false; } };
  const kindOfView = getter(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
  const TypedArray = Object.getPrototypeOf(Uint8Array);
  const views = Object.fromEntries(Object.getOwnPropertyNames(globalThis).filter(name => name.endsWith('Array') && Object.getPrototypeOf(globalThis[name]) === TypedArray).map(name => [name, globalThis[name]]));
  const { getTime } = Date.prototype, valuesOf = [Boolean, Number, String, BigInt].map(type => type.prototype.valueOf);
  const is = {
    date: brand(getTime),
    regExp: item => item !== RegExp.prototype && brand(getter(RegExp.prototype, 'source'))(item),
    symbol: brand(Symbol.prototype.valueOf),
    buffer: brand(getter(ArrayBuffer.prototype, 'byteLength')),
    sharedBuffer: brand(getter(SharedArrayBuffer.prototype, 'byteLength')),
    map: brand(getter(Map.prototype, 'size')),
    set: brand(getter(Set.prototype, 'size')),
  };
  const sourceOf = getter(RegExp.prototype, 'source'), { entries: entriesOf } = Map.prototype, { values: valuesOfSet } = Set.prototype;
  const flagsOf = [['d', 'hasIndices'], ['g', 'global'], ['i', 'ignoreCase'], ['m', 'multiline'], ['s', 'dotAll'], ['u', 'unicode'], ['v', 'unicodeSets'], ['y', 'sticky']]
    .map(([flag, name]) => [flag, getter(RegExp.prototype, name)]);
  const ofBuffers = ['detached', 'resizable', 'byteLength', 'maxByteLength'].map(name => getter(ArrayBuffer.prototype, name));
  // The checks of the engine throw, which is slow. What inherits from nothing that has a check needs none.
  const checked = new Set([Date, RegExp, Symbol, Boolean, Number, String, BigInt, ArrayBuffer, SharedArrayBuffer, Map, Set].map(type => type.prototype));
  const { has } = Set.prototype, { getPrototypeOf, keys } = Object, objectPrototype = Object.prototype, { toString } = objectPrototype;
  const isPlain = item => {
    let last = item;
    for (let next = getPrototypeOf(item); next !== null; next = getPrototypeOf(next)) {
      if (apply(has, checked, [next])) return false;
      last = next;
    }
    return last === item || last === objectPrototype;
  };
  // A script can take the prototype away, from a map for example, which then has no properties.
  const mayBeOfTheEngine = item => !isPlain(item) || !Array.isArray(item) && keys(item).length === 0;
  const isArguments = item => !(Symbol.toStringTag in item) && apply(toString, item, []) === '[object Arguments]';
  define('structuredClone', function structuredClone(value, options) {
    const seen = new Map();
    const refuse = what => { throw failure(`${what} can't be cloned`, 'DataCloneError'); };
    const transferred = [...options?.transfer ?? []];
    if (transferred.some(item => !is.buffer(item) || item.detached) || new Set(transferred).size < transferred.length)
      throw failure('structuredClone: only array buffers can be transferred, each once', 'DataCloneError');
    function clone(item) {
      if (typeof item === 'symbol') refuse('A symbol');
      if (typeof item === 'function') refuse('A function');
      if (typeof item !== 'object' || item === null) return item;
      if (seen.has(item)) return seen.get(item);
      if (host.isProxy(item)) refuse('A proxy');
      if (item === globalThis) refuse('The global object');
      const keep = copy => { seen.set(item, copy); return copy; };
      if (mayBeOfTheEngine(item)) {
        const copy = cloneChecked(item, keep);
        if (copy !== undefined) return copy;
      }
      if (ArrayBuffer.isView(item)) {
        const kind = apply(kindOfView, item, []);
        return keep(kind ? new views[kind](clone(item.buffer), item.byteOffset, item.length) : new DataView(clone(item.buffer), item.byteOffset, item.byteLength));
      }
      if (item instanceof WeakMap || item instanceof WeakSet || item instanceof WeakRef || item instanceof Promise) refuse(`A ${item.constructor.name}`);
      if (Error.isError(item)) {
        const type = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].find(candidate => candidate.name === item.name) ?? Error;
        const copy = keep(new type(item.message));
        if ('cause' in item) copy.cause = clone(item.cause);
        Object.defineProperty(copy, 'stack', { value: item.stack, writable: true, configurable: true });
        return copy;
      }
      if (isArguments(item)) refuse('An arguments object');
      const copy = keep(Array.isArray(item) ? new Array(item.length) : {});
      // An own __proto__ stays a property.
      for (const key of Object.keys(item)) Object.defineProperty(copy, key, { value: clone(item[key]), writable: true, configurable: true, enumerable: true });
      return copy;
    }
    function cloneChecked(item, keep) {
      if (is.symbol(item)) refuse('A symbol');
      if (is.date(item)) return keep(new Date(apply(getTime, item, [])));
      if (is.regExp(item)) return keep(new RegExp(apply(sourceOf, item, []), flagsOf.map(([flag, read]) => apply(read, item, []) ? flag : '').join('')));
      const valueOf = valuesOf.find(read => brand(read)(item));
      if (valueOf) return keep(Object(apply(valueOf, item, [])));
      if (is.sharedBuffer(item)) return keep(item); // its copy would share its memory
      if (is.buffer(item)) {
        const [detached, resizable, byteLength, maxByteLength] = ofBuffers.map(read => apply(read, item, []));
        if (detached) refuse('A detached array buffer');
        const copy = keep(new ArrayBuffer(byteLength, resizable ? { maxByteLength } : undefined));
        new Uint8Array(copy).set(new Uint8Array(item));
        return copy;
      }
      if (is.map(item)) { const copy = keep(new Map()); for (const [key, entry] of [...apply(entriesOf, item, [])]) copy.set(clone(key), clone(entry)); return copy; }
      if (is.set(item)) { const copy = keep(new Set()); for (const entry of [...apply(valuesOfSet, item, [])]) copy.add(clone(entry)); return copy; }
    }
    for (const buffer of transferred) clone(buffer);
    const copy = clone(value);
    for (const buffer of transferred) buffer.transfer();
    return copy;
  });

  const randomBytes = count => {
    const bytes = new Uint8Array(count);
    for (let i = 0; i < count;) for (const pair of randomHex().match(/../g)) if (i < count) bytes[i++] = parseInt(pair, 16);
    return bytes;
  };
  define('crypto', {
    getRandomValues(array) {
      if (!ArrayBuffer.isView(array) || array.byteLength > 65_536) throw failure('getRandomValues: an integer array of at most 65536 bytes is needed', 'QuotaExceededError');
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(randomBytes(array.byteLength));
      return array;
    },
    randomUUID() {
      const bytes = randomBytes(16);
      bytes[6] = bytes[6] & 0x0f | 0x40;
      bytes[8] = bytes[8] & 0x3f | 0x80;
      return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    },
  });

  // Whatever runs the script's code is entered through here: V8 refuses eval and Function to code that was entered from another realm.
  const evaluate = eval;
  return (operation, code, insertions, lines, limit) => operation(evaluate, code, insertions, lines, limit);
})
