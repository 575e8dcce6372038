import { language, strings } from "../i18n/strings";

/** 840 ms, 1.9 s, 75 s, 3 min 5 s. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${Math.round(milliseconds)} ms`;
  }
  const seconds = milliseconds / 1000;
  if (seconds < 100) {
    return `${seconds < 10 ? tenths(seconds) : Math.round(seconds)} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** 0.0183 USD: two significant digits of small amounts, cents of others. Without a currency, the number alone. */
export function money(value: number, currency: string | undefined): string {
  const digits = value !== 0 && Math.abs(value) < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2 };
  const amount = value.toLocaleString(language.getState(), digits);
  return currency === undefined ? amount : `${amount} ${currency}`;
}

/** 12% in English, 12 % in German. */
export function percent(share: number): string {
  return share.toLocaleString(language.getState(), { style: "percent" });
}

export function count(value: number): string {
  return value.toLocaleString(language.getState());
}

/** 812 B, 24 KB, 3.1 MB. */
export function bytes(value: number): string {
  if (value < 1000) {
    return `${value} B`;
  }
  return value < 1_000_000 ? `${Math.round(value / 1000)} KB` : `${tenths(value / 1_000_000)} MB`;
}

function tenths(value: number): string {
  return value.toLocaleString(language.getState(), { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** A time of today, or a date with a time. */
export function when(time: number, now = Date.now()): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return date.toLocaleString(
    language.getState(),
    isToday ? { hour: "2-digit", minute: "2-digit" } : { dateStyle: "medium", timeStyle: "short" },
  );
}

/** `page_summary` in words. */
export function words(name: string): string {
  const spaced = name.replace(/[_-]+/g, " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** The text up to the end of its first sentence. */
export function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}

/** A word of the server, such as the phase of a model call, in the language of the page. */
export function serverWord(name: string): string {
  return Object.hasOwn(strings.serverWords, name) ? (strings.serverWords[name] ?? name) : words(name);
}
