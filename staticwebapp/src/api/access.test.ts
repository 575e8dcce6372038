import { describe, expect, it } from "vitest";
import { problem, startScriptedServer } from "../../test/scriptedServer";
import type { Access } from "./access";
import { createApi } from "./client";

/** Someone whose next token is always at hand; what they heard of the last ones is kept. */
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

describe("requests of somebody who is signed in", () => {
  it("carry the token, and another after the API has rejected it", async () => {
    await using server = await startScriptedServer(problem(401, "UNAUTHORIZED", "Too old."), (response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"models":[]}');
    });
    const { access, heard } = accessWith("one", "two");

    await createApi(server.base, access).listModels();

    expect(server.requests.map(({ authorization }) => authorization)).toEqual(["Bearer one", "Bearer two"]);
    expect(heard).toEqual(["rejected one: Too old."]);
  });

  it("say so when the API refuses the person", async () => {
    await using server = await startScriptedServer(problem(403, "FORBIDDEN", "Not you."));
    const { access, heard } = accessWith("one");

    await expect(createApi(server.base, access).listModels()).rejects.toMatchObject({ status: 403 });
    expect(heard).toEqual(["refused one: Not you."]);
  });

  it("take the token nowhere else, wherever the API points to", async () => {
    await using other = await startScriptedServer();
    await using server = await startScriptedServer((response) => {
      response.writeHead(302, { location: `${other.base}/api/models` }).end();
    });

    await expect(createApi(server.base, accessWith("one").access).listModels()).rejects.toMatchObject({ status: 0 });
    expect(other.requests).toEqual([]);
  });

  it("carry nothing where nobody signs in", async () => {
    await using server = await startScriptedServer(problem(401, "UNAUTHORIZED", "Sign in."));

    await expect(createApi(server.base).listModels()).rejects.toMatchObject({ status: 401 });
    expect(server.requests[0]?.authorization).toBeUndefined();
  });
});
