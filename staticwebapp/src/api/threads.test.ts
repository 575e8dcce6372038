import { describe, expect, it } from "vitest";
import { toApiError } from "./problem";
import { createThreadApi, type ThreadApi } from "./threads";

/** A server that lists threads in pages of two, each page with an ETag of its content. */
function serverOf(ids: string[]) {
  return async (path: string, { headers }: RequestInit) => {
    const after = new URL(path, "http://server.test").searchParams.get("after");
    const start = after === null ? 0 : ids.indexOf(after) + 1;
    const page = ids.slice(start, start + 2);
    const etag = `"${page.join()}"`;
    if (new Headers(headers).get("if-none-match") === etag) {
      return new Response(null, { status: 304 });
    }
    const next = start + 2 < ids.length ? page.at(-1) : undefined;
    return new Response(JSON.stringify({ threads: page.map((id) => ({ id })), next }), { headers: { etag } });
  };
}

describe("the list of threads", () => {
  it("is read again after all threads of its first page were deleted", async () => {
    const ids = ["one", "two", "three"];
    const api = createThreadApi(serverOf(ids));
    expect((await api.list())?.map(({ id }) => id)).toEqual(["one", "two", "three"]);

    ids.splice(0, 2);

    expect((await api.list())?.map(({ id }) => id)).toEqual(["three"]);
  });

  it("is not read again while its only page is the same", async () => {
    const api = createThreadApi(serverOf(["one", "two"]));
    await api.list();

    expect(await api.list()).toBeUndefined();
  });
});

it.each([
  ["A thread", (api: ThreadApi, at: string) => api.create("chat", at, { title: "Ahead" })],
  ["A turn", (api: ThreadApi, at: string) => api.addTurn("chat", "turn", { created_at: at, messages: [], events: [] })],
])("%s from a device whose clock is ahead begins now", async (_, add) => {
  const sent: unknown[] = [];
  const api = createThreadApi(async (_path, { body }) => {
    const request = JSON.parse(String(body));
    sent.push(request);
    if ("created_at" in request) {
      throw await toApiError(Response.json({ code: "INVALID_REQUEST", path: "$.created_at" }, { status: 400 }));
    }
    return Response.json({});
  });

  await add(api, "2100-01-01T00:00:00.000Z");

  const { created_at: _at, ...rest } = sent[0] as Record<string, unknown>;
  expect(sent).toEqual([{ ...rest, created_at: "2100-01-01T00:00:00.000Z" }, rest]);
});
