// Opens a chat of 400 rich messages and types in it; then pastes 1 MB of text. `npm run long-chat`
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { chromeFlags, findChrome, startServer } from "./server.mjs";

const messages = 400;
const rounds = 5;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const answer = [
  "## A heading",
  "Some **bold** text with `code`, [a link](https://example.com), and $a^2 + b^2 = c^2$.",
  "- one\n- two\n  - three",
  "| Name | Value |\n|---|---|\n| a | 1 |\n| b | 2 |\n| c | 3 |",
  "```python\nfor n in range(10):\n    print(n, 'squared is', n * n)\n```",
  "> [!NOTE]\n> A note.",
  "A longer paragraph with some words about the tides. ".repeat(6),
].join("\n\n");

const nodes = Array.from({ length: messages }, (_, index) => ({
  id: `m${index}`,
  parentId: index === 0 ? null : `m${index - 1}`,
  createdAt: 1_000 + index,
  ...(index % 2 === 0
    ? { role: "user", text: `Question ${index}` }
    : {
        role: "assistant",
        turn: { status: "complete", parts: [{ type: "text", text: `${index}: ${answer}` }], messages: [] },
      }),
}));
const chat = { title: "Long chat", createdAt: 1, updatedAt: 1, pinned: false, leafId: `m${messages - 1}`, nodes };

const folder = mkdtempSync(join(tmpdir(), "funcchat-bench-"));
const file = join(folder, "long.json");
writeFileSync(file, JSON.stringify({ format: "funcchat/1", chats: [chat] }));
const server = process.env.FUNCCHAT_PAGE === undefined ? await startServer() : { address: process.env.FUNCCHAT_PAGE };
const browser = await puppeteer.launch({ executablePath: findChrome(), args: chromeFlags });
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(server.address);
  await (await page.waitForSelector("button[aria-label=Settings]")).click();
  await (await page.waitForSelector("dialog input[type=file]")).uploadFile(file);
  await page.waitForSelector("nav a");

  const opened = [];
  const typed = [];
  for (let round = 0; round < rounds; round++) {
    await page.evaluate(() => {
      location.hash = "#/";
    });
    await page.waitForFunction(() => document.querySelector("[role=log]") === null);
    opened.push(await page.evaluate(open));
    typed.push(await page.evaluate(type));
  }
  const pasted = await page.evaluate(paste);
  process.stdout.write(
    [
      "| messages | opened, first time | median | a key, median | slowest | 1 MB pasted |",
      "|---|---|---|---|---|---|",
      `| ${messages} | ${opened[0]} ms | ${median(opened)} ms | ${median(typed.map((keys) => keys.median))} ms | ${Math.max(...typed.map((keys) => keys.slowest))} ms | ${pasted} ms |`,
      "",
    ].join("\n"),
  );
} finally {
  await browser.close();
  await server[Symbol.asyncDispose]?.();
  rmSync(folder, { recursive: true, force: true });
}

/** From the click to the frame that shows the last message, formatted, at the end of the chat. */
function open() {
  return new Promise((resolve) => {
    const start = performance.now();
    document.querySelector("nav a").click();
    const check = () => {
      const log = document.querySelector("[role=log]");
      const last = [...document.querySelectorAll("[role=log] .prose")].at(-1);
      const isShown = last?.querySelector("table") && log.scrollHeight - log.clientHeight - log.scrollTop < 30;
      requestAnimationFrame(isShown ? () => setTimeout(() => resolve(Math.round(performance.now() - start))) : check);
    };
    requestAnimationFrame(check);
  });
}

/** From a key to the frame after it. */
async function type() {
  const field = document.querySelector("textarea[aria-label=Message]");
  const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
  const times = [];
  for (let key = 0; key < 40; key++) {
    const start = performance.now();
    set.call(field, `${field.value}x`);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    times.push(Math.round(performance.now() - start));
  }
  times.sort((a, b) => a - b);
  return { median: times[times.length / 2], slowest: times.at(-1) };
}

/** From the paste to the frame after it. */
async function paste() {
  const field = document.querySelector("textarea[aria-label=Message]");
  const text = "some words ".repeat(95_000);
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const start = performance.now();
  const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData });
  if (field.dispatchEvent(event)) {
    field.focus();
    document.execCommand("insertText", false, text);
  }
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return Math.round(performance.now() - start);
}
