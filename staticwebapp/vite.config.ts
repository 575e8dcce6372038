import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// Where `npm run dev` and `npm run preview` send /api: FuncChat.Local's address unless told otherwise.
const api = { "/api": { target: process.env["FUNCCHAT_API"] ?? "http://127.0.0.1:7071", changeOrigin: false } };

export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: { host: "127.0.0.1", proxy: api },
  preview: { host: "127.0.0.1", proxy: api },
  build: {
    target: "es2023",
    sourcemap: true,
    assetsInlineLimit: 0, // the Content-Security-Policy allows fonts from files only
    chunkSizeWarningLimit: 400,
    // What the page needs to open is one file, not twenty: each would be a request of its own before the first paint.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "page", tags: ["$initial"] }] } } },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 30_000,
  },
});
