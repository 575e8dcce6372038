import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// Where `npm run dev` and `npm run preview` send /api: FuncChat.Local's address by default.
const api = { "/api": { target: process.env["FUNCCHAT_API"] ?? "http://127.0.0.1:7071", changeOrigin: false } };

/** Writes the hosting configuration. Its source has another name: of two files with the right one, the Static Web Apps CLI deploys the last that it finds. */
function hosting(): Plugin {
  return {
    name: "hosting",
    apply: "build",
    generateBundle() {
      const source = readFileSync(join(import.meta.dirname, "hosting.json"), "utf8");
      this.emitFile({ type: "asset", fileName: "staticwebapp.config.json", source });
    },
  };
}

/** Writes the service worker with the list of the files that the page needs offline. */
function serviceWorker(): Plugin {
  // Diagrams are large and rare, and every browser reads woff2: these are kept when they are first used.
  const onDemand = /mermaid|\.(map|woff|ttf)$/;
  return {
    name: "service-worker",
    apply: "build",
    generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => name.startsWith("assets/") && !onDemand.test(name));
      const list = ["/", "/theme.js", "/favicon.svg", "/config.json", ...files.map((name) => `/${name}`)];
      const version = createHash("sha256").update(list.join("\n")).digest("hex").slice(0, 12);
      const source = readFileSync(join(import.meta.dirname, "src/service-worker.js"), "utf8")
        .replace("/* global FILES, VERSION */\n", "")
        .replaceAll("FILES", "files")
        .replaceAll("VERSION", "version");
      this.emitFile({
        type: "asset",
        fileName: "service-worker.js",
        source: `const files = ${JSON.stringify(list)};\nconst version = "${version}";\n${source}`,
      });
    },
  };
}

/** Tests without components that need a document. */
const domTests = "src/**/*.dom.test.ts";

export default defineConfig({
  plugins: [react(), tailwindcss(), serviceWorker(), hosting()],
  server: { host: "127.0.0.1", proxy: api },
  preview: { host: "127.0.0.1", proxy: api },
  build: {
    target: "es2023",
    sourcemap: true,
    assetsInlineLimit: 0, // the Content-Security-Policy allows fonts from files only
    chunkSizeWarningLimit: 400,
    // What the page needs to open is one file, not twenty: each would be a request of its own before the first paint.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "page", tags: ["$initial"] }] },
        // The sandbox, which has an origin of its own, may load what is in its folder.
        assetFileNames: ({ names }) =>
          names.some((name) => name.startsWith("mermaid"))
            ? "sandbox/[name]-[hash][extname]"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
  test: {
    setupFiles: ["test/setup.ts"],
    testTimeout: 30_000,
    pool: "threads", // a process for each file takes a sixth more of the processor
    // The files of a worker share their modules and the document, which takes a third of the time. test/setup.dom.ts resets what tests change.
    isolate: false,
    projects: [
      {
        extends: true,
        test: { name: "node", environment: "node", include: ["src/**/*.test.ts"], exclude: [domTests] },
      },
      {
        extends: true,
        test: {
          name: "dom",
          environment: "jsdom",
          include: ["src/**/*.test.tsx", domTests],
          setupFiles: ["test/setup.dom.ts"],
        },
      },
    ],
  },
});
