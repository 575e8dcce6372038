// Tells a built page where its API is: config.json, which it reads when it opens, and the Content-Security-Policy, which then lets it
// connect nowhere else but to where people sign in. Run as: API_URL=https://… node configure-page.mjs <folder of the build>
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
if (!folder) fail("Which folder? node configure-page.mjs <folder of the build>");

// As their makers ask for it: https://developers.google.com/identity/gsi/web/guides/get-google-api-clientid#content_security_policy
const signIn = "https://accounts.google.com/gsi/ https://login.microsoftonline.com";

const api = originOf(process.env.API_URL);
const hostingPath = join(folder, "staticwebapp.config.json");
const hosting = JSON.parse(readFileSync(hostingPath, "utf8"));
const policy = hosting.globalHeaders?.["Content-Security-Policy"] ?? "";
const narrowed = policy.replace(/connect-src [^;]*/, `connect-src 'self' ${api} ${signIn}`);
if (!narrowed.includes(api)) fail(`${hostingPath} has no Content-Security-Policy with a connect-src.`);

hosting.globalHeaders["Content-Security-Policy"] = narrowed;
writeFileSync(hostingPath, `${JSON.stringify(hosting, null, 2)}\n`);
writeFileSync(join(folder, "config.json"), `${JSON.stringify({ api_base: api })}\n`);
console.log(`The page in ${folder} calls ${api}.`);

/** Anything else than an origin could slip a directive into the policy. */
function originOf(text) {
  const url = URL.canParse(text ?? "") ? new URL(text) : undefined;
  if (url?.protocol !== "https:" || url.origin !== text?.replace(/\/$/, "")) {
    fail("API_URL must be the API's origin, such as https://func-abc.azurewebsites.net. `azd provision` sets it.");
  }
  return url.origin;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
