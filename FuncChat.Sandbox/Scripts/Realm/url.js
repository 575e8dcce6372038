// URL and URLSearchParams as the URL standard defines them (https://url.spec.whatwg.org).
(() => {
  'use strict';
  const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  const PORTS = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21', 'file:': '' };
  const isSpecial = url => url.scheme in PORTS;
  const invalid = text => { const error = new TypeError(`Invalid URL: ${text}`); error.code = 'ERR_INVALID_URL'; return error; };

  const utf8 = new TextEncoder(), fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  const hex = byte => '%' + byte.toString(16).toUpperCase().padStart(2, '0');
  const encode = (text, unsafe) => text.toWellFormed().replace(unsafe, part => Array.from(utf8.encode(part), hex).join(''));
  const C0 = /[^\x20-\x7e]/gu, FRAGMENT = /[^\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7e]/gu, QUERY = /[^\x21\x24-\x3b\x3d\x3f-\x7e]/gu,
    SPECIAL_QUERY = /[^\x21\x24-\x26\x28-\x3b\x3d\x3f-\x7e]/gu, PATH = /[^\x21\x24-\x3b\x3d\x40-\x5d\x5f\x61-\x7a\x7c\x7e]/gu,
    USER = /[^\x21\x24-\x2e\x30-\x39\x41-\x5a\x5f\x61-\x7a\x7e\x25]/gu, FORM = /[^\x2a\x2d\x2e\x30-\x39\x41-\x5a\x5f\x61-\x7a]/gu;
  function decodeBytes(text) {
    if (!text.includes('%')) return text;
    const bytes = [];
    const source = utf8.encode(text);
    for (let i = 0; i < source.length; i++) {
      const pair = source[i] === 0x25 ? String.fromCharCode(source[i + 1], source[i + 2]) : '';
      if (/^[0-9a-f]{2}$/i.test(pair)) { bytes.push(parseInt(pair, 16)); i += 2; } else bytes.push(source[i]);
    }
    return fromUtf8.decode(Uint8Array.from(bytes));
  }

  function punycode(label) {
    const points = Array.from(label, letter => letter.codePointAt(0));
    const basic = points.filter(point => point < 0x80);
    let out = String.fromCodePoint(...basic) + (basic.length > 0 ? '-' : '');
    let n = 0x80, delta = 0, bias = 72, handled = basic.length, first = true;
    const digit = value => String.fromCharCode(value < 26 ? value + 97 : value + 22);
    while (handled < points.length) {
      const m = Math.min(...points.filter(point => point >= n));
      delta += (m - n) * (handled + 1);
      n = m;
      for (const point of points) {
        if (point < n) delta++;
        if (point !== n) continue;
        let q = delta;
        for (let k = 36; ; k += 36) {
          const t = Math.max(1, Math.min(26, k - bias));
          if (q < t) break;
          out += digit(t + (q - t) % (36 - t));
          q = Math.floor((q - t) / (36 - t));
        }
        out += digit(q);
        delta = first ? Math.floor(delta / 700) : delta >> 1;
        delta += Math.floor(delta / (handled + 1));
        let k = 0;
        for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
        bias = k + Math.floor(36 * delta / (delta + 38));
        delta = 0;
        first = false;
        handled++;
      }
      delta++;
      n++;
    }
    return `xn--${out}`;
  }

  function ipv4(host) {
    const parts = host.split('.');
    if (parts.at(-1) === '' && parts.length > 1) parts.pop();
    if (!/^(0x[0-9a-f]*|[0-9]+)$/i.test(parts.at(-1))) return undefined;
    if (parts.length > 4) return null;
    const numbers = parts.map(part => part === '' ? NaN : /^0x[0-9a-f]*$/i.test(part) ? parseInt(part.slice(2) || '0', 16) : /^0[0-7]*$/.test(part) ? parseInt(part, 8) : /^[1-9][0-9]*$/.test(part) ? Number(part) : NaN);
    if (numbers.some(Number.isNaN) || numbers.slice(0, -1).some(number => number > 255) || numbers.at(-1) >= 256 ** (5 - numbers.length)) return null;
    const value = numbers.at(-1) + numbers.slice(0, -1).reduce((sum, number, index) => sum + number * 256 ** (3 - index), 0);
    return [24, 16, 8, 0].map(shift => Math.floor(value / 2 ** shift) % 256).join('.');
  }

  function ipv6(text) {
    const v4 = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
    if (v4) {
      const bytes = v4.slice(2).map(Number);
      if (bytes.some((byte, index) => byte > 255 || v4[index + 2] !== String(byte))) return null;
      text = `${v4[1]}${(bytes[0] << 8 | bytes[1]).toString(16)}:${(bytes[2] << 8 | bytes[3]).toString(16)}`;
    }
    const halves = text.split('::');
    if (halves.length > 2) return null;
    const [left, right = []] = halves.map(half => half === '' ? [] : half.split(':'));
    if ([...left, ...right].some(piece => !/^[0-9a-f]{1,4}$/i.test(piece))) return null;
    const missing = 8 - left.length - right.length;
    if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
    const pieces = [...left, ...Array(halves.length === 2 ? missing : 0).fill('0'), ...right].map(piece => parseInt(piece, 16));
    let best = [0, 0];
    for (let i = 0, length = 0; i <= 8; i++) {
      if (pieces[i] === 0) { if (++length > best[1]) best = [i - length + 1, length]; } else length = 0;
    }
    const write = part => part.map(piece => piece.toString(16)).join(':');
    return best[1] < 2 ? write(pieces) : `${write(pieces.slice(0, best[0]))}::${write(pieces.slice(best[0] + best[1]))}`;
  }

  // Null for an invalid host.
  function parseHost(text, special) {
    if (text.startsWith('[')) { const address = text.endsWith(']') ? ipv6(text.slice(1, -1)) : null; return address === null ? null : `[${address}]`; }
    if (!special) return /[\0\t\n\r #/:<>?@[\\\]^|]/.test(text) ? null : encode(text, C0);
    const plain = decodeBytes(text).normalize('NFKC').toLowerCase().replace(/[\u3002\uff0e\uff61]/g, '.').replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, '').normalize('NFC');
    const ascii = plain.split('.').map(label => /[^\0-\x7f]/.test(label) ? punycode(label) : label).join('.');
    if (ascii === '' || /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/.test(ascii)) return null;
    const address = ipv4(ascii);
    return address === undefined ? ascii : address;
  }

  const isDrive = text => /^[a-z][:|]$/i.test(text);
  function addPath(url, text) {
    const pieces = text.split(isSpecial(url) ? /[/\\]/ : '/');
    if (pieces.length > 0 && pieces[0] === '') pieces.shift();
    pieces.forEach((piece, index) => {
      const last = index === pieces.length - 1, plain = piece.replace(/%2e/gi, '.');
      if (plain === '..') {
        if (!(url.scheme === 'file:' && url.path.length === 1 && isDrive(url.path[0]))) url.path.pop();
        if (last) url.path.push('');
      } else if (plain === '.') { if (last) url.path.push(''); }
      else url.path.push(url.scheme === 'file:' && url.path.length === 0 && isDrive(piece) ? `${piece[0]}:` : encode(piece, PATH));
    });
  }

  function setAuthority(url, text) {
    const at = text.lastIndexOf('@');
    if (at >= 0) {
      const colon = text.slice(0, at).indexOf(':');
      url.username = encode(colon < 0 ? text.slice(0, at) : text.slice(0, colon), USER);
      url.password = colon < 0 ? '' : encode(text.slice(colon + 1, at), USER);
    }
    const [, host, , port] = /^(\[[^\]]*\]|[^:]*)(:(.*))?$/s.exec(text.slice(at + 1)) ?? [];
    if (host === undefined || (host === '' && (isSpecial(url) && url.scheme !== 'file:' || at >= 0 || port))) return false;
    return setHost(url, host) && (port === undefined || setPort(url, port));
  }
  function setHost(url, text) {
    const host = text === '' ? '' : parseHost(text, isSpecial(url));
    if (host === null || host === '' && isSpecial(url) && url.scheme !== 'file:') return false;
    url.host = url.scheme === 'file:' && host === 'localhost' ? '' : host;
    return true;
  }
  function setPort(url, text) {
    if (text === '') { url.port = ''; return true; }
    if (!/^\d+$/.test(text) || Number(text) > 65_535) return false;
    url.port = String(Number(text)) === PORTS[url.scheme] ? '' : String(Number(text));
    return true;
  }

  // Null for an invalid address.
  function parse(input, base) {
    let text = input.toWellFormed().replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
    const url = { scheme: '', username: '', password: '', host: null, port: '', path: [], opaque: null, query: null, fragment: null };
    const hash = text.indexOf('#');
    if (hash >= 0) { url.fragment = encode(text.slice(hash + 1), FRAGMENT); text = text.slice(0, hash); }
    const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(text)?.[0].toLowerCase();
    const relative = !scheme || base && scheme === base.scheme && isSpecial(base) && !/^[/\\]{2}/.test(text.slice(scheme.length)) && scheme !== 'file:';
    if (!scheme && !base) return null;
    if (relative && base.opaque !== null) {
      if (text !== '' || hash < 0) return null;
      return { ...base, fragment: url.fragment };
    }
    url.scheme = relative ? base.scheme : scheme;
    let rest = scheme ? text.slice(scheme.length) : text;
    const question = rest.indexOf('?');
    if (question >= 0) { url.query = encode(rest.slice(question + 1), isSpecial(url) ? SPECIAL_QUERY : QUERY); rest = rest.slice(0, question); }
    const slashes = isSpecial(url) ? /^[/\\]{2}/ : /^\/\//;
    if (!relative && !isSpecial(url) && !rest.startsWith('/')) { url.opaque = encode(rest, C0); return url; }
    if (slashes.test(rest) || !relative && isSpecial(url) && url.scheme !== 'file:') {
      rest = isSpecial(url) && url.scheme !== 'file:' ? rest.replace(/^[/\\]*/, '') : rest.slice(2);
      const end = rest.search(isSpecial(url) ? /[/\\]/ : /\//);
      const authority = end < 0 ? rest : rest.slice(0, end);
      if (!(url.scheme === 'file:' && isDrive(authority))) {
        if (!setAuthority(url, authority)) return null;
        rest = end < 0 ? '' : rest.slice(end);
      }
      if (rest !== '' || isSpecial(url)) addPath(url, rest);
    } else if (relative || url.scheme === 'file:' && base?.scheme === 'file:') {
      url.username = base.username; url.password = base.password; url.host = base.host; url.port = base.port;
      if (rest === '') { url.path = [...base.path]; if (question < 0) url.query = base.query; }
      else {
        if (!/^[/\\]/.test(rest) || rest[0] === '\\' && !isSpecial(url)) url.path = base.path.slice(0, -1);
        addPath(url, rest);
      }
    } else {
      if (url.scheme === 'file:') url.host = '';
      addPath(url, rest);
    }
    if (isSpecial(url) && url.path.length === 0) url.path = [''];
    return url;
  }

  const hostOf = url => url.host === null ? '' : url.port === '' ? url.host : `${url.host}:${url.port}`;
  const pathOf = url => url.opaque ?? url.path.map(piece => `/${piece}`).join('');
  const serialize = url => url.scheme
    + (url.host === null ? (url.opaque === null && url.path.length > 1 && url.path[0] === '' ? '/.' : '')
      : `//${url.username || url.password ? `${url.username}${url.password ? `:${url.password}` : ''}@` : ''}${hostOf(url)}`)
    + pathOf(url) + (url.query === null ? '' : `?${url.query}`) + (url.fragment === null ? '' : `#${url.fragment}`);

  const parseForm = text => text.split('&').filter(Boolean).map(pair => {
    const at = pair.indexOf('=');
    return [at < 0 ? pair : pair.slice(0, at), at < 0 ? '' : pair.slice(at + 1)].map(part => decodeBytes(part.replaceAll('+', ' ')));
  });
  const writeForm = pairs => pairs.map(pair => pair.map(part => encode(part, FORM).replaceAll('%20', '+')).join('=')).join('&');

  class URLSearchParams {
    #pairs = [];
    #changed = () => {};
    constructor(init = '') {
      if (typeof init === 'object' && init !== null) {
        if (typeof init[Symbol.iterator] === 'function') this.#pairs = Array.from(init, pair => {
          const [name, value, ...more] = pair;
          if (more.length > 0 || value === undefined) throw new TypeError('URLSearchParams: each pair needs a name and a value');
          return [String(name).toWellFormed(), String(value).toWellFormed()];
        });
        else this.#pairs = Object.entries(init).map(([name, value]) => [String(name).toWellFormed(), String(value).toWellFormed()]);
      } else this.#pairs = parseForm(String(init).replace(/^\?/, ''));
    }
    static attach(params, changed) { params.#changed = changed; return text => { params.#pairs = parseForm(text); }; }
    get size() { return this.#pairs.length; }
    append(name, value) { this.#pairs.push([String(name).toWellFormed(), String(value).toWellFormed()]); this.#changed(); }
    delete(name, value) { this.#pairs = this.#pairs.filter(pair => pair[0] !== String(name) || value !== undefined && pair[1] !== String(value)); this.#changed(); }
    get(name) { return this.#pairs.find(pair => pair[0] === String(name))?.[1] ?? null; }
    getAll(name) { return this.#pairs.filter(pair => pair[0] === String(name)).map(pair => pair[1]); }
    has(name, value) { return this.#pairs.some(pair => pair[0] === String(name) && (value === undefined || pair[1] === String(value))); }
    set(name, value) {
      const at = this.#pairs.findIndex(pair => pair[0] === String(name));
      if (at < 0) return this.append(name, value);
      this.#pairs = this.#pairs.filter((pair, index) => index <= at || pair[0] !== String(name));
      this.#pairs[at] = [String(name), String(value).toWellFormed()];
      this.#changed();
    }
    sort() { this.#pairs = this.#pairs.toSorted((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0); this.#changed(); }
    forEach(run, self) { for (const [name, value] of this.#pairs) run.call(self, value, name, this); }
    *entries() { for (const pair of this.#pairs) yield [...pair]; }
    *keys() { for (const pair of this.#pairs) yield pair[0]; }
    *values() { for (const pair of this.#pairs) yield pair[1]; }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return writeForm(this.#pairs); }
    get [Symbol.toStringTag]() { return 'URLSearchParams'; }
  }
  const { attach } = URLSearchParams;
  delete URLSearchParams.attach;

  class URL {
    #url;
    #params;
    #refresh;
    constructor(address, base) {
      const parent = base === undefined ? undefined : parse(String(base));
      this.#url = parent === null ? null : parse(String(address), parent);
      if (this.#url === null) throw invalid(String(address));
      this.#params = new URLSearchParams(this.#url.query ?? '');
      this.#refresh = attach(this.#params, () => { this.#url.query = this.#params.toString() || null; });
    }
    static canParse(address, base) { try { return Boolean(new URL(address, base)); } catch { return false; } }
    static parse(address, base) { try { return new URL(address, base); } catch { return null; } }
    get href() { return serialize(this.#url); }
    set href(value) { const url = parse(String(value)); if (url === null) throw invalid(String(value)); this.#url = url; this.#refresh(url.query ?? ''); }
    get origin() { return isSpecial(this.#url) && this.#url.scheme !== 'file:' ? `${this.#url.scheme}//${hostOf(this.#url)}` : this.#url.scheme === 'blob:' ? URL.parse(pathOf(this.#url))?.origin ?? 'null' : 'null'; }
    get protocol() { return this.#url.scheme; }
    set protocol(value) {
      const scheme = /^([a-z][a-z0-9+.-]*)(:|$)/i.exec(String(value))?.[1].toLowerCase() + ':';
      if (scheme in PORTS === isSpecial(this.#url) && scheme !== 'undefined:') { this.#url.scheme = scheme; if (this.#url.port === PORTS[scheme]) this.#url.port = ''; }
    }
    get username() { return this.#url.username; }
    set username(value) { if (this.#url.host && this.#url.scheme !== 'file:') this.#url.username = encode(String(value), USER); }
    get password() { return this.#url.password; }
    set password(value) { if (this.#url.host && this.#url.scheme !== 'file:') this.#url.password = encode(String(value), USER); }
    get host() { return hostOf(this.#url); }
    set host(value) {
      const [, host, , port] = /^(\[[^\]]*\]|[^:/?#\\]*)(:(\d+))?/.exec(String(value));
      if (this.#url.opaque === null && setHost(this.#url, host) && port) setPort(this.#url, port);
    }
    get hostname() { return this.#url.host ?? ''; }
    set hostname(value) { if (this.#url.opaque === null) setHost(this.#url, /^(\[[^\]]*\]|[^:/?#\\]*)/.exec(String(value))[0]); }
    get port() { return this.#url.port; }
    set port(value) { const text = String(value); if (this.#url.host && (text === '' || /^\d/.test(text))) setPort(this.#url, /^\d*/.exec(text)[0]); }
    get pathname() { return pathOf(this.#url); }
    set pathname(value) { if (this.#url.opaque === null) { this.#url.path = []; addPath(this.#url, String(value).replace(/[?#]/g, hexOf => hexOf === '?' ? '%3F' : '%23')); if (this.#url.path.length === 0) this.#url.path = ['']; } }
    get search() { return this.#url.query ? `?${this.#url.query}` : ''; }
    set search(value) { const text = String(value).replace(/^\?/, ''); this.#url.query = text === '' ? null : encode(text, isSpecial(this.#url) ? SPECIAL_QUERY : QUERY).replaceAll('#', '%23'); this.#refresh(this.#url.query ?? ''); }
    get searchParams() { return this.#params; }
    get hash() { return this.#url.fragment ? `#${this.#url.fragment}` : ''; }
    set hash(value) { const text = String(value).replace(/^#/, ''); this.#url.fragment = text === '' ? null : encode(text, FRAGMENT); }
    toString() { return this.href; }
    toJSON() { return this.href; }
    get [Symbol.toStringTag]() { return 'URL'; }
  }
  define('URL', URL);
  define('URLSearchParams', URLSearchParams);
})
