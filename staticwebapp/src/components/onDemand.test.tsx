import { act, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ComponentType, useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useModule } from "../hooks/useModule";
import { strings } from "../i18n/strings";
import { toast } from "../toast";
import { Lazy } from "./Lazy";
import { LazyDialog } from "./LazyDialog";
import { LoadError } from "./LoadError";
import { OnDemandMenu } from "./OnDemandMenu";
import { onDemand } from "./onDemand";

/** A part whose code can't be loaded until the network is back. */
function failing<Props extends object>(Part: ComponentType<Props>) {
  let isDown = true;
  const load = vi.fn(async () => {
    if (isDown) {
      throw new TypeError("Failed to fetch dynamically imported module");
    }
    return { default: Part };
  });
  return {
    load,
    Part: onDemand(load),
    comeBack: () => {
      isDown = false;
    },
  };
}

const settle = () => act(() => vi.advanceTimersByTimeAsync(0));

beforeEach(() => {
  vi.spyOn(console, "error").mockReturnValue(); // React reports the failure
  vi.useFakeTimers({ shouldAdvanceTime: true });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("A part that could not be loaded is loaded when it is wanted again", async () => {
  const { Part, load, comeBack } = failing(() => <p>Loaded</p>);
  const draw = (key: string) => (
    <Lazy key={key} error={<p>Failed</p>}>
      <Part />
    </Lazy>
  );
  const { rerender } = render(draw("one"));
  await settle();
  expect(screen.getByText("Failed")).toBeTruthy();
  expect(load).toHaveBeenCalledOnce();

  comeBack();
  rerender(draw("two"));
  await settle();

  expect(screen.getByText("Loaded")).toBeTruthy();
});

it("A part that could not be loaded appears once it can", async () => {
  const { Part, comeBack } = failing(() => <p>Loaded</p>);
  render(
    <Lazy error={<p>Failed</p>}>
      <Part />
    </Lazy>,
  );
  await settle();

  comeBack();
  await act(() => vi.advanceTimersByTimeAsync(1_000));

  expect(screen.getByText("Loaded")).toBeTruthy();
});

it("A part that failed after it was no longer wanted is there when it is wanted again", async () => {
  const { Part, comeBack } = failing(() => <p>Loaded</p>);
  const { rerender } = render(
    <Lazy error={<p>Failed</p>}>
      <Part />
    </Lazy>,
  );
  rerender(<p>Closed</p>);
  await settle();
  comeBack();
  await act(() => vi.advanceTimersByTimeAsync(1_000));

  rerender(
    <Lazy error={<p>Failed</p>}>
      <Part />
    </Lazy>,
  );
  await settle();

  expect(screen.getByText("Loaded")).toBeTruthy();
});

it("A module that could not be loaded is used once it can", async () => {
  const { load, comeBack } = failing(() => null);
  function Uses() {
    return <p>{useModule(load, true) === undefined ? "Plain" : "Improved"}</p>;
  }
  render(<Uses />);
  await settle();
  expect(screen.getByText("Plain")).toBeTruthy();

  comeBack();
  await act(() => vi.advanceTimersByTimeAsync(1_000));

  expect(screen.getByText("Improved")).toBeTruthy();
});

it("A module is used once the styles that it lacked are loaded, too", async () => {
  const load = vi.fn(async () => ({}));
  load.mockRejectedValueOnce(new Error("Unable to preload CSS for https://chat.test/math.css"));
  function Uses() {
    return <p>{useModule(load, true) === undefined ? "Plain" : "Improved"}</p>;
  }
  const styles = () => [...document.head.querySelectorAll<HTMLLinkElement>("link[href='https://chat.test/math.css']")];
  render(<Uses />);
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  const [first] = styles();
  await act(async () => first?.dispatchEvent(new Event("error")));
  await act(() => vi.advanceTimersByTimeAsync(2_000));
  const [second, ...others] = styles();

  expect([second === first, others, load.mock.calls.length, screen.getByText("Plain")]).toEqual([
    false,
    [],
    1,
    expect.anything(),
  ]);
  await act(async () => second?.dispatchEvent(new Event("load")));

  expect(screen.getByText("Improved")).toBeTruthy();
  second?.remove();
});

it.each([
  ["is replaced by something simpler offers to reload the page", <p key="plain">Plain</p>, true, 1],
  ["has an error with a button to reload the page has no other one", <LoadError key="error" />, true, 0],
  ["offers nothing while the browser is offline", <p key="plain">Plain</p>, false, 0],
])("A part that could not be loaded twice and %s", async (_, error, online, offers) => {
  const report = vi.spyOn(toast, "error").mockReturnValue();
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(online);
  const { Part, load, comeBack } = failing(() => <p>Loaded</p>);
  render(
    <Lazy error={error}>
      <Part />
    </Lazy>,
  );
  await settle();
  expect(report).not.toHaveBeenCalled();

  await act(() => vi.advanceTimersByTimeAsync(1_000));

  expect(load).toHaveBeenCalledTimes(2);
  expect(report).toHaveBeenCalledTimes(offers);
  for (const [text, options] of report.mock.calls) {
    expect([text, options?.action]).toEqual([strings.loadError, expect.objectContaining({ label: strings.reload })]);
  }
  comeBack();
  await act(() => vi.advanceTimersByTimeAsync(30_000));
  expect(screen.getByText("Loaded")).toBeTruthy();
});

it("The button of a menu that could not be loaded stays, offers to reload the page, and opens the menu later", async () => {
  const report = vi.spyOn(toast, "error").mockReturnValue();
  const { Part, load, comeBack } = failing(() => <p>Menu</p>);
  render(
    <OnDemandMenu load={load} button={{ "aria-label": "Actions" }}>
      <Part />
    </OnDemandMenu>,
  );
  fireEvent.click(screen.getByRole("button", { name: "Actions" }));
  await settle();
  expect(report.mock.lastCall?.[1]?.action).toMatchObject({ label: strings.reload });

  comeBack();
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(screen.queryByText("Menu")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Actions" }));
  await settle();

  expect(screen.getByText("Menu")).toBeTruthy();
});

it("The button of a menu that could not be loaded offers nothing next to an error with a button to reload the page", async () => {
  const report = vi.spyOn(toast, "error").mockReturnValue();
  const { Part, load } = failing(() => <p>Menu</p>);
  render(
    <>
      <LoadError />
      <OnDemandMenu load={load} button={{ "aria-label": "Actions" }}>
        <Part />
      </OnDemandMenu>
    </>,
  );

  fireEvent.click(screen.getByRole("button", { name: "Actions" }));
  await settle();

  expect(load).toHaveBeenCalled();
  expect(report).not.toHaveBeenCalled();
});

it.each([
  ["Esc", () => userEvent.keyboard("{Escape}")],
  ["its button", () => userEvent.click(screen.getByRole("button", { name: "Close" }))],
])("A dialog that could not be loaded is closed by %s, and opens later", async (_, close) => {
  vi.useRealTimers();
  const { Part, comeBack } = failing(() => <p>Dialog</p>);
  function Page() {
    const [isOpen, setOpen] = useState(false);
    return (
      <>
        <button type="button" onClick={() => setOpen(true)}>
          Open
        </button>
        {isOpen && (
          <LazyDialog onClose={() => setOpen(false)}>
            <Part />
          </LazyDialog>
        )}
      </>
    );
  }
  render(<Page />);
  fireEvent.click(screen.getByRole("button", { name: "Open" }));
  await screen.findByRole("alert");

  await close();
  expect(screen.queryByRole("alert")).toBeNull();
  comeBack();
  fireEvent.click(screen.getByRole("button", { name: "Open" }));

  expect(await screen.findByText("Dialog")).toBeTruthy();
});
