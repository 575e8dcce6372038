import { type RefObject, useLayoutEffect, useRef } from "react";
import { CloseOnRequest } from "../components/CloseOnRequest";
import { strings } from "../i18n/strings";
import { optionId, type PromptMenuProps } from "./usePromptMenu";

/** Above the field, whose keys choose. */
export default function PromptList({ id, menu }: PromptMenuProps) {
  const { found, active, setActive, choose, close } = menu;
  const list = useRef<HTMLDivElement>(null);
  usePlaceAbove(list);
  const choices = [
    ...found.map(({ name, text }) => ({ name, detail: text.split("\n", 1)[0] ?? "" })),
    { name: strings.editPrompts, detail: "" },
  ];
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={strings.prompts}
      className="fixed z-20 max-h-64 overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-lg"
    >
      <CloseOnRequest onClose={close} />
      {choices.map(({ name, detail }, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, and the options hold no state
          key={index}
          id={optionId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          ref={index === active ? (element) => element?.scrollIntoView?.({ block: "nearest" }) : undefined}
          className={`cursor-pointer rounded-lg px-3 py-1.5 text-sm ${index === active ? "bg-raised" : ""} ${index === found.length ? "text-muted" : ""}`}
          onPointerDown={(event) => event.preventDefault()}
          onPointerMove={() => setActive(index)}
          onClick={() => choose(index)}
        >
          <div className="truncate" dir="auto">
            {name}
          </div>
          {detail !== "" && (
            <div className="truncate text-muted text-xs" dir="auto">
              {detail}
            </div>
          )}
        </div>
      ))}
    </div>
  );
}

/** Places the list above its parent, over all else that is there: on a low screen, the conversation has less room than one prompt needs. */
function usePlaceAbove(list: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const { style, parentElement: field } = list.current ?? {};
    if (style === undefined || !field) {
      return;
    }
    const place = () => {
      const { left, top, width } = field.getBoundingClientRect();
      style.left = `${left}px`;
      style.width = `${width}px`;
      style.bottom = `${document.documentElement.clientHeight - top + 8}px`;
      style.maxHeight = `min(16rem, ${top - 16}px)`;
    };
    const observer = new ResizeObserver(place);
    observer.observe(field);
    addEventListener("resize", place);
    place();
    return () => {
      observer.disconnect();
      removeEventListener("resize", place);
    };
  }, [list]);
}
