// Times between frames while an answer of 2000 tokens streams at 200 a second. `npm run frames`
import puppeteer from "puppeteer-core";
import { chromeFlags, findChrome, startServer } from "./server.mjs";

const server = await startServer();
const browser = await puppeteer.launch({ executablePath: findChrome(), args: chromeFlags });
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(server.address);
  const message = await page.waitForSelector("textarea[aria-label=Message]");
  await page.waitForSelector("button[aria-label='Send message']");
  await message.type("Tell me of tides.");
  await page.waitForSelector("button[aria-label='Send message']:not(:disabled)");
  const frames = page.evaluate(
    () =>
      new Promise((resolve) => {
        const times = [];
        const blocked = [];
        new PerformanceObserver((list) => blocked.push(...list.getEntries().map(({ duration }) => duration))).observe({
          type: "longtask",
        });
        let began = false;
        const frame = (time) => {
          const streams = document.querySelector("[aria-busy=true]") !== null;
          began ||= streams;
          if (streams) {
            times.push(time);
          }
          if (began && !streams) {
            resolve({ times, blocked });
          } else {
            requestAnimationFrame(frame);
          }
        };
        requestAnimationFrame(frame);
      }),
  );
  await message.press("Enter");
  const { times, blocked } = await frames;
  const between = times.slice(1).map((time, index) => time - times[index]);
  const sorted = between.toSorted((a, b) => a - b);
  const at = (part) => `${sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))].toFixed(1)} ms`;
  const dropped = between.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / (1000 / 60)) - 1), 0);
  process.stdout.write(
    [
      "| frames | median | 95 % | 99 % | longest | dropped of 60/s | tasks over 50 ms |",
      "|---|---|---|---|---|---|---|",
      `| ${times.length} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${at(1)} | ${dropped} | ${blocked.length} |`,
      "",
    ].join("\n"),
  );
} finally {
  await browser.close();
  await server[Symbol.asyncDispose]();
}
