// Checks, before azd creates anything, what the app or the template would refuse after minutes. azd itself asks for no values of a .bicepparam file.
// Run as a preprovision hook, with the values of `azd env set` in the environment.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const env = process.env;
const isSet = (name) => (env[name] ?? "").trim() !== "";
const errors = [];

const settings = parse("FUNCCHAT_SETTINGS");
parse("FUNCCHAT_TAGS");
const knownNames = ["functionApp", "plan", "storage", "vault", "identity", "page", "workspace", "appInsights", "network", "openAi", "scheduler"];
const unknownNames = Object.keys(parse("FUNCCHAT_NAMES")).filter((name) => !knownNames.includes(name));
const google = isSet("FUNCCHAT_GOOGLE_CLIENT_ID");
const entra = isSet("FUNCCHAT_ENTRA_TENANT_ID") && isSet("FUNCCHAT_ENTRA_CLIENT_ID");
const anonymous = env.FUNCCHAT_ALLOW_ANONYMOUS?.trim() === "true";
const otherAuth = Object.keys(settings).some((name) => /^(FuncChat__Auth__|GOOGLE_CLIENT_ID$|ENTRA_CLIENT_ID$)/.test(name));
const allowed = ["FUNCCHAT_ALLOWED_EMAILS", "FUNCCHAT_ENTRA_ALLOWED_ROLES", "FUNCCHAT_ENTRA_ALLOWED_GROUPS"].some(isSet);
const otherAllowed = Object.keys(settings).some((name) => /^(ALLOWED_EMAILS|ENTRA_ALLOWED_)/.test(name));

if (!google && !entra && !anonymous && !otherAuth) {
  errors.push(`No user is allowed to use the app yet, so it would not start. Set one of these, then run azd again:
  azd env set FUNCCHAT_ALLOW_ANONYMOUS true                                             # anyone, to try it out
  azd env set FUNCCHAT_GOOGLE_CLIENT_ID 1234-abc.apps.googleusercontent.com             # people who sign in with Google
  azd env set FUNCCHAT_ENTRA_TENANT_ID … and azd env set FUNCCHAT_ENTRA_CLIENT_ID …     # people who sign in with Microsoft`);
} else if ((google || entra) && !allowed && !otherAllowed) {
  errors.push(`Everyone who signs in would be refused. Say who is allowed, then run azd again:
  azd env set FUNCCHAT_ALLOWED_EMAILS ada@example.com,*@example.org                     # addresses and domains
  azd env set FUNCCHAT_ENTRA_ALLOWED_GROUPS <object id>                                 # or groups or app roles of Entra ID`);
}

if (isSet("FUNCCHAT_ENTRA_TENANT_ID") !== isSet("FUNCCHAT_ENTRA_CLIENT_ID")) {
  errors.push("FUNCCHAT_ENTRA_TENANT_ID and FUNCCHAT_ENTRA_CLIENT_ID must be set together.");
}

if (isSet("FUNCCHAT_APP_SUBNET_ID") !== isSet("FUNCCHAT_ENDPOINT_SUBNET_ID")) {
  errors.push("FUNCCHAT_APP_SUBNET_ID and FUNCCHAT_ENDPOINT_SUBNET_ID must be set together.");
}

if (unknownNames.length > 0) {
  errors.push(`FUNCCHAT_NAMES has no ${unknownNames.join(", ")}. It has: ${knownNames.join(", ")}.`);
}

if (isSet("FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID")) {
  const account = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.CognitiveServices\/accounts\/[^/]+$/i;
  if (!account.test(env.FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID)) {
    errors.push(`FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID must be the resource id of an account:
  az cognitiveservices account show --name <account> --resource-group <group> --query id --output tsv`);
  }
  if (!isSet("FUNCCHAT_AZURE_OPENAI_MODEL")) {
    errors.push("FUNCCHAT_AZURE_OPENAI_MODEL must name the deployments of the account of FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID, separated by commas.");
  }
}

oneOf("FUNCCHAT_SIZE", "small", "production");
oneOf("FUNCCHAT_DURABLE_BACKEND", "azureStorage", "azureManaged");
for (const name of ["ALLOW_ANONYMOUS", "ZONE_REDUNDANT", "PRIVATE_NETWORK", "PROTECT_VAULT", "RECOVER_VAULT"]) oneOf(`FUNCCHAT_${name}`, "true", "false");
const maxInstances = number("FUNCCHAT_MAX_INSTANCES", 40, 1000) ?? (env.FUNCCHAT_SIZE === "production" ? 50 : 40);
number("FUNCCHAT_HTTP_CONCURRENCY", 1, 1000);
number("FUNCCHAT_ALWAYS_READY_HTTP", 0, 1000);
number("FUNCCHAT_ALWAYS_READY_DURABLE", 0, 1000);
number("FUNCCHAT_AZURE_OPENAI_CAPACITY", 1, Number.MAX_SAFE_INTEGER);

// Azure refuses a start in the past, and never changes it, so it can't have a default.
if (number("FUNCCHAT_MONTHLY_BUDGET", 0, Number.MAX_SAFE_INTEGER) > 0 && !/^20\d\d-(0[1-9]|1[0-2])-01$/.test(env.FUNCCHAT_BUDGET_START ?? "")) {
  errors.push(`A budget needs the month from which it counts, which can't change later:
  azd env set FUNCCHAT_BUDGET_START ${new Date().toISOString().slice(0, 8)}01`);
}

const isPrivate = isSet("FUNCCHAT_PRIVATE_NETWORK") ? env.FUNCCHAT_PRIVATE_NETWORK === "true" : env.FUNCCHAT_SIZE === "production";
if (isPrivate && !isSet("FUNCCHAT_APP_SUBNET_ID")) {
  const size = Number(/^\d+\.\d+\.\d+\.\d+\/(\d+)$/.exec(env.FUNCCHAT_NETWORK_ADDRESSES ?? "10.42.0.0/24")?.[1] ?? 33);
  // The app has the first quarter, and Azure keeps five addresses of each subnet.
  const addresses = 2 ** (30 - size) - 5;
  if (size > 24) errors.push("FUNCCHAT_NETWORK_ADDRESSES must be at least a /24, such as 10.42.0.0/24.");
  else if (addresses < maxInstances) {
    errors.push(`The network has room for ${addresses} instances, and FUNCCHAT_MAX_INSTANCES is ${maxInstances}. Lower it, or set larger FUNCCHAT_NETWORK_ADDRESSES.`);
  }
}

const turnDays = number("FUNCCHAT_TURN_DAYS", 1, 3650) ?? 7;
const retention = seconds(settings.FuncChat__Turns__Retention, "FuncChat__Turns__Retention");
if (retention > turnDays * 86_400) {
  errors.push(`Storage deletes turns after ${turnDays} days, before FuncChat__Turns__Retention. Keep them for longer: azd env set FUNCCHAT_TURN_DAYS ${Math.ceil(retention / 86_400)}`);
}

const timeout = JSON.parse(readFileSync(new URL("../../host.json", import.meta.url), "utf8")).functionTimeout;
const maxDuration = env.FUNCCHAT_MAX_TURN_DURATION || settings.FuncChat__Turns__MaxDuration;
if (seconds(maxDuration, "FUNCCHAT_MAX_TURN_DURATION") >= seconds(timeout, "functionTimeout")) {
  errors.push(`A turn may take ${maxDuration}, but functionTimeout in host.json is ${timeout}, so the app would not start. Lower FUNCCHAT_MAX_TURN_DURATION, or raise functionTimeout.`);
}

if (isSet("FUNCCHAT_DEVELOPER_ID") && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(env.FUNCCHAT_DEVELOPER_ID)) {
  errors.push(`FUNCCHAT_DEVELOPER_ID must be an object id:
  azd env set FUNCCHAT_DEVELOPER_ID "$(az ad signed-in-user show --query id --output tsv)"`);
}

for (const [name, example] of [["FUNCCHAT_PAGE_DOMAIN", "chat.example.com"], ["FUNCCHAT_API_DOMAIN", "api.example.com"]]) {
  if (isSet(name) && !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(env[name])) errors.push(`${name} must be a domain without a scheme, such as ${example}.`);
}

// Flex Consumption on a virtual network needs this provider, which appears in no resource type of the template.
if (errors.length === 0 && isPrivate && az("show", "--query", "registrationState", "--output", "tsv") !== "Registered") {
  console.log("Registering the resource provider Microsoft.App …");
  if (az("register", "--wait") === undefined) {
    console.log(`The private network needs the resource provider Microsoft.App. If it is not registered in your subscription, the deployment fails. To register it:
  az provider register --namespace Microsoft.App`);
  }
}

if (errors.length > 0) {
  console.error(errors.join("\n\n"));
  process.exit(1);
}

/** The output of `az provider`; undefined if the Azure CLI is missing or fails. */
function az(command, ...more) {
  const subscription = isSet("AZURE_SUBSCRIPTION_ID") ? ["--subscription", env.AZURE_SUBSCRIPTION_ID] : [];
  const run = spawnSync("az", ["provider", command, "--namespace", "Microsoft.App", ...subscription, ...more], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return run.status === 0 ? run.stdout.trim() : undefined;
}

/** Checks that a variable is one of these values, if it is set. */
function oneOf(name, ...values) {
  if (isSet(name) && !values.includes(env[name])) errors.push(`${name} must be ${values.join(" or ")}, and is ${env[name]}.`);
}

/** The whole number in a variable; undefined if it is not set or not valid. */
function number(name, min, max) {
  if (!isSet(name)) return undefined;
  const value = /^\d+$/.test(env[name]) ? Number(env[name]) : Number.NaN;
  if (value >= min && value <= max) return value;
  errors.push(max === Number.MAX_SAFE_INTEGER ? `${name} must be a number of at least ${min}.` : `${name} must be a number from ${min} to ${max}.`);
  return undefined;
}

/** The seconds in a duration such as 3600, 01:00:00 or 7.00:00:00; undefined if there is none or it is not valid. */
function seconds(text, name) {
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const parts = /^(?:(\d+)\.)?(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/.exec(text);
  if (parts) return [86_400, 3600, 60, 1].reduce((sum, unit, index) => sum + unit * Number(parts[index + 1] ?? 0), 0);
  errors.push(`${name} must be a duration, such as 01:00:00, and is ${text}.`);
  return undefined;
}

/** The JSON object in a variable; an empty one if it is not set. */
function parse(name) {
  if (!isSet(name)) return {};
  try {
    const value = JSON.parse(env[name]);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Reported below.
  }
  errors.push(`${name} must be a JSON object, such as {"OPENAI_MODELS":"gpt-5-mini"}.`);
  return {};
}
