// FuncChat.Local with the page as it is built, and a model that writes so many tokens a second.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

const project = join(import.meta.dirname, "../../FuncChat.Local");
const sentence = "Tides are the **rise and fall** of sea levels, see `tide(t)` and [more](https://example.com). ";

export async function startServer({ tokensPerSecond = 200, tokens = 2000 } = {}) {
  const model = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const start = performance.now();
    let sent = 0;
    const timer = setInterval(() => {
      const due = Math.min(tokens, Math.floor(((performance.now() - start) * tokensPerSecond) / 1000));
      for (; sent < due; sent++) {
        send(response, { delta: { content: `${pieceAt(sent)}` }, finish_reason: null });
      }
      if (sent === tokens) {
        clearInterval(timer);
        send(response, { delta: {}, finish_reason: "stop" });
        response.end("data: [DONE]\n\n");
      }
    }, 5);
  });
  model.listen(0, "127.0.0.1");
  await once(model, "listening");

  const data = mkdtempSync(join(tmpdir(), "funcchat-bench-"));
  const server = spawn("dotnet", ["run", "--project", project, "-c", "Release", "--", "--urls", "http://127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true, // a group of its own: dotnet run starts the server as another process
    env: {
      ...process.env,
      FuncChat__DataPath: data,
      FuncChat__Providers__bench__Url: `http://127.0.0.1:${model.address().port}/v1`,
      FuncChat__Providers__bench__Models: "writer",
    },
  });
  const address = await new Promise((resolve, reject) => {
    createInterface(server.stdout).on("line", (line) => {
      const listening = /Now listening on: (http\S+)/.exec(line);
      if (listening !== null) {
        resolve(listening[1]);
      }
    });
    server.on("exit", (code) => reject(new Error(`FuncChat.Local ended with ${code} before it listened.`)));
  });

  return {
    address,
    async [Symbol.asyncDispose]() {
      process.kill(-server.pid, "SIGTERM");
      await once(server, "exit");
      model.closeAllConnections();
      model.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export function findChrome() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const candidates = names.flatMap((name) =>
    (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)),
  );
  const found = [process.env.CHROME_PATH, ...candidates].find((path) => path !== undefined && existsSync(path));
  if (found === undefined) {
    throw new Error("Chrome or Chromium is needed: install one, or set CHROME_PATH to where it is.");
  }
  return found;
}

export const chromeFlags = ["--headless", "--no-sandbox", "--no-first-run", "--disable-background-networking"];

/** Words of Markdown, a paragraph every forty. */
function pieceAt(index) {
  const words = sentence.split(/(?<= )/);
  return words[index % words.length] + (index % 40 === 39 ? "\n\n" : "");
}

function send(response, choice) {
  response.write(
    `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", choices: [{ index: 0, ...choice }] })}\n\n`,
  );
}
