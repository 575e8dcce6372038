import { CloseOnRequest } from "../components/CloseOnRequest";
import { strings } from "../i18n/strings";
import type { PromptMenuState } from "./usePromptMenu";

interface PromptMenuProps {
  readonly id: string;
  readonly menu: PromptMenuState;
}

export const optionId = (id: string, index: number) => `${id}-${index}`;

/** The prompts above the field. The focus stays in the field, whose keys choose. */
export function PromptMenu({ id, menu }: PromptMenuProps) {
  const { isOpen, found, active, setActive, choose, close } = menu;
  const choices = [
    ...found.map(({ name, text }) => ({ name, detail: text.split("\n", 1)[0] ?? "" })),
    { name: strings.editPrompts, detail: "" },
  ];
  return (
    <>
      <p className="sr-only" aria-live="polite">
        {isOpen ? strings.promptsFound(found.length) : ""}
      </p>
      {isOpen && (
        <div
          id={id}
          role="listbox"
          aria-label={strings.prompts}
          className="absolute inset-x-0 bottom-full z-20 mb-2 max-h-[min(16rem,30dvh)] overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-lg"
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
      )}
    </>
  );
}
