import { describe, expect, it } from "vitest";
import { createThreadApi } from "./threads";

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
