import { type ReactNode, useId, useState } from "react";
import { Dialog, focusedByDialog } from "./Dialog";
import { isComposing } from "./keys";

export interface Choice {
  readonly key: string;
  readonly primary: ReactNode;
  readonly secondary?: ReactNode;
  /** Shown above the first of the choices that have it. */
  readonly group?: string;
}

interface ChoiceDialogProps {
  readonly title: string;
  readonly label: string;
  readonly placeholder: string;
  readonly listLabel: string;
  readonly empty: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly choices: readonly Choice[];
  readonly current?: string | undefined;
  readonly onChosen: (index: number) => void;
  readonly onClose: () => void;
}

/** A list that is searched by typing. The arrow keys move, Enter chooses. */
export function ChoiceDialog(props: ChoiceDialogProps) {
  const { title, label, placeholder, listLabel, empty, query, onQuery, choices, current, onChosen, onClose } = props;
  const [active, setActive] = useState(0);
  const id = useId();

  const choose = (index: number) => {
    if (choices[index] !== undefined) {
      onClose();
      onChosen(index);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <input
        className="field"
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={choices.length > 0 ? `${id}-${active}` : undefined}
        placeholder={placeholder}
        dir="auto"
        ref={focusedByDialog}
        value={query}
        onChange={(event) => {
          onQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (isComposing(event)) {
            return;
          }
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const by = event.key === "ArrowDown" ? 1 : -1;
            setActive((active + by + choices.length) % Math.max(1, choices.length));
          } else if (event.key === "Enter") {
            event.preventDefault();
            choose(active);
          }
        }}
      />
      <div id={`${id}-list`} role="listbox" aria-label={listLabel} className="mt-3 max-h-[50dvh] overflow-y-auto">
        {choices.map(({ key, primary, secondary, group }, index) => (
          <div key={key} role="presentation">
            {group !== undefined && group !== choices[index - 1]?.group && (
              <div className="px-3 pt-2 pb-1 font-medium text-muted text-xs" role="presentation">
                {group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's */}
            <div
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              aria-current={key === current ? "true" : undefined}
              ref={index === active ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
              className={`rounded-lg px-3 py-2 ${index === active ? "bg-raised" : ""} ${key === current ? "font-medium text-accent" : ""}`}
              onClick={() => choose(index)}
              onPointerMove={() => setActive(index)}
            >
              <div className="truncate text-sm" dir="auto">
                {primary}
              </div>
              {secondary !== undefined && (
                <div className="truncate font-normal text-muted text-xs" dir="auto">
                  {secondary}
                </div>
              )}
            </div>
          </div>
        ))}
      </div>
      {choices.length === 0 && (
        <p role="status" className="py-2 text-center text-muted text-sm">
          {empty}
        </p>
      )}
    </Dialog>
  );
}
