import script from "mermaid/dist/mermaid.min.js?url";
import { type SvgImage, svgImage } from "./svgImage";

/** A diagram that takes longer than this is given up, and the frame is replaced. */
const patienceMs = 20_000;

interface Waiting {
  readonly resolve: (svg: string | undefined) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

let frame: HTMLIFrameElement | undefined;
let ready: Promise<void> | undefined;
let leaveFrame = () => {};
let waiting = new Map<number, Waiting>();
let next = 0;

interface Drawing {
  readonly done: Promise<SvgImage | undefined>;
  image?: SvgImage;
}

/** The last diagrams by their text: a message that comes into view again shows them at once. */
const drawings = new Map<string, Drawing>();
const mostDrawings = 100;

/** The image of a diagram that was drawn before. */
export function drawnDiagram(text: string, dark: boolean): SvgImage | undefined {
  return drawings.get(keyOf(text, dark))?.image;
}

/**
 * Draws a Mermaid diagram in a sandboxed frame without access to this page, as an image. Resolves with undefined when
 * the text is not a diagram.
 */
export function drawDiagram(text: string, dark: boolean): Promise<SvgImage | undefined> {
  const key = keyOf(text, dark);
  const known = drawings.get(key);
  if (known !== undefined) {
    return known.done;
  }
  const drawing: Drawing = {
    done: drawInFrame(text, dark).then((svg) => {
      const image = svg === undefined ? undefined : svgImage(svg);
      if (image === undefined) {
        drawings.delete(key);
      } else {
        drawing.image = image;
      }
      return image;
    }),
  };
  drawings.set(key, drawing);
  const [oldest] = drawings.keys();
  if (drawings.size > mostDrawings && oldest !== undefined) {
    drawings.delete(oldest);
  }
  return drawing.done;
}

function keyOf(text: string, dark: boolean): string {
  return `${dark ? "dark" : "light"} ${text}`;
}

function drawInFrame(text: string, dark: boolean): Promise<string | undefined> {
  next += 1;
  const id = next;
  return new Promise((resolve) => {
    // From now on: without a network, the frame may never be ready.
    const timer = setTimeout(closeFrame, patienceMs);
    waiting.set(id, { resolve, timer });
    ready ??= openFrame();
    // The frame has an opaque origin, which only "*" names.
    void ready.then(() => frame?.contentWindow?.postMessage({ id, script, text, dark }, "*"));
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
    const onMessage = ({ data, source }: MessageEvent<{ ready?: boolean; id?: number; svg?: unknown }>) => {
      if (source !== element.contentWindow || typeof data !== "object" || data === null) {
        return;
      }
      if (data.ready === true) {
        resolve();
      } else if (typeof data.id === "number") {
        settle(data.id, typeof data.svg === "string" ? data.svg : undefined);
      }
    };
    addEventListener("message", onMessage);
    leaveFrame = () => {
      removeEventListener("message", onMessage);
      element.remove();
    };
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
  leaveFrame();
  frame = undefined;
  ready = undefined;
  const unanswered = waiting;
  waiting = new Map();
  for (const { resolve, timer } of unanswered.values()) {
    clearTimeout(timer);
    resolve(undefined);
  }
}
