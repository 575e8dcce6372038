// Runs in a realm of its own, so that nothing the script replaces in its realm changes what is reported here.
// Values are inspected without running the script's code: no getter, Proxy trap, toString or toJSON.
(send => {
  'use strict';
  const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const { apply, ownKeys } = Reflect;
  const MAX_DEPTH = 8, MAX_JSON_DEPTH = 32, MAX_ITEMS = 200, MAX_FRAMES = 5, MAX_LISTED = 10_000;
  const proxies = new WeakSet();
  const CUT = Symbol('cut');
  const UNSUPPORTED = Symbol('unsupported');

  let intrinsics;          // of the script's realm
  let limit = 0;           // of the console and of the result, in characters each
  let printed = 0;
  let consoleIsCut = false;
  let insertions = [];     // what was added to the script: [line, column, length], in order
  let lines = Infinity;    // of the script as it was written

  const isObject = value => typeof value === 'object' && value !== null || typeof value === 'function';
  const isProxy = value => proxies.has(value);
  const getter = (prototype, name) => getOwnPropertyDescriptor(prototype, name).get;
  const hasBrand = read => value => { try { apply(read, value, []); return true; } catch { return false; } };
  const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
  const is = {
    map: hasBrand(getter(Map.prototype, 'size')),
    set: hasBrand(getter(Set.prototype, 'size')),
    date: hasBrand(Date.prototype.getTime),
    regExp: value => value !== intrinsics.RegExpPrototype && hasBrand(getter(RegExp.prototype, 'source'))(value) && getOwnPropertyDescriptor(value, 'lastIndex') !== undefined,
    typedArray: value => ArrayBuffer.isView(value) && apply(getter(typedArrayPrototype, Symbol.toStringTag), value, []) !== undefined,
    dataView: hasBrand(getter(DataView.prototype, 'byteLength')),
    buffer: hasBrand(getter(ArrayBuffer.prototype, 'byteLength')),
    sharedBuffer: hasBrand(getter(SharedArrayBuffer.prototype, 'byteLength')),
    weakMap: value => { try { WeakMap.prototype.has.call(value, value); return true; } catch { return false; } },
    weakSet: value => { try { WeakSet.prototype.has.call(value, value); return true; } catch { return false; } },
    boxed: value => [Number, String, Boolean, BigInt, Symbol].find(type => hasBrand(type.prototype.valueOf)(value)),
  };
  const isPlain = value => { const prototype = getPrototypeOf(value); return prototype === null || prototype === intrinsics.ObjectPrototype; };

  // Enumerable properties of an array other than its items. Those that a match always has say what was searched.
  function namedKeys(array) {
    if (array.length > MAX_LISTED) return [];
    const own = name => getOwnPropertyDescriptor(array, name);
    const isMatch = typeof own('index')?.value === 'number' && typeof own('input')?.value === 'string' && own('groups') !== undefined;
    return ownKeys(array).filter(key => own(key).enumerable && !(typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key))
      && !(isMatch && (key === 'index' || key === 'input' || key === 'groups' && own(key).value === undefined)));
  }

  // A property's value, own or inherited; undefined where only code could tell.
  function read(value, name) {
    for (let current = value; current !== null && !isProxy(current); current = getPrototypeOf(current)) {
      const property = getOwnPropertyDescriptor(current, name);
      if (property) return property.value;
    }
  }

  function className(value) {
    const prototype = getPrototypeOf(value);
    if (prototype === null || isProxy(prototype)) return '';
    const constructor = read(prototype, 'constructor');
    const name = typeof constructor === 'function' && !isProxy(constructor) ? read(constructor, 'name') : '';
    return typeof name === 'string' && name.length < 100 ? name : '';
  }

  // Positions are reported as in the script that the model wrote.
  function position(line, column) {
    let moved = 0;
    for (const [at, start, length] of insertions) {
      if (at !== line || column <= start + moved) continue;
      moved += Math.min(length, column - 1 - start - moved);
    }
    return `script.js:${line}:${Math.max(1, column - moved)}`;
  }

  // Without half of a surrogate pair at the end.
  function cutText(text, length) {
    return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
  }

  function frames(stack) {
    const found = [];
    for (const line of stack.slice(0, 20_000).split('\n')) {
      const match = /^ +at (?:(.*) \()?script\.js:(\d+):(\d+)\)?$/.exec(line);
      if (!match || +match[2] > lines) continue;
      const name = (match[1] ?? '').replace(/^async /, '');
      const place = position(+match[2], +match[3]);
      found.push(!name || name === 'eval' || name === '<anonymous>' ? `    at ${place}` : `    at ${name} (${place})`);
      if (found.length === MAX_FRAMES) break;
    }
    return found;
  }

  function stackOf(error) {
    const property = getOwnPropertyDescriptor(error, 'stack');
    if (!property) return '';
    const value = property.get && property.get === intrinsics.readStack ? apply(property.get, error, []) : property.value;
    return typeof value === 'string' ? value : '';
  }

  function errorText(error) {
    const name = read(error, 'name'), message = read(error, 'message');
    const head = (typeof name === 'string' && name || 'Error') + (typeof message === 'string' && message ? `: ${message}` : '');
    return [head, ...frames(stackOf(error))].join('\n');
  }

  class Text {
    text = '';
    open = new Set();

    constructor(room) { this.room = Math.max(0, room); }

    append(text) {
      const left = this.room - this.text.length;
      if (text.length > left) {
        this.text += cutText(text, left);
        throw CUT;
      }
      this.text += text;
    }

    // A string as it is; anything else as it is written within an object.
    top(value) { typeof value === 'string' ? this.append(value) : this.value(value); }

    value(value) {
      switch (typeof value) {
        case 'string': return this.append(`'${value.slice(0, this.room + 1).replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`);
        case 'bigint': return this.append(`${value}n`);
        case 'number': return this.append(Object.is(value, -0) ? '-0' : String(value));
        case 'function': case 'object': return value === null ? this.append('null') : this.object(value);
        default: return this.append(String(value));
      }
    }

    object(value) {
      if (isProxy(value)) return this.append('[Proxy]');
      if (typeof value === 'function') {
        const name = read(value, 'name');
        return this.append(typeof name === 'string' && name ? `[Function: ${name}]` : '[Function (anonymous)]');
      }
      if (is.date(value)) { const time = apply(Date.prototype.getTime, value, []); return this.append(Number.isNaN(time) ? 'Invalid Date' : new Date(time).toISOString()); }
      if (is.regExp(value)) return this.append(`/${apply(getter(RegExp.prototype, 'source'), value, [])}/${flags(value)}`);
      const isError = Error.isError(value);
      if (isError) this.append(errorText(value));
      const boxed = is.boxed(value);
      if (boxed) { this.append(`[${boxed.name}: `); this.value(apply(boxed.prototype.valueOf, value, [])); return this.append(']'); }
      if (this.open.has(value)) return isError || this.append('[Circular]');
      if (this.open.size >= MAX_DEPTH) return isError || this.append(Array.isArray(value) ? '[Array]' : '[Object]');
      this.open.add(value);
      isError ? this.reasons(value) : this.members(value);
      this.open.delete(value);
    }

    // What an error was made of, as Promise.any does.
    reasons(error) {
      const errors = getOwnPropertyDescriptor(error, 'errors')?.value, cause = getOwnPropertyDescriptor(error, 'cause');
      if (isObject(errors) && !isProxy(errors) && Array.isArray(errors)) {
        this.append('\n[errors]: ');
        this.list('', '[', errors.length, index => this.index(errors, index), ']');
      }
      if (cause) { this.append('\n[cause]: '); this.property(cause); }
    }

    members(value) {
      if (Array.isArray(value)) {
        const keys = namedKeys(value);
        return this.list('', '[', value.length + keys.length, index => index < value.length ? this.index(value, index) : this.named(value, keys[index - value.length]), ']');
      }
      if (is.typedArray(value)) {
        const length = apply(getter(typedArrayPrototype, 'length'), value, []);
        return this.list(`${apply(getter(typedArrayPrototype, Symbol.toStringTag), value, [])}(${length}) `, '[', length, index => this.value(value[index]), ']');
      }
      if (is.map(value)) {
        const entries = [];
        apply(Map.prototype.forEach, value, [(item, key) => { if (entries.length <= MAX_ITEMS) entries.push([key, item]); }]);
        const size = apply(getter(Map.prototype, 'size'), value, []);
        return this.list(`Map(${size}) `, '{', size, index => { this.value(entries[index][0]); this.append(' => '); this.value(entries[index][1]); }, '}');
      }
      if (is.set(value)) {
        const items = [];
        apply(Set.prototype.forEach, value, [item => { if (items.length <= MAX_ITEMS) items.push(item); }]);
        const size = apply(getter(Set.prototype, 'size'), value, []);
        return this.list(`Set(${size}) `, '{', size, index => this.value(items[index]), '}');
      }
      if (is.buffer(value)) return this.append(`ArrayBuffer { byteLength: ${apply(getter(ArrayBuffer.prototype, 'byteLength'), value, [])} }`);
      if (is.sharedBuffer(value)) return this.append(`SharedArrayBuffer { byteLength: ${apply(getter(SharedArrayBuffer.prototype, 'byteLength'), value, [])} }`);
      if (is.dataView(value)) return this.append(`DataView { byteLength: ${apply(getter(DataView.prototype, 'byteLength'), value, [])} }`);
      if (is.weakMap(value)) return this.append('WeakMap { <items unknown> }');
      if (is.weakSet(value)) return this.append('WeakSet { <items unknown> }');
      const keys = ownKeys(value).filter(key => getOwnPropertyDescriptor(value, key)?.enumerable);
      const name = isPlain(value) ? '' : className(value);
      this.list(name && name !== 'Object' ? `${name} ` : '', '{', keys.length, index => this.named(value, keys[index]), '}');
    }

    named(value, key) {
      this.append(typeof key === 'symbol' ? `[${String(key)}]: ` : `${/^[A-Za-z_$][\w$]*$/.test(key) || !/[^\w-]/.test(key) ? key : `'${key}'`}: `);
      this.property(getOwnPropertyDescriptor(value, key));
    }

    index(array, index) {
      const property = getOwnPropertyDescriptor(array, index);
      property ? this.property(property) : this.append('<empty>');
    }

    property(property) {
      if ('value' in property) this.value(property.value);
      else this.append(!property.set ? '[Getter]' : !property.get ? '[Setter]' : '[Getter/Setter]');
    }

    list(prefix, open, count, write, close) {
      this.append(prefix + open);
      for (let index = 0; index < count; index++) {
        this.append(index === 0 ? ' ' : ', ');
        if (index === MAX_ITEMS) { this.append(`… ${count - MAX_ITEMS} more items`); break; }
        write(index);
      }
      this.append(count === 0 ? close : ` ${close}`);
    }
  }

  function flags(value) {
    let text = '';
    for (const [flag, name] of [['d', 'hasIndices'], ['g', 'global'], ['i', 'ignoreCase'], ['m', 'multiline'], ['s', 'dotAll'], ['u', 'unicode'], ['v', 'unicodeSets'], ['y', 'sticky']])
      if (apply(getter(RegExp.prototype, name), value, [])) text += flag;
    return text;
  }

  // The text, and whether it was cut at the limit.
  function format(room, write) {
    const text = new Text(room);
    try { write(text); return [text.text, false]; }
    catch (error) { if (error !== CUT) throw error; return [text.text, true]; }
  }

  // JSON where JSON can represent all of the value.
  function json(value) {
    let length = 0;
    const add = text => { length += text.length; if (length > limit) throw UNSUPPORTED; return text; };
    const data = (property, depth) => { if (!property || !('value' in property)) throw UNSUPPORTED; return write(property.value, depth); };
    function write(value, depth) {
      if (value === null || typeof value === 'boolean') return add(String(value));
      if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return add(String(value));
      if (typeof value === 'string' && value.length <= limit) return add(JSON.stringify(value.toWellFormed()));
      if (!isObject(value) || isProxy(value) || depth > MAX_JSON_DEPTH) throw UNSUPPORTED;
      const parts = [];
      if (Array.isArray(value)) {
        for (let index = 0; index < value.length; index++) parts.push(data(getOwnPropertyDescriptor(value, index), depth + 1), add(','));
        if (namedKeys(value).length > 0) throw UNSUPPORTED;
        parts.pop();
        return `[${parts.join('')}]`;
      }
      // Map, Date and the like have a prototype of their own, unless the script took it away.
      if (typeof value === 'function' || !isPlain(value) || Error.isError(value) || is.map(value) || is.set(value) || is.date(value)) throw UNSUPPORTED;
      for (const key of ownKeys(value)) {
        const property = getOwnPropertyDescriptor(value, key);
        if (!property.enumerable) continue;
        if (typeof key === 'symbol') throw UNSUPPORTED;
        parts.push(add(JSON.stringify(key.toWellFormed())), ':', data(property, depth + 1), add(','));
      }
      parts.pop();
      return `{${parts.join('')}}`;
    }
    try { return write(value, 0); }
    catch (error) { if (error === UNSUPPORTED || error instanceof RangeError) return undefined; throw error; }
  }

  function report(value) {
    const text = json(value);
    if (text !== undefined) return send('V', text);
    const [shown, cut] = format(limit, target => target.top(value));
    if (cut) send('X', '');
    send('V', JSON.stringify((cut ? `${shown}… (cut at ${limit} characters)` : shown).toWellFormed()));
  }

  const HINTS = [
    [/^ReferenceError: (require|module|exports|process|Buffer|Deno|Bun|__dirname|__filename) is not defined/, 'There are no Node.js modules or APIs here: use plain JavaScript.'],
    [/^ReferenceError: (fetch|XMLHttpRequest|WebSocket) is not defined/, 'There is no network here.'],
    [/^ReferenceError: (document|window|navigator|localStorage|alert|prompt) is not defined/, 'There is no browser and no DOM here.'],
    [/^ReferenceError: (WebAssembly|Temporal) is not defined/, 'It is not available here.'],
    [/^Error: Not supported\b/, 'Modules can\'t be loaded here: import() is not available.'],
    [/^RangeError: Array buffer allocation failed/, 'It is more memory than the script may use.'],
  ];
  const hint = text => { const found = HINTS.find(([pattern]) => pattern.test(text)); return found ? `${text}\n${found[1]}` : text; };

  function fail(thrown) {
    const [text, cut] = format(limit, target => {
      if (isProxy(thrown) || !Error.isError(thrown)) target.append('Uncaught ');
      target.top(thrown);
    });
    send('E', hint(cut ? `${text}… (cut at ${limit} characters)` : text));
  }

  // Groups, timers and counters of the console.
  let indent = '';
  const started = new Map(), counts = new Map();
  const label = values => values.length === 0 || values[0] === undefined ? 'default' : format(100, text => text.top(values[0]))[0];

  // The placeholders of the first argument, then the other arguments.
  function writeAll(text, values) {
    let next = 0;
    if (typeof values[0] === 'string' && values.length > 1) {
      next = 1;
      const pattern = /%[sdifjoOc%]/g;
      let start = 0;
      for (let match; (match = pattern.exec(values[0]));) {
        if (match[0] !== '%%' && next >= values.length) continue;
        text.append(values[0].slice(start, match.index));
        start = pattern.lastIndex;
        const kind = match[0][1];
        if (kind === '%') text.append('%');
        else if (kind === 'c') next++;
        else if (kind === 's') text.top(values[next++]);
        else if (kind === 'j') { const value = values[next++]; const written = json(value); written === undefined ? text.value(value) : text.append(written); }
        else if (kind === 'o' || kind === 'O') text.value(values[next++]);
        else {
          const value = values[next++];
          const number = typeof value === 'object' || typeof value === 'symbol' || typeof value === 'function' ? NaN : Number(value);
          text.value(kind === 'i' ? Math.trunc(number) : number);
        }
      }
      text.append(values[0].slice(start));
    }
    for (let index = next; index < values.length; index++) {
      if (index > 0) text.append(' ');
      text.top(values[index]);
    }
  }

  // The rows of a table: a label and a value each.
  function rowsOf(data) {
    const rows = [];
    const add = (label, value) => { if (rows.length < MAX_ITEMS) rows.push({ label, value }); };
    if (is.map(data)) apply(Map.prototype.forEach, data, [(value, key) => add(text => text.value(key), value)]);
    else if (is.set(data)) apply(Set.prototype.forEach, data, [value => { const index = rows.length; add(text => text.append(`${index}`), value); }]);
    else for (const key of ownKeys(data).filter(key => typeof key === 'string' && getOwnPropertyDescriptor(data, key)?.enumerable).slice(0, MAX_ITEMS))
      add(text => text.append(key), getOwnPropertyDescriptor(data, key).value);
    return rows;
  }

  // A table of the rows' own data, as Markdown; anything else as it is. A list of names selects columns.
  function writeTable(text, values) {
    const [data, selected] = values;
    if (!isObject(data) || isProxy(data) || typeof data === 'function') return writeAll(text, values);
    const rows = rowsOf(data);
    const own = value => isObject(value) && !isProxy(value) ? ownKeys(value).filter(key => typeof key === 'string' && getOwnPropertyDescriptor(value, key)?.enumerable) : [];
    const names = isObject(selected) && !isProxy(selected) && Array.isArray(selected) ? Array.from({ length: Math.min(selected.length, 30) }, (_, index) => getOwnPropertyDescriptor(selected, index)?.value) : undefined;
    const columns = names?.filter(name => typeof name === 'string' || typeof name === 'number').map(String)
      ?? [...new Set(rows.flatMap(({ value }) => own(value).slice(0, 30)))].slice(0, 30);
    const hasValues = !names && rows.some(({ value }) => !isObject(value));
    text.append(`| (index) |${columns.map(name => ` ${name} |`).join('')}${hasValues ? ' Values |' : ''}`);
    text.append(`\n|---|${columns.map(() => '---|').join('')}${hasValues ? '---|' : ''}`);
    for (const { label, value } of rows) {
      text.append('\n| ');
      label(text);
      text.append(' |');
      for (const name of columns) {
        const property = isObject(value) && !isProxy(value) ? getOwnPropertyDescriptor(value, name) : undefined;
        text.append(' ');
        if (property) text.property(property);
        text.append(' |');
      }
      if (hasValues) { text.append(' '); if (!isObject(value)) text.value(value); text.append(' |'); }
    }
  }

  function print(write) {
    if (consoleIsCut) return;
    const room = Math.max(0, limit - printed);
    let [text, cut] = format(room, write);
    if (indent) {
      text = indent + text.replaceAll('\n', `\n${indent}`);
      cut ||= text.length > room;
      text = cutText(text, room);
    }
    printed += text.length + 1; // an empty line counts, too
    consoleIsCut = cut || printed >= limit;
    send('C', (cut ? `${text}… (cut at ${limit} characters)` : text).toWellFormed());
    if (consoleIsCut) {
      send('C', `… (console output was cut at ${limit} characters)`);
      send('X', '');
    }
  }

  const printAll = values => print(text => writeAll(text, values));
  const elapsed = name => `${name}: ${Math.round((clock() - started.get(name)) * 1000) / 1000} ms`;
  const consoleMethods = {
    log: printAll, info: printAll, warn: printAll, error: printAll, debug: printAll, trace: printAll, dirxml: printAll,
    dir: values => printAll(values.slice(0, 1)),
    table: values => print(text => writeTable(text, values)),
    group(values) { if (values.length > 0) printAll(values); if (indent.length < 40) indent += '  '; },
    groupCollapsed: values => consoleMethods.group(values),
    groupEnd() { indent = indent.slice(2); },
    time(values) { started.set(label(values), clock()); },
    timeLog(values) { const name = label(values); if (started.has(name)) printAll([elapsed(name), ...values.slice(1)]); },
    timeEnd(values) { const name = label(values); if (started.has(name)) printAll([elapsed(name)]); started.delete(name); },
    count(values) { const name = label(values); counts.set(name, (counts.get(name) ?? 0) + 1); printAll([`${name}: ${counts.get(name)}`]); },
    countReset(values) { counts.delete(label(values)); },
    assert(values) { if (!values[0]) printAll(['Assertion failed' + (values.length > 1 ? ':' : ''), ...values.slice(1)]); },
    clear() {}, timeStamp() {}, profile() {}, profileEnd() {},
  };

  // Timers, earliest first from head on; equal times in the order in which they were set. A removed timer is skipped.
  let clock, lastTimer = 0, queue = [], head = 0;
  const timers = new Map();
  function addTimer(run, delay, repeat) {
    const wait = Math.max(1, Math.min(Number.isFinite(delay) ? delay : 0, 2 ** 31 - 1));
    timers.set(++lastTimer, { run, wait, repeat });
    enqueue(lastTimer, wait);
    return lastTimer;
  }
  function enqueue(id, wait) {
    const due = clock() + wait;
    let low = head;
    for (let high = queue.length; low < high;) {
      const middle = (low + high) >> 1;
      if (queue[middle].due <= due) low = middle + 1; else high = middle;
    }
    queue.splice(low, 0, { id, due });
    if (queue.length > 2 * timers.size + 1000) [queue, head] = [queue.slice(head).filter(({ id }) => timers.has(id)), 0];
  }
  // Undefined if no timer is left.
  function next() {
    while (head < queue.length && !timers.has(queue[head].id)) head++;
    return queue[head];
  }

  let state = 'running', outcome;
  const settle = (to, value) => { if (state === 'waiting') { state = to; outcome = value; } };

  return {
    forRealm: {
      consoleMethods: Object.keys(consoleMethods),
      console: (method, values) => { consoleMethods[method](Array.from({ length: values.length }, (_, index) => values[index])); },
      register: proxy => { proxies.add(proxy); },
      isProxy,
      addTimer, removeTimer: id => { timers.delete(id); },
      now: () => clock(),
    },
    attach(realm, now) { intrinsics = realm; clock = now; },
    run(evaluate, code, inserted, lineCount, characters) {
      limit = characters;
      insertions = JSON.parse(inserted);
      lines = lineCount;
      try {
        const value = evaluate(code);
        state = 'waiting';
        // Throws for anything but a promise, before it runs any code. A class of the script's is given a function of its own realm.
        try { apply(intrinsics.then, isObject(value) && !isProxy(value) ? value : 0, [result => settle('done', result), error => settle('failed', error)]); }
        catch { state = 'done'; outcome = value; }
      } catch (error) {
        state = 'failed';
        outcome = error;
      }
    },
    // Milliseconds until the next timer; -1 when there is none, or the script has failed.
    wait: () => state === 'failed' || !next() ? -1 : Math.max(0, next().due - clock()),
    // Runs the next timer's function.
    runTimer() {
      const { id } = next(), timer = timers.get(id);
      head++;
      if (timer.repeat) enqueue(id, timer.wait); else timers.delete(id);
      try { timer.run(); }
      catch (error) { state = 'failed'; outcome = error; }
    },
    // Reports how the script ended; false for a syntax error, whose position only the compiler knows.
    end() {
      if (state === 'done') report(outcome);
      else if (state === 'failed') {
        if (Error.isError(outcome) && !isProxy(outcome) && read(outcome, 'name') === 'SyntaxError' && frames(stackOf(outcome)).length === 0) return false;
        fail(outcome);
      } else send('E', 'The script ended while the promise that it awaits was still pending: nothing is left to run that could settle it. '
        + 'There is no network and no file access here.');
      return true;
    },
    position,
  };
})
