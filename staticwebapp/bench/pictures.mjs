// Writes the pictures of docs/page.md: the page as it is built, with answers from a script. `npm run pictures`
import { once } from "node:events";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import puppeteer from "puppeteer-core";
import { chatEvents, compared, models, planEvents, question, searchEvents, tools } from "./pictureScript.mjs";
import { chromeFlags, findChrome } from "./server.mjs";

const page = join(import.meta.dirname, "../dist");
const images = process.env.FUNCCHAT_PICTURES ?? join(import.meta.dirname, "../../docs/images");
const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** Set for the pictures of the sign-in. */
let signIn = { required: false, providers: [] };

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname.startsWith("/api/")) {
    await answer(request, response, pathname.slice("/api/".length));
    return;
  }
  const file = join(page, pathname);
  const found = existsSync(file) && statSync(file).isFile() ? file : join(page, "index.html");
  response.writeHead(200, { "content-type": types[extname(found)] ?? "application/octet-stream" });
  createReadStream(found).pipe(response);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = `http://localhost:${server.address().port}/`;
const browser = await puppeteer.launch({ executablePath: findChrome(), args: chromeFlags });
try {
  await chat("chat", { width: 1280, height: 900 });
  await chat("page-tools", { width: 1280, height: 900 }, async (tab) => {
    await tab.evaluate(() => {
      for (const part of [...document.querySelectorAll("[role=log] details")].slice(0, 2)) {
        part.open = true;
      }
    });
  });
  await chat("page-dark", { width: 1280, height: 900, dark: true });
  await chat("page-narrow", { width: 360, height: 740 });
  await chat("page-wide", { width: 2560, height: 1200 });
  await take("page-compare", { width: 1280, height: 800 }, async (tab) => {
    await press(tab, "Compare with another model");
    await tab.waitForSelector("dialog [role=option]");
    await tab.evaluate(() => document.querySelectorAll("dialog [role=option]")[1].click());
    await say(tab, compared);
    await tab.waitForSelector("section[aria-label='Answers of two models'] button:not(:disabled)");
    await tab.waitForSelector("[role=log] article .callout"); // the renderer is loaded when first needed
    await toTop(tab);
  });
  await take("page-search", { width: 1280, height: 900, path: "#/search" }, async (tab) => {
    const field = await tab.waitForSelector("main textarea");
    await field.type("how tides work");
    await tab.keyboard.down("Shift");
    await tab.keyboard.press("Enter");
    await tab.keyboard.up("Shift");
    await field.type("tides in a narrow bay");
    await tab.keyboard.press("Enter");
    await tab.waitForFunction(() => document.body.innerText.includes("Best results"));
  });
  await take("page-plan", { width: 1280, height: 900, path: "#/plan" }, async (tab) => {
    const field = await tab.waitForSelector("main textarea");
    await field.type("How do tides work in narrow bays?");
    await tab.keyboard.press("Enter");
    await tab.waitForFunction(() => document.body.innerText.includes("Run in a chat"));
    await tab.waitForSelector("main .prose ol");
  });
  signIn = {
    required: true,
    providers: [
      { name: "entra", authority: "https://login.microsoftonline.com/common/v2.0", client_id: "page" },
      { name: "example", authority: "https://id.example.com", client_id: "page" },
    ],
  };
  const signInShown = (tab) => tab.waitForFunction(() => document.body.innerText.includes("Sign in to chat"));
  await take("page-signin", { width: 1280, height: 800 }, signInShown);
  await take("page-signin-dark", { width: 360, height: 640, dark: true }, signInShown);
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}

/** An answer of a model with tools, from its beginning. */
async function chat(name, options, prepare = async () => {}) {
  await take(name, options, async (tab) => {
    await say(tab, question);
    await tab.waitForFunction(() => document.querySelector("[role=log] img") !== null); // the diagram
    await prepare(tab);
    await toTop(tab);
  });
}

async function take(name, { width, height, dark = false, path = "" }, prepare) {
  const context = await browser.createBrowserContext();
  const tab = await context.newPage();
  await tab.setViewport({ width, height });
  await tab.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: dark ? "dark" : "light" },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await tab.goto(address + path);
  await prepare(tab);
  await tab.mouse.move(width / 2, height - 20);
  await tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await tab.screenshot({ path: join(images, `${name}.png`) });
  await context.close();
}

async function say(tab, text) {
  const field = await tab.waitForSelector("textarea[aria-label=Message]");
  await tab.waitForSelector("button[aria-label^='Model:']");
  await field.type(text);
  await field.press("Enter");
  await tab.waitForSelector("[role=log] article[aria-label=Answer][aria-busy=false]");
}

async function press(tab, label) {
  await (await tab.waitForSelector(`button[aria-label="${label}"]`)).click();
}

/** As a reader does it, so that the page no longer holds the end. */
async function toTop(tab) {
  const log = await tab.waitForSelector("[role=log]");
  await log.hover();
  await tab.mouse.wheel({ deltaY: -10_000 });
  await tab.waitForFunction(() => document.querySelector("[role=log]").scrollTop === 0);
}

async function answer(request, response, path) {
  let body = "";
  for await (const chunk of request) {
    body += chunk;
  }
  const streams = { chat: chatEvents, search: searchEvents, planning: planEvents };
  if (request.method === "POST" && path in streams) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const events = streams[path](JSON.parse(body));
    response.end(
      events
        .map(([type, data], index) => `id: ${index + 1}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
        .join(""),
    );
    return;
  }
  const documents = { models, tools, config: { sign_in: signIn, limits: { max_body_bytes: 4_194_304 } } };
  response.writeHead(path in documents ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(documents[path] ?? {}));
}
