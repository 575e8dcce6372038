import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly lastEventId: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

export type Answer = (response: ServerResponse, request: SeenRequest) => void | Promise<void>;

/** A real HTTP server that answers each request with the next step of a script, and records the requests. */
export async function startScriptedServer(...script: Answer[]) {
  const requests: SeenRequest[] = [];
  let onAsked = () => {};
  const server = createServer(async (request, response) => {
    const seen = await toSeen(request);
    requests.push(seen);
    onAsked();
    const answer = script[requests.length - 1];
    await (answer ?? ((r) => void r.writeHead(500).end()))(response, seen);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** Resolves when this many requests have arrived. */
    async asked(times: number): Promise<void> {
      while (requests.length < times) {
        await new Promise<void>((resolve) => {
          onAsked = resolve;
        });
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export const eventStream = { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" };

/** Answers with a whole stream. */
export function streams(bytes: Uint8Array): Answer {
  return (response) => void response.writeHead(200, eventStream).end(bytes);
}

/** Answers with the first bytes of a stream, then cuts the connection without ending the body. */
export function breaksAfter(bytes: Uint8Array): Answer {
  return (response) => {
    response.writeHead(200, eventStream);
    response.write(bytes, () => response.destroy());
  };
}

/** Sends the start of a stream and then nothing, until the page disconnects. */
export function hangsAfter(bytes: Uint8Array): Answer {
  return (response) => void response.writeHead(200, eventStream).write(bytes);
}

export function problem(status: number, code: string, detail: string, headers: Record<string, string> = {}): Answer {
  const body = JSON.stringify({ type: "about:blank", title: code, status, detail, code, retryable: status >= 429 });
  return (response) =>
    void response.writeHead(status, { "content-type": "application/problem+json", ...headers }).end(body);
}

async function toSeen(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const lastEventId = request.headers["last-event-id"];
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    lastEventId: typeof lastEventId === "string" ? lastEventId : undefined,
    authorization: request.headers.authorization,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}
