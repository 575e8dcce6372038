import { describe, expect, it, vi } from "vitest";
import { type Answer, problem, startScriptedServer } from "../../test/scriptedServer";
import { openSignIn } from "./openSignIn";
import { readRemembered, remember } from "./remembered";
import type { SignIn } from "./signIn";

const provider = { name: "test", authority: "https://login.example", client_id: "the-page" };

const says =
  (required: boolean): Answer =>
  (response) =>
    void response
      .writeHead(200, { "content-type": "application/json", "access-control-allow-origin": "*" })
      .end(JSON.stringify({ sign_in: { required, providers: required ? [provider] : [] } }));

const down = problem(503, "INTERNAL", "Starting.", { "access-control-allow-origin": "*" });

function opening(base: string, knowsOwner = false) {
  let onReload = () => {};
  const reloaded = new Promise<void>((resolve) => {
    onReload = resolve;
  });
  const reload = vi.fn(onReload);
  const show = vi.fn();
  const onUnreachable = vi.fn();
  const backoff = { firstMs: 0, maxMs: 0, maxFailures: 9 };
  const opened = openSignIn({
    base: Promise.resolve(base),
    show,
    onUnreachable,
    reload,
    knowsOwner: () => knowsOwner,
    backoff,
  });
  return { opened, reload, reloaded, show, onUnreachable };
}

describe("a page that opens", () => {
  it("asks for no sign-in where the server requires none", async () => {
    await using server = await startScriptedServer(says(false));

    const { opened, show } = opening(server.base);

    expect(await opened).toBeUndefined();
    expect(show).not.toHaveBeenCalled();
    expect(readRemembered()).toEqual({ asked: false });
  });

  it("shows the sign-in where the server requires it", async () => {
    await using server = await startScriptedServer(says(true));

    const { opened, show } = opening(server.base);
    const signIn = (await opened) as SignIn;

    expect(show).toHaveBeenCalledWith(signIn);
    expect(signIn.state.getState().phase).toBe("signedOut");
    expect(readRemembered()).toEqual({ asked: true });
  });

  it("opens at once where no sign-in was required last time, and reloads when the server requires one now", async () => {
    remember({ asked: false });
    await using server = await startScriptedServer(says(true));

    const { opened, reloaded } = opening(server.base);

    expect(await opened).toBeUndefined();
    await reloaded;
    expect(readRemembered()).toEqual({ asked: true });
  });

  it("opens without its server on the first visit, and reloads when that requires a sign-in", async () => {
    await using server = await startScriptedServer(down, says(true));

    const { opened, show, reloaded } = opening(server.base);

    expect(await opened).toBeUndefined();
    await reloaded;
    expect(show).not.toHaveBeenCalled();
  });

  it("waits for its server, and reports it, where a sign-in was required last time", async () => {
    remember({ asked: true });
    await using server = await startScriptedServer(down, down, says(true));

    const { opened, onUnreachable } = opening(server.base);

    expect(((await opened) as SignIn).offers).toHaveLength(1);
    expect(onUnreachable).toHaveBeenCalledTimes(2);
  });

  it("opens offline where the user is known and the server is down, and reloads when it responds", async () => {
    remember({ asked: true, provider: "test" });
    await using server = await startScriptedServer(down, says(true));

    const { opened, show, reloaded } = opening(server.base, true);

    expect(await opened).toBe("offline");
    await reloaded;
    expect(show).not.toHaveBeenCalled();
  });

  it("opens offline where the browser has no network", async () => {
    remember({ asked: true, provider: "test" });

    const { opened } = opening("http://127.0.0.1:1", true);

    expect(await opened).toBe("offline");
  });

  it("shows the sign-in where the browser reports no network but the server responds", async () => {
    remember({ asked: true, provider: "test" });
    const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    await using server = await startScriptedServer(says(true));

    const { opened, show, reload } = opening(server.base, true);
    const signIn = await opened;

    online.mockRestore();
    expect(signIn).not.toBe("offline");
    expect(show).toHaveBeenCalledWith(signIn);
    expect(reload).not.toHaveBeenCalled();
  });

  it("waits for its server where the user has signed out", async () => {
    remember({ asked: true, left: true });
    await using server = await startScriptedServer(down, says(true));

    const { opened } = opening(server.base, true);

    expect(((await opened) as SignIn).offers).toHaveLength(1);
  });
});
