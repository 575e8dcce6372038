// Checks the settings that the app gets, as the app does when it starts: settings.json has the rules of the code, and a test keeps it up to date.
import { readFileSync } from "node:fs";

const rules = Object.entries(JSON.parse(readFileSync(new URL("settings.json", import.meta.url), "utf8")));
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const email = /^(\*|[^\s@*]+)@[^\s@*]+$/;

/**
 * What is wrong with the settings, one line each.
 * @param settings Names and texts.
 * @param sourceOf The name that the user typed for a setting, such as FUNCCHAT_STORE_INTERVAL.
 */
export function problemsOf(settings, sourceOf = (name) => name) {
  const problems = Object.keys(settings)
    .filter((name) => settings[name] !== "")
    .map((name) => problemOf(name, settings[name], sourceOf(name)))
    .filter((problem) => problem !== undefined);
  // Names of settings ignore case, and Azure refuses two that differ only in it.
  const names = Object.keys(settings).filter((name) => settings[name] !== "");
  for (const [index, name] of names.entries()) {
    const twin = names.slice(0, index).find((other) => other.toLowerCase() === name.toLowerCase());
    if (twin) problems.push(`${[twin, name].map(sourceOf).join(" and ")} are the same setting: set it once.`);
  }

  return [...problems, ...signInProblemsOf(settings, sourceOf)];
}

/** The seconds in a duration such as 3600, 01:00:00 or 7.00:00:00; undefined if it is not one. */
export function secondsOf(text) {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const parts = /^(?:(\d+)\.)?([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d(?:\.\d{1,7})?))?$/.exec(text);
  return parts ? [86_400, 3600, 60, 1].reduce((sum, unit, index) => sum + unit * Number(parts[index + 1] ?? 0), 0) : undefined;
}

/** The default of a setting, which is the example of its rule. */
export const defaultOf = (name) => /Example: (.+)$/.exec(rules.find(([pattern]) => pattern === name)[1].problem)[1];

/** What is wrong with a text that is not a key. */
export const notAKey = "contains what no key has, such as a space, a line break or quotes around it: copy the key again.";

/** Whether a text can be a key, or refers to one in a vault. */
export const isKey = (text) => /^@Microsoft\.KeyVault\(/i.test(text) || /^(?!"(.*")?$|'(.*')?$)[!-~]+$/.test(text);

/** The entries of a list that is separated by commas. */
export const listOf = (text) => text.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "");

/** Whether a page of this origin sends exactly this text. */
export const isOrigin = (text) => !text.includes("*") && URL.canParse(text) && isHttp(new URL(text)) && new URL(text).origin === text;

function problemOf(name, value, source) {
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) return `${source} is not the name of a setting. Write __ in place of : and no spaces.`;
  const found = rules.find(([pattern]) => matches(pattern, name));
  if (!found) {
    if (!/^FuncChat(__|$)/i.test(name)) return undefined;
    return `${source} is not a setting.${question(name, rules.map(([pattern]) => pattern))} All settings are in docs/configuration.md.`;
  }

  const [pattern, rule] = found;
  if (isValid(pattern, rule, value)) return undefined;
  return `${source} ${rule.problem ?? problemsByName.find(([end]) => end.test(pattern))[1]}`;
}

// Of settings that a reader of their own reads.
const problemsByName = [
  [/(_API_URL|__Url|__BaseUrl|^SEARXNG_URL)$/, "must be an absolute http or https URL without a user name or password.", isHttpUrl],
  [/(^KEY_VAULT_URI|__Authority|__TokenUrl|ServiceUri)$/, "must be an https URL.", (value) => isHttpUrl(value) && value.startsWith("https:")],
  [/^FuncChat__Providers__.*__Auth$/, "must be key or entra.", (value) => /^(key|entra)$/i.test(value)],
  [/__functionTimeout$/, "must be hh:mm:ss or d.hh:mm:ss, such as 02:10:00, or -1 for no limit.", (value) => value === "-1" || (/:\d\d:\d\d$/.test(value) && secondsOf(value) !== undefined)],
  [/__(Idle)?Timeout$/, "must be a duration, such as 60 or 00:01:00.", (value) => secondsOf(value) !== undefined],
  [/(_MODELS|^FuncChat__Providers__.*__Models)(__<index>)?$/, "must name models, separated by commas, without ; or quotes.", (value) => listOf(value).length > 0 && listOf(value).every((name) => !/[;"]|^'|'$/.test(name))],
  [/(_API_KEY|__ApiKey)$/, notAKey, isKey],
  [/__AllowAnonymous$/, "must be true or false.", (value) => /^(true|false)$/i.test(value)],
  [/__ApiKeys__.*__Hash$/, "must be the SHA-256 of a key, in 64 hex digits.", (value) => /^[0-9a-f]{64}$/i.test(value)],
  [/^ALLOWED_EMAILS$/, "must be addresses separated by commas, such as ada@example.com,*@example.org.", (value) => listOf(value).every((entry) => email.test(entry))],
  [/^ENTRA_TENANT_ID$/, "must be the id of one tenant, such as 00000000-1111-2222-3333-444444444444.", (value) => guid.test(value)],
];

function isValid(pattern, rule, value) {
  switch (rule.kind) {
    case "flag":
      return /^(true|false)$/i.test(value);
    case "whole":
      return /^[+-]?\d+$/.test(value) && isWithin(rule, Number(value));
    case "number":
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) && isWithin(rule, Number(value));
    case "duration":
      return secondsOf(value) !== undefined && isWithin(rule, secondsOf(value));
    case "choice":
      return rule.choices.some((choice) => choice.toLowerCase() === value.toLowerCase());
    case "url":
      return isHttpUrl(value);
    case "key":
      return isKey(value);
    case "origins":
      return listOf(value).every(isOrigin);
    default:
      return problemsByName.find(([end]) => end.test(pattern))?.[2](value) ?? true;
  }
}

const isWithin = (rule, number) => number >= (rule.min ?? -Infinity) && number <= (rule.max ?? Infinity);

const isHttp = (url) => url.protocol === "http:" || url.protocol === "https:";

function isHttpUrl(text) {
  if (!URL.canParse(text) || !/^https?:\/\/[^/]/i.test(text)) return false;
  const url = new URL(text);
  return url.hostname !== "" && url.username === "" && url.password === "";
}

/** Who may use the app: the rules of FuncChat.Web's AuthSettingsReader that concern several settings. */
function signInProblemsOf(settings, sourceOf) {
  const value = (name) => Object.entries(settings).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1] ?? "";
  const names = Object.keys(settings).filter((name) => settings[name] !== "");
  const anonymous = /^true$/i.test(value("FuncChat__Auth__AllowAnonymous"));
  const byKey = names.some((name) => /^FuncChat__Auth__ApiKeys__.+__Hash$/i.test(name));
  const bySignIn = value("GOOGLE_CLIENT_ID") !== "" || (value("ENTRA_TENANT_ID") !== "" && value("ENTRA_CLIENT_ID") !== "")
    || names.some((name) => /^FuncChat__Auth__Providers__.+__Authority$/i.test(name));
  const allowed = ["ALLOWED_EMAILS", "ENTRA_ALLOWED_ROLES", "ENTRA_ALLOWED_GROUPS"].some((name) => listOf(value(name)).length > 0);
  const problems = [];
  if (!anonymous && !byKey && !bySignIn) {
    problems.push(`No user is allowed to use the app yet, so it would not start. Set one of these, then run azd again:
  azd env set FUNCCHAT_ALLOW_ANONYMOUS true                                             # anyone, to try it out
  azd env set FUNCCHAT_GOOGLE_CLIENT_ID 1234-abc.apps.googleusercontent.com             # people who sign in with Google
  azd env set FUNCCHAT_ENTRA_TENANT_ID … and azd env set FUNCCHAT_ENTRA_CLIENT_ID …     # people who sign in with Microsoft`);
  } else if (anonymous && (byKey || bySignIn)) {
    problems.push(`${sourceOf("FuncChat__Auth__AllowAnonymous")} is true, but a sign-in or an API key is set as well, so the app would not start. If users should sign in:
  azd env set FUNCCHAT_ALLOW_ANONYMOUS false`);
  } else if (bySignIn && !allowed) {
    problems.push(`Everyone who signs in would be refused. Say who is allowed, then run azd again:
  azd env set FUNCCHAT_ALLOWED_EMAILS ada@example.com,*@example.org                     # addresses and domains
  azd env set FUNCCHAT_ENTRA_ALLOWED_GROUPS <object id>                                 # or groups or app roles of Entra ID`);
  }

  if ((value("ENTRA_TENANT_ID") !== "") !== (value("ENTRA_CLIENT_ID") !== "")) {
    problems.push(`${sourceOf("ENTRA_TENANT_ID")} and ${sourceOf("ENTRA_CLIENT_ID")} must be set together.`);
  }

  return problems;
}

/** Whether the app has a setting of this name. */
export const isSetting = (name) => rules.some(([pattern]) => matches(pattern, name));

/** The setting outside of FuncChat's own sections that a name is most like, as the app's MisspelledSettingWarning finds it; undefined if there is none. */
export function nearestOf(name) {
  const lettersOf = (text) => text.replaceAll("_", "").toUpperCase();
  return rules.map(([pattern]) => pattern)
    .filter((pattern) => !pattern.includes("__") && lettersOf(name).startsWith(lettersOf(pattern).slice(0, 4)))
    .map((pattern) => [distance(lettersOf(pattern), lettersOf(name)), pattern])
    .filter(([far]) => far <= 3)
    .sort(([one], [other]) => one - other)[0]?.[1];
}

/** A segment in angle brackets, such as <name>, is any name. */
function matches(pattern, name) {
  const [expected, given] = [pattern.split("__"), name.split("__")];
  return expected.length === given.length
    && expected.every((segment, index) => segment.startsWith("<") || segment.toLowerCase() === given[index].toLowerCase());
}

/** What to ask a person who wrote a name that does not exist, or nothing if no name is like it. */
export function question(name, names) {
  const distances = names.map((each) => [distance(filled(each, name).toUpperCase(), name.toUpperCase()), each]);
  const [least, nearest] = distances.reduce((best, each) => (each[0] < best[0] ? each : best));
  return least <= Math.max(4, Math.floor(name.length / 3)) ? ` Did you mean ${nearest}?` : "";
}

/** A pattern with the segments of a name in place of those in angle brackets, which are like any. A name may also lack the last part. */
function filled(pattern, name) {
  const [expected, given] = [pattern.split("__"), name.split("__")];
  return [0, 1].includes(expected.length - given.length) ? expected.map((segment, index) => (segment.startsWith("<") && index < given.length ? given[index] : segment)).join("__") : pattern;
}

/** How many letters must be inserted, removed or replaced to make one text the other. */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length];
}
