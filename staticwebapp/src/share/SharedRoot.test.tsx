import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { startScriptedServer } from "../../test/scriptedServer";
import { toast } from "../toast";
import { readerServices } from "./readerServices";
import SharedRoot from "./SharedRoot";

const shared = {
  id: "share_1",
  title: "Tides",
  created_at: "2026-01-01T12:00:00Z",
  updated_at: "2026-01-02T12:00:00Z",
  turns: [
    {
      turn_id: "turn-0001",
      status: "complete",
      created_at: "2026-01-01T12:00:00Z",
      messages: [{ role: "user", content: "When is the tide high?" }],
      answer: [],
      events: [
        { id: 1, type: "delta", data: { content: "Twice a day." } },
        {
          id: 2,
          type: "complete",
          data: { status: "success", messages: [], iterations: 1, usage: { input_tokens: 0, output_tokens: 0 } },
        },
      ],
    },
  ],
};

it("A reader sees what fails", async () => {
  const api = readerServices(Promise.resolve("http://127.0.0.1:1"));
  render(<SharedRoot services={api} shareId="share_1" />);

  toast.error("The browser did not allow copying.");

  expect(await screen.findByText("The browser did not allow copying.")).toBeDefined();
});

it("A shared chat can be read in a browser without a database", async () => {
  await using server = await startScriptedServer(
    (response) =>
      void response
        .writeHead(200, { "content-type": "application/json", "access-control-allow-origin": "*" })
        .end(JSON.stringify(shared)),
  );
  vi.stubGlobal("indexedDB", undefined);

  render(<SharedRoot services={readerServices(Promise.resolve(server.base))} shareId="share_1" />);

  expect(await screen.findByText("Twice a day.")).toBeDefined();
});
