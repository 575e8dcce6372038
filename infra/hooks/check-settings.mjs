// Checks, before azd creates anything, what the app or the template would refuse after minutes. azd itself asks for no values of a .bicepparam file.
// Run as a preprovision hook, with the values of `azd env set` in the environment.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { defaultOf, isKey, isOrigin, isSetting, listOf, nearestOf, notAKey, problemsOf, question, secondsOf } from "./app-settings.mjs";

/** The value of a variable; empty if it is blank, which counts as not set. */
const value = (name) => (process.env[name] ?? "").trim();
const isSet = (name) => value(name) !== "";
const errors = [];
const notes = [];
const textOf = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

checkNames();

const variableOf = {
  GOOGLE_CLIENT_ID: "FUNCCHAT_GOOGLE_CLIENT_ID",
  ENTRA_TENANT_ID: "FUNCCHAT_ENTRA_TENANT_ID",
  ENTRA_CLIENT_ID: "FUNCCHAT_ENTRA_CLIENT_ID",
  ENTRA_ALLOWED_ROLES: "FUNCCHAT_ENTRA_ALLOWED_ROLES",
  ENTRA_ALLOWED_GROUPS: "FUNCCHAT_ENTRA_ALLOWED_GROUPS",
  ALLOWED_EMAILS: "FUNCCHAT_ALLOWED_EMAILS",
  FuncChat__Auth__AllowAnonymous: "FUNCCHAT_ALLOW_ANONYMOUS",
  OPENAI_MODELS: "FUNCCHAT_OPENAI_MODELS",
  FuncChat__DefaultModel: "FUNCCHAT_DEFAULT_MODEL",
  FuncChat__Turns__MaxDuration: "FUNCCHAT_MAX_TURN_DURATION",
  FuncChat__Turns__StoreInterval: "FUNCCHAT_STORE_INTERVAL",
};

const more = textsOf("FUNCCHAT_SETTINGS", true);
const settings = { ...Object.fromEntries(Object.entries(variableOf).map(([name, variable]) => [name, value(variable)])), ...more };
errors.push(...problemsOf(settings, (name) => (name in variableOf && !(name in more) ? variableOf[name] : name)));

/** The name of a setting, in the case in which it is written; undefined if it is not set. */
const nameOf = (name) => Object.keys(settings).find((each) => each.toLowerCase() === name.toLowerCase() && settings[each] !== "");

/** The value of a setting; empty if it is not set. */
const setting = (name) => settings[nameOf(name)] ?? "";

const secret = /(API_KEY|ApiKey|ClientSecret|ConnectionString)$|__(Headers|Env)__[^_].*$|^OTEL_EXPORTER_OTLP_(\w+_)?HEADERS$/i;
const keys = Object.keys(more).filter((name) => secret.test(name) && more[name] !== "");
if (keys.length > 0) {
  notes.push(`FUNCCHAT_SETTINGS has ${keys.join(", ")}, which everyone who reads the app's settings or the record of the deployment can see. Store it in the vault instead: docs/deploy.md, "Keys off this machine".`);
}

// https://learn.microsoft.com/azure/app-service/configure-common: on Linux, a period in a name becomes _, and other characters are not allowed.
const unportable = Object.keys(more).filter((name) => /[.-]/.test(name) && more[name] !== "");
if (unportable.length > 0) {
  const secrets = unportable.filter((name) => !name.includes(".")).map((name) => name.replaceAll("__", "--"));
  notes.push(`Azure allows only letters, digits and _ in the names of an app's settings on Linux, so it may refuse or change ${unportable.join(", ")}.${secrets.length > 0 ? ` A secret of the vault may have such a name: ${secrets.join(", ")}.` : ""}`);
}

for (const name of ["OPENAI_API_KEY", "GROQ_API_KEY", "BRAVE_API_KEY", "TAVILY_API_KEY"]) {
  if (/^(@Microsoft\.KeyVault\(|akvs:)/i.test(value(name))) {
    errors.push(`${name} must be the key itself, and is a reference to one: azd passes it on as it is. Write the key to the vault instead (docs/deploy.md, "Keys off this machine"), and clear the variable:
  azd env set ${name} ""`);
  } else if (isSet(name) && !isKey(value(name))) errors.push(`${name} ${notAKey}`);
}

// The template stores the keys of these four alone.
const unused = Object.keys(JSON.parse(textOf("settings.json"))).filter((name) => /^[A-Z]+_API_KEY$/.test(name) && isSet(name) && !textOf("../main.bicepparam").includes(`'${name}'`));
if (unused.length > 0) {
  notes.push(`${unused.join(", ")} ${unused.length > 1 ? "have" : "has"} no effect here: the app in Azure does not get it. To use the provider there, write its key to the vault: docs/deploy.md, "Another provider".`);
}

checkNamesOfTheApp();

const ofLocal = Object.keys(more).filter((name) => /^(FuncChat__ServePage|AllowedHosts|FuncChat__Mcp__Servers__.+__(Command|Args|Args__\d+|Env__.+|WorkingDirectory))$/i.test(name) && more[name] !== "");
if (ofLocal.length > 0) notes.push(`FUNCCHAT_SETTINGS has ${ofLocal.join(", ")}, which only FuncChat.Local reads: the app in Azure has no page, and starts no programs.`);

// It takes precedence over the template's own value.
if (nameOf("FuncChat__Cors__Origins") in more) {
  notes.push("FuncChat__Cors__Origins in FUNCCHAT_SETTINGS replaces the origins that the template sets, and the platform, which answers browsers, does not read it. Set FUNCCHAT_OTHER_ORIGINS, which adds to both.");
}

const nameRules = {
  functionApp: /^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/i,
  plan: /^[a-z0-9-]{1,60}$/i,
  storage: /^[a-z0-9]{3,24}$/,
  vault: /^(?=.{3,24}$)[a-z](-?[a-z0-9])*$/i,
  identity: /^[a-z0-9][\w-]{2,127}$/i,
  page: /^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/i,
  workspace: /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/i,
  appInsights: /^[\w().-]{0,254}[\w()-]$/i,
  network: /^[a-z0-9][\w.-]{0,61}\w$/i,
  openAi: /^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$/i,
  scheduler: /^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$/i,
};
for (const [name, text] of Object.entries(textsOf("FUNCCHAT_NAMES"))) {
  if (!Object.hasOwn(nameRules, name)) errors.push(`FUNCCHAT_NAMES has no ${name}. It has: ${Object.keys(nameRules).join(", ")}.`);
  else if (!nameRules[name].test(text)) errors.push(`FUNCCHAT_NAMES has a name for ${name} that Azure does not allow. Example: {"${name}":"${name === "storage" ? "chatstate" : "chat-prod"}"}`);
}

for (const [name, text] of Object.entries(textsOf("FUNCCHAT_TAGS"))) {
  if (!/^[^<>%&\\?/]{1,128}$/.test(name) || text.length > 256) {
    errors.push("FUNCCHAT_TAGS must have names of up to 128 characters without < > % & \\ ? /, and values of up to 256 characters.");
  }
}

oneOf("FUNCCHAT_SIZE", "small", "production");
oneOf("FUNCCHAT_DURABLE_BACKEND", "azureStorage", "azureManaged");
oneOf("FUNCCHAT_STORAGE_REDUNDANCY", "Standard_LRS", "Standard_ZRS");
oneOf("FUNCCHAT_AZURE_OPENAI_TYPE", "GlobalStandard", "DataZoneStandard", "Standard");
oneOf("FUNCCHAT_PAGE_LOCATION", "centralus", "eastasia", "eastus2", "westeurope", "westus2");
for (const name of ["ALLOW_ANONYMOUS", "ZONE_REDUNDANT", "PRIVATE_NETWORK", "PROTECT_VAULT", "RECOVER_VAULT", "ALERTS"]) oneOf(`FUNCCHAT_${name}`, "true", "false");
const production = value("FUNCCHAT_SIZE") === "production";
const maxInstances = number("FUNCCHAT_MAX_INSTANCES", 40, 1000) ?? (production ? 50 : 40);
number("FUNCCHAT_HTTP_CONCURRENCY", 1, 1000);
number("FUNCCHAT_ALWAYS_READY_HTTP", 0, maxInstances);
number("FUNCCHAT_ALWAYS_READY_DURABLE", 0, maxInstances);
number("FUNCCHAT_AZURE_OPENAI_CAPACITY", 1, Number.MAX_SAFE_INTEGER);

matches("AZURE_ENV_NAME", /^[A-Za-z0-9-]{1,40}$/, "must have up to 40 letters, digits and hyphens: create an environment with a shorter name");
matches("FUNCCHAT_RESOURCE_GROUP", /^[\w().-]{0,89}[\w()-]$/, "must be the name of a resource group, not its id");
matches("FUNCCHAT_WORKSPACE_ID", resource("Microsoft.OperationalInsights/workspaces"), `must be the resource id of a workspace:
  az monitor log-analytics workspace show --resource-group <group> --workspace-name <workspace> --query id --output tsv`);
matches("FUNCCHAT_ALERT_EMAIL", /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+$/, "must be one address, such as operator@example.com");
matches("FUNCCHAT_DEVELOPER_ID", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, `must be an object id:
  azd env set FUNCCHAT_DEVELOPER_ID "$(az ad signed-in-user show --query id --output tsv)"`);
for (const [name, example] of [["FUNCCHAT_PAGE_DOMAIN", "chat.example.com"], ["FUNCCHAT_API_DOMAIN", "api.example.com"]]) {
  matches(name, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/, `must be a domain in lowercase without a scheme, such as ${example}`);
}

for (const origin of listOf(value("FUNCCHAT_OTHER_ORIGINS"))) {
  const valid = !origin.includes("*") && URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) ? new URL(origin).origin : "https://chat.example.com";
  if (!isOrigin(origin)) errors.push(`FUNCCHAT_OTHER_ORIGINS must be exact origins as browsers send them, without a path or *, separated by commas. Example: ${valid}`);
}

for (const range of listOf(value("FUNCCHAT_ALLOWED_CALLERS"))) {
  const [address, size] = range.split("/");
  const bits = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (range.split("/").length > 2 || !(size === undefined ? bits > 0 : /^\d+$/.test(size) && Number(size) <= bits)) {
    errors.push(`FUNCCHAT_ALLOWED_CALLERS must be address ranges separated by commas. Example: 203.0.113.0/24,2001:db8::/48`);
  }
}

checkModel();
checkNetwork();
checkWhatNeverChanges();

if (isSet("FUNCCHAT_ALERT_EMAIL") && (isSet("FUNCCHAT_ALERTS") ? value("FUNCCHAT_ALERTS") !== "true" : !production) && !(Number(value("FUNCCHAT_MONTHLY_BUDGET")) > 0)) {
  notes.push("FUNCCHAT_ALERT_EMAIL gets no email, since FUNCCHAT_ALERTS is not true, and there is no budget. Alerts of an earlier run stay until you delete them (docs/deploy.md, \"What stays\"). For alerts: azd env set FUNCCHAT_ALERTS true");
}

// Azure refuses a start in the past, and never changes it, so it can't have a default.
if (number("FUNCCHAT_MONTHLY_BUDGET", 0, Number.MAX_SAFE_INTEGER) > 0 && !/^20\d\d-(0[1-9]|1[0-2])-01$/.test(value("FUNCCHAT_BUDGET_START"))) {
  errors.push(`A budget needs the month from which it counts, which can't change later:
  azd env set FUNCCHAT_BUDGET_START ${new Date().toISOString().slice(0, 8)}01`);
}

const turnDays = number("FUNCCHAT_TURN_DAYS", 1, 3650) ?? 7;
const retention = secondsOf(setting("FuncChat__Turns__Retention"));
if (retention > turnDays * 86_400) {
  errors.push(`Storage deletes turns after ${turnDays} ${turnDays === 1 ? "day" : "days"}, before FuncChat__Turns__Retention. Keep them for longer: azd env set FUNCCHAT_TURN_DAYS ${Math.ceil(retention / 86_400)}`);
}

// As text for the host: -1 is no limit, and without it, the host has one of its own.
const override = nameOf("AzureFunctionsJobHost__functionTimeout");
const timeout = settings[override] ?? JSON.parse(textOf("../../host.json")).functionTimeout ?? "00:30:00";
const maxDuration = setting("FuncChat__Turns__MaxDuration") || defaultOf("FuncChat__Turns__MaxDuration");
if (timeout !== "-1" && secondsOf(maxDuration) >= secondsOf(timeout)) {
  const source = override ?? "functionTimeout in host.json";
  const duration = nameOf("FuncChat__Turns__MaxDuration");
  const lower = duration in more ? `${duration} in FUNCCHAT_SETTINGS` : "FUNCCHAT_MAX_TURN_DURATION";
  errors.push(`A turn may take ${maxDuration}, but ${source} is ${timeout}, so the app would not start. Lower ${lower}, or raise ${source}.`);
}

const bodyLimitName = nameOf("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT");
const bodyLimitText = settings[bodyLimitName] ?? /FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '(\d+)'/.exec(textOf("../modules/settings.bicep"))[1];
const bodyLimit = /^\d+$/.test(bodyLimitText) ? Number(bodyLimitText) : Number.NaN;
if (!Number.isSafeInteger(bodyLimit)) errors.push(`${bodyLimitName} must be a number of bytes, such as 22020096.`);
// A form has more than its file, and the app must see a body to explain that it is too large.
const room = 512 * 1024;
for (const name of ["FuncChat__Files__MaxFileBytes", "FuncChat__Requests__MaxBodyBytes"]) {
  const bytes = Number(setting(name) || defaultOf(name));
  if (bytes + room > bodyLimit) {
    errors.push(`The Functions host refuses bodies of more than FUNCTIONS_REQUEST_BODY_SIZE_LIMIT, ${bodyLimit} bytes, and ${name} is ${bytes}. Lower it, or set FUNCTIONS_REQUEST_BODY_SIZE_LIMIT in FUNCCHAT_SETTINGS to at least ${bytes + room}.`);
  }
}

const connected = textOf("configure-page.mjs");
for (const [name, text] of Object.entries(settings)) {
  if (/^FuncChat__Auth__Providers__.+__Authority$/i.test(name) && URL.canParse(text) && !connected.includes(new URL(text).origin)) {
    notes.push(`The page connects to no other issuer than those in infra/hooks/configure-page.mjs. So that people can sign in with ${name}, add ${new URL(text).origin} to signIn there, then: azd deploy web`);
  }
}

// Flex Consumption on a virtual network needs this provider, which appears in no resource type of the template.
if (errors.length === 0 && isPrivate() && az("show", "--query", "registrationState", "--output", "tsv") !== "Registered") {
  console.log("Registering the resource provider Microsoft.App …");
  if (az("register", "--wait") === undefined) {
    console.log(`The private network needs the resource provider Microsoft.App. If it is not registered in your subscription, the deployment fails. To register it:
  az provider register --namespace Microsoft.App`);
  }
}

if (notes.length > 0) console.log(notes.join("\n\n"));
if (errors.length > 0) {
  console.error([...new Set(errors)].join("\n\n"));
  process.exit(1);
}

/** A name that nothing reads would be ignored: azd passes every name on. */
function checkNames() {
  const read = new Set(textOf("../main.bicepparam").match(/FUNCCHAT_\w+/g));
  // Of the examples, the tests and the page's development server.
  const others = ["API", "API_KEY", "KEY", "MODEL", "NIGHTLY", "PAGE", "PICTURES", "TEST_KEY", "UPDATE_GOLDEN", "URL"].map((name) => `FUNCCHAT_${name}`);
  for (const name of Object.keys(process.env)) {
    if (/^FUNCCHAT_(?!_)/.test(name) && isSet(name) && !read.has(name) && !others.includes(name)) {
      errors.push(`${name} has no effect.${question(name, [...read])} All variables are in docs/deploy.md. To clear it: azd env set ${name} ""`);
    }
  }
}

/**
 * Settings by their name in the app, or nearly so, that nothing reads here: in the file of `azd env set`, since the environment also has what is set for this
 * machine, and in FUNCCHAT_SETTINGS, which may have those of other programs.
 */
function checkNamesOfTheApp() {
  let file = "";
  try {
    file = readFileSync(join(".azure", value("AZURE_ENV_NAME"), ".env"), "utf8");
  } catch {
    // Before the first `azd env set`, there is none.
  }

  const outputs = textOf("../main.bicep").match(/(?<=^output )\w+/gm);
  const isFree = (name) => isSet(name) && !/^(FUNCCHAT|AZURE)_(?!_)/.test(name) && !outputs.includes(name) && !textOf("../main.bicepparam").includes(`'${name}'`);
  for (const name of (file.match(/^\w+(?==)/gm) ?? []).filter(isFree)) {
    const variable = Object.entries(variableOf).find(([setting]) => setting.toLowerCase() === name.toLowerCase())?.[1];
    if (variable) notes.push(`${name} has no effect here: its variable is ${variable}.`);
    else if (!isSetting(name) && !/^FuncChat__/i.test(name)) noteNearest(name);
    else if (!/_API_KEY$/.test(name)) notes.push(`${name} has no effect here. Settings without a variable of their own belong in FUNCCHAT_SETTINGS: azd env set FUNCCHAT_SETTINGS '{"${name}":"…"}'`);
  }

  for (const name of Object.keys(more).filter((each) => more[each] !== "" && !/^FuncChat__/i.test(each) && !isSetting(each))) noteNearest(name);
}

function noteNearest(name) {
  const nearest = nearestOf(name);
  if (nearest) notes.push(`${name} is not a setting. Did you mean ${variableOf[nearest] && !(name in more) ? variableOf[nearest] : nearest}?`);
}

/** A model that is deployed, or an existing account. */
function checkModel() {
  const model = value("FUNCCHAT_AZURE_OPENAI_MODEL");
  if (isSet("FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID")) {
    matches("FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID", resource("Microsoft.CognitiveServices/accounts"), `must be the resource id of an account:
  az cognitiveservices account show --name <account> --resource-group <group> --query id --output tsv`);
    if (listOf(model).length === 0) {
      errors.push("FUNCCHAT_AZURE_OPENAI_MODEL must name the deployments of the account of FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID, separated by commas.");
    }
  } else {
    matches("FUNCCHAT_AZURE_OPENAI_MODEL", /^[\w.-]{1,64}$/, `must be the name of one model to deploy, such as gpt-5-mini. Several names, separated by commas, are those of the deployments of an existing account:
  azd env set FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID <its resource id>`);
  }

  const ignored = ["FUNCCHAT_AZURE_OPENAI_VERSION", "FUNCCHAT_AZURE_OPENAI_TYPE", "FUNCCHAT_AZURE_OPENAI_CAPACITY"].filter(isSet);
  if (ignored.length > 0 && (model === "" || isSet("FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID"))) {
    notes.push(`No model is deployed, so these have no effect: ${ignored.join(", ")}.`);
  }
}

function isPrivate() {
  return isSet("FUNCCHAT_PRIVATE_NETWORK") ? value("FUNCCHAT_PRIVATE_NETWORK") === "true" : production;
}

/** The private network: one that is created, or existing subnets. */
function checkNetwork() {
  const subnet = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+\/subnets\/[^/]+$/i;
  const [app, endpoints] = ["FUNCCHAT_APP_SUBNET_ID", "FUNCCHAT_ENDPOINT_SUBNET_ID"];
  for (const name of [app, endpoints]) {
    matches(name, subnet, `must be the resource id of a subnet:
  az network vnet subnet show --resource-group <group> --vnet-name <network> --name <subnet> --query id --output tsv`);
  }

  matches("FUNCCHAT_DNS_ZONES_GROUP_ID", /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i, `must be the resource id of a resource group:
  az group show --name <group> --query id --output tsv`);
  if (isSet(app) !== isSet(endpoints)) errors.push(`${app} and ${endpoints} must be set together.`);
  else if (isSet(app) && value(app).toLowerCase() === value(endpoints).toLowerCase()) errors.push(`${app} and ${endpoints} must be two subnets: that of the app has no room for anything else.`);
  if (isSet("FUNCCHAT_DNS_ZONES_GROUP_ID") && !isSet(app) && !isSet(endpoints)) {
    errors.push(`FUNCCHAT_DNS_ZONES_GROUP_ID needs the network that its zones are linked to: set ${app} and ${endpoints}.`);
  }

  const ofNetwork = [app, endpoints, "FUNCCHAT_DNS_ZONES_GROUP_ID", "FUNCCHAT_NETWORK_ADDRESSES"].filter(isSet);
  if (!isPrivate()) {
    if (ofNetwork.length > 0) errors.push(`${ofNetwork.join(", ")} would have no effect without a private network: azd env set FUNCCHAT_PRIVATE_NETWORK true`);
    return;
  }

  if (isSet(app)) {
    if (isSet("FUNCCHAT_NETWORK_ADDRESSES")) notes.push(`FUNCCHAT_NETWORK_ADDRESSES has no effect: the app uses the subnet of ${app}.`);
    return;
  }

  const [address, bits] = (value("FUNCCHAT_NETWORK_ADDRESSES") || "10.42.0.0/24").split("/");
  const size = isIP(address) === 4 && /^\d+$/.test(bits ?? "") ? Number(bits) : 33;
  const start = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  // The app has the first quarter, and Azure keeps five addresses of each subnet.
  const addresses = 2 ** (30 - size) - 5;
  if (size > 24 || size < 8) errors.push("FUNCCHAT_NETWORK_ADDRESSES must be at least a /24, and at most a /8, such as 10.42.0.0/24.");
  else if (start % 2 ** (32 - size) !== 0) errors.push(`FUNCCHAT_NETWORK_ADDRESSES must begin at an address that a /${size} can begin at, such as 10.0.0.0/${size}.`);
  else if (addresses < maxInstances) {
    errors.push(`The network has room for ${addresses} instances, and FUNCCHAT_MAX_INSTANCES is ${maxInstances}. Lower it, or set larger FUNCCHAT_NETWORK_ADDRESSES${isSet("NETWORK_ADDRESSES") ? " in a new environment: those of a network in use can't change" : ""}.`);
  }
}

/** What a vault, a network and a storage account never change. The outputs of the last run, which azd puts into the environment, have what they are. */
function checkWhatNeverChanges() {
  const isProtected = isSet("FUNCCHAT_PROTECT_VAULT") ? value("FUNCCHAT_PROTECT_VAULT") === "true" : production;
  const days = number("FUNCCHAT_VAULT_DAYS", 7, 90) ?? (isProtected ? 90 : 7);
  if (isSet("VAULT_DAYS") && Number(value("VAULT_DAYS")) !== days) {
    errors.push(`The vault of this environment keeps what is deleted for ${value("VAULT_DAYS")} days, which can't change to ${days}:
  azd env set FUNCCHAT_VAULT_DAYS ${value("VAULT_DAYS")}`);
  }

  const addresses = value("FUNCCHAT_NETWORK_ADDRESSES") || "10.42.0.0/24";
  if (isPrivate() && !isSet("FUNCCHAT_APP_SUBNET_ID") && isSet("NETWORK_ADDRESSES") && value("NETWORK_ADDRESSES") !== addresses) {
    errors.push(`The network of this environment has the addresses ${value("NETWORK_ADDRESSES")}, which can't change to ${addresses} while the app uses them:
  azd env set FUNCCHAT_NETWORK_ADDRESSES ${value("NETWORK_ADDRESSES")}`);
  }

  const redundancy = value("FUNCCHAT_STORAGE_REDUNDANCY") || (production ? "Standard_ZRS" : "Standard_LRS");
  const deployed = value("STORAGE_REDUNDANCY");
  if (deployed !== "" && deployed !== redundancy) {
    if (isSet("FUNCCHAT_STORAGE_REDUNDANCY")) notes.push(`The storage account was ${deployed} at the last run. Unless you have converted it to ${redundancy}, this run fails.`);
    else {
      errors.push(`The storage account of this environment is ${deployed}, which a deployment can't change to ${redundancy}. Keep it, or convert it first (docs/deploy.md, "From small to production"):
  azd env set FUNCCHAT_STORAGE_REDUNDANCY ${deployed}`);
    }
  }

  if (redundancy === "Standard_LRS" && (isSet("FUNCCHAT_ZONE_REDUNDANT") ? value("FUNCCHAT_ZONE_REDUNDANT") === "true" : production)) {
    notes.push("The instances are spread over three zones, and the storage account is in one data center: if that fails, so does the app.");
  }
}

/** The output of `az provider`; undefined if the Azure CLI is missing or fails. */
function az(command, ...more) {
  const subscription = isSet("AZURE_SUBSCRIPTION_ID") ? ["--subscription", value("AZURE_SUBSCRIPTION_ID")] : [];
  const run = spawnSync("az", ["provider", command, "--namespace", "Microsoft.App", ...subscription, ...more], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return run.status === 0 ? run.stdout.trim() : undefined;
}

/** The form of the id of a resource of a type. */
function resource(type) {
  return new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${type.replace(".", "\\.")}/[^/]+$`, "i");
}

/** Checks that a variable has this form, if it is set. */
function matches(name, form, problem) {
  if (isSet(name) && !form.test(value(name))) errors.push(`${name} ${problem}${problem.includes("\n") ? "" : "."}`);
}

/** Checks that a variable is one of these values, if it is set. */
function oneOf(name, ...values) {
  if (isSet(name) && !values.includes(value(name))) errors.push(`${name} must be ${values.join(" or ")}, and is ${value(name)}.`);
}

/** The whole number in a variable; undefined if it is not set or not valid. */
function number(name, min, max) {
  if (!isSet(name)) return undefined;
  const found = /^\d+$/.test(value(name)) ? Number(value(name)) : Number.NaN;
  if (found >= min && found <= max) return found;
  errors.push(max === Number.MAX_SAFE_INTEGER ? `${name} must be a number of at least ${min}.` : `${name} must be a number from ${min} to ${max}.`);
  return undefined;
}

/** The texts in a variable's JSON object, as main.bicepparam reads them; none if it is not set. */
function textsOf(name, withNumbers = false) {
  const example = { FUNCCHAT_SETTINGS: '{"OPENAI_MODELS":"gpt-5-mini"}', FUNCCHAT_NAMES: '{"functionApp":"chat-api"}', FUNCCHAT_TAGS: '{"cost-center":"42"}' }[name];
  let read;
  try {
    read = JSON.parse(value(name) || "{}");
  } catch {
    // Reported below.
  }

  if (typeof read !== "object" || read === null || Array.isArray(read)) {
    errors.push(`${name} must be a JSON object, such as ${example}.`);
    return {};
  }

  const kinds = withNumbers ? ["string", "number", "boolean"] : ["string"];
  const wrong = Object.keys(read).filter((key) => !kinds.includes(typeof read[key]) && !(withNumbers && read[key] === null));
  if (wrong.length > 0) errors.push(`${name} must have texts${withNumbers ? ", numbers, true and false" : ""} as its values, and ${wrong.join(", ")} is none. Example: ${example}`);
  return Object.fromEntries(Object.entries(read).filter(([key]) => !wrong.includes(key)).map(([key, each]) => [key, String(each ?? "").trim()]));
}
