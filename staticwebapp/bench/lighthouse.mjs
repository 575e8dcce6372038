// Lighthouse on the start page, as FuncChat.Local serves it: the median of three runs each. `npm run lighthouse`
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";
import { chromeFlags, findChrome, startServer } from "./server.mjs";

const runs = 3;
const say = (line) => process.stdout.write(`${line}\n`);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const server = await startServer();
const chrome = await launch({ chromePath: findChrome(), chromeFlags });
try {
  say("| Lighthouse | performance | accessibility | best practices | SEO | first paint | largest paint | blocked |");
  say("|---|---|---|---|---|---|---|---|");
  for (const [name, config] of [
    ["desktop", desktopConfig],
    ["mobile", undefined],
  ]) {
    const results = [];
    for (let run = 0; run < runs; run++) {
      results.push((await lighthouse(server.address, { port: chrome.port, logLevel: "error" }, config)).lhr);
    }
    const score = (category) => Math.round(100 * median(results.map((lhr) => lhr.categories[category].score)));
    const time = (audit) => median(results.map((lhr) => lhr.audits[audit].numericValue));
    say(
      `| ${[
        name,
        ...["performance", "accessibility", "best-practices", "seo"].map(score),
        `${(time("first-contentful-paint") / 1000).toFixed(1)} s`,
        `${(time("largest-contentful-paint") / 1000).toFixed(1)} s`,
        `${Math.round(time("total-blocking-time"))} ms`,
      ].join(" | ")} |`,
    );
  }
} finally {
  chrome.kill();
  await server[Symbol.asyncDispose]();
}
