// Checks, before azd creates anything, what the app or the template would refuse after minutes. azd itself asks for no values of a .bicepparam file.
// Run as a preprovision hook, with the values of `azd env set` in the environment.
import { spawnSync } from "node:child_process";

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

if (isSet("FUNCCHAT_PAGE_DOMAIN") && !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(env.FUNCCHAT_PAGE_DOMAIN)) {
  errors.push("FUNCCHAT_PAGE_DOMAIN must be a domain without a scheme, such as chat.example.com.");
}

// Flex Consumption on a virtual network needs this provider, which appears in no resource type of the template.
const isPrivate = env.FUNCCHAT_PRIVATE_NETWORK ?? (env.FUNCCHAT_SIZE === "production" ? "true" : "false");
if (errors.length === 0 && isPrivate === "true" && az("show", "--query", "registrationState", "--output", "tsv") !== "Registered") {
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
