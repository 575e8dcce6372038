import { describe, expect, it } from "vitest";
import { problem, startScriptedServer } from "../../test/scriptedServer";
import type { Access } from "./access";
import { createApi } from "./client";

/** A sign-in with these tokens, which records what it is notified of. */
function accessWith(...tokens: string[]) {
  const heard: string[] = [];
  const access: Access = {
    token: async () => tokens[0] ?? "",
    rejected: async (token, why) => {
      heard.push(`rejected ${token}: ${why}`);
      tokens.shift();
    },
    refused: (token, why) => void heard.push(`refused ${token}: ${why}`),
  };
  return { access, heard };
}

describe("requests of a signed-in user", () => {
  it("carry the token, and another after the API has rejected it", async () => {
    await using server = await startScriptedServer(problem(401, "UNAUTHORIZED", "Too old."), (response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"models":[]}');
    });
    const { access, heard } = accessWith("one", "two");

    await createApi(server.base, access).listModels();

    expect(server.requests.map(({ authorization }) => authorization)).toEqual(["Bearer one", "Bearer two"]);
    expect(heard).toEqual(["rejected one: Too old."]);
  });

  it("report when the API refuses the user", async () => {
    await using server = await startScriptedServer(problem(403, "FORBIDDEN", "Not you."));
    const { access, heard } = accessWith("one");

    await expect(createApi(server.base, access).listModels()).rejects.toMatchObject({ status: 403 });
    expect(heard).toEqual(["refused one: Not you."]);
  });

  it("never send the token elsewhere, wherever the API redirects to", async () => {
    await using other = await startScriptedServer();
    await using server = await startScriptedServer((response) => {
      response.writeHead(302, { location: `${other.base}/api/models` }).end();
    });

    await expect(createApi(server.base, accessWith("one").access).listModels()).rejects.toMatchObject({ status: 0 });
    expect(other.requests).toEqual([]);
  });

  it("carry no token where the server asks for no sign-in", async () => {
    await using server = await startScriptedServer(problem(401, "UNAUTHORIZED", "Sign in."));

    await expect(createApi(server.base).listModels()).rejects.toMatchObject({ status: 401 });
    expect(server.requests[0]?.authorization).toBeUndefined();
  });
});
