import script from "mermaid/dist/mermaid.min.js?url";

/** A diagram that takes longer than this is given up, and the frame is replaced. */
const patienceMs = 20_000;

interface Waiting {
  readonly resolve: (svg: string | undefined) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

let frame: HTMLIFrameElement | undefined;
let ready: Promise<void> | undefined;
let waiting = new Map<number, Waiting>();
let next = 0;

/**
 * Draws a Mermaid diagram in a sandboxed frame without access to this page. Resolves with SVG, which may only be shown
 * as an image, or with undefined when the text is not a diagram.
 */
export async function drawDiagram(text: string, dark: boolean): Promise<string | undefined> {
  ready ??= openFrame();
  await ready;
  next += 1;
  const id = next;
  return new Promise((resolve) => {
    const timer = setTimeout(closeFrame, patienceMs);
    waiting.set(id, { resolve, timer });
    // The frame has an opaque origin, which only "*" names.
    frame?.contentWindow?.postMessage({ id, script, text, dark }, "*");
  });
}

function openFrame(): Promise<void> {
  return new Promise((resolve) => {
    const element = document.createElement("iframe");
    element.setAttribute("sandbox", "allow-scripts");
    element.src = "/sandbox/diagram.html";
    element.title = "";
    element.ariaHidden = "true";
    element.tabIndex = -1;
    // Diagrams are measured while they are drawn, so the frame needs a size; it is out of sight.
    element.style.cssText = "position:fixed;inset-inline-start:-9999px;width:1000px;height:800px;visibility:hidden";
    frame = element;
    addEventListener("message", ({ data, source }: MessageEvent<{ ready?: boolean; id?: number; svg?: unknown }>) => {
      if (source !== element.contentWindow || typeof data !== "object" || data === null) {
        return;
      }
      if (data.ready === true) {
        resolve();
      } else if (typeof data.id === "number") {
        settle(data.id, typeof data.svg === "string" ? data.svg : undefined);
      }
    });
    document.body.append(element);
  });
}

function settle(id: number, svg: string | undefined): void {
  const request = waiting.get(id);
  if (request !== undefined) {
    waiting.delete(id);
    clearTimeout(request.timer);
    request.resolve(svg);
  }
}

function closeFrame(): void {
  frame?.remove();
  frame = undefined;
  ready = undefined;
  const unanswered = waiting;
  waiting = new Map();
  for (const { resolve, timer } of unanswered.values()) {
    clearTimeout(timer);
    resolve(undefined);
  }
}
