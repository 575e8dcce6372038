import { expect, it } from "vitest";
import { refuseDrops } from "./refuseDrops";

refuseDrops();

function drag(type: string, target: Element, types: readonly string[]) {
  const dataTransfer = { types, dropEffect: "copy" };
  document.body.append(target);
  const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer });
  target.dispatchEvent(event);
  return { taken: !event.defaultPrevented, effect: dataTransfer.dropEffect };
}

it.each(["dragover", "drop"])("A file that nothing takes does not replace the page: %s", (type) => {
  expect(drag(type, document.createElement("textarea"), ["Files"])).toEqual({ taken: false, effect: "none" });
});

it("Text can be dropped into a field, and a file where one is chosen", () => {
  const choice = Object.assign(document.createElement("input"), { type: "file" });

  expect(drag("drop", document.createElement("textarea"), ["text/plain"]).taken).toBe(true);
  expect(drag("drop", choice, ["Files"])).toEqual({ taken: true, effect: "copy" });
});

it("A file that something takes is left to it", () => {
  const target = document.createElement("div");
  target.addEventListener("dragover", (event) => event.preventDefault());

  expect(drag("dragover", target, ["Files"])).toEqual({ taken: false, effect: "copy" });
});
