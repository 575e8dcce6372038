import { expect, it } from "vitest";
import { type Answer, startScriptedServer } from "../../test/scriptedServer";
import { strings } from "../i18n/strings";
import { createApi } from "./client";

it("offers the sign-in to a server that needs more access than the user's sign-in includes", async () => {
  const servers = [
    { name: "mail", state: "available", signed_in: true },
    { name: "calendar", state: "sign_in_required", signed_in: true },
    { name: "docs", state: "sign_in_required", signed_in: false },
    { name: "open", state: "available", signed_in: null },
  ];
  const answer: Answer = (response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ dependencies: {}, servers }));
  };
  await using server = await startScriptedServer(answer, answer);

  expect(await createApi(server.base).listToolServers()).toEqual([
    { name: "mail", available: true, signedIn: true },
    { name: "calendar", available: false, signedIn: false },
    { name: "docs", available: false, signedIn: false },
    { name: "open", available: true },
  ]);
});

it.each(["javascript:alert(1)", "data:text/html,x", "/relative", ""])(
  "refuses to open %j as the sign-in of a tool server",
  async (url) => {
    await using server = await startScriptedServer((response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ url }));
    });

    await expect(createApi(server.base).signInToServer("mail")).rejects.toThrow(strings.unsafeAddress);
  },
);
