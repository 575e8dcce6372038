import { act, render } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { useStickToEnd } from "./useStickToEnd";

const clientHeight = 400;
let grow = () => {};

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(onResize: () => void) {
        grow = onResize;
      }
      observe() {}
      disconnect() {}
    },
  );
});

function Scroller() {
  const { scroller, atEnd } = useStickToEnd("leaf");
  return (
    <div ref={scroller} data-at-end={atEnd}>
      <div />
    </div>
  );
}

/** A list at its end, with the layout that jsdom lacks. */
function open() {
  const element = render(<Scroller />).container.firstElementChild as HTMLElement;
  let [top, height] = [0, 1_000];
  Object.defineProperties(element, {
    clientHeight: { value: clientHeight },
    scrollHeight: { get: () => height },
    scrollTop: {
      get: () => top,
      set: (wanted: number) => {
        top = Math.min(wanted, height - clientHeight);
      },
    },
  });
  const layout = (newHeight: number, newTop = top) => {
    height = newHeight;
    top = newTop;
    act(() => void element.dispatchEvent(new Event("scroll")));
  };
  act(grow);
  layout(1_000);
  return { element, layout, fromEnd: () => height - clientHeight - top };
}

it("The end stays in sight when the list moves its content up while it grows", () => {
  const { layout, fromEnd } = open();

  layout(1_200, 580); // rows above are smaller than they were estimated
  act(grow);

  expect(fromEnd()).toBe(0);
});

it.each(["wheel", "touchstart", "pointerdown", "keydown"])(
  "The end is released when the reader scrolls up with a %s while the content grows",
  (hand) => {
    const { element, layout, fromEnd } = open();

    element.dispatchEvent(new Event(hand, { bubbles: true }));
    layout(1_200, 500);
    act(grow);

    expect(fromEnd()).toBe(300);
    expect(element.dataset["atEnd"]).toBe("false");
  },
);

it("The end is released when something else scrolls up, such as the search of the browser", () => {
  const { layout, fromEnd } = open();

  layout(1_000, 100);
  layout(1_200);
  act(grow);

  expect(fromEnd()).toBe(700);
});
