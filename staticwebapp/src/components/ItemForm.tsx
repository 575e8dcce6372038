import { type ReactNode, useId } from "react";
import { longestName } from "../folders/folders";
import { strings } from "../i18n/strings";
import { focusedByDialog } from "./Dialog";

interface LabelledProps {
  readonly label: string;
  /** Returns the field, which has this id. */
  readonly children: (id: string) => ReactNode;
}

/** A field under its label. */
export function Labelled({ label, children }: LabelledProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

/** The name of a saved item. It has visible text, so that it can be found in lists. */
export function NameField({ value }: { readonly value: string | undefined }) {
  return (
    <Labelled label={strings.itemName}>
      {(id) => (
        <input
          id={id}
          name="name"
          className="field text-sm"
          dir="auto"
          required
          pattern=".*\S.*"
          maxLength={longestName}
          defaultValue={value}
          ref={focusedByDialog}
          // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here, also in a dialog that is open already
          autoFocus
        />
      )}
    </Labelled>
  );
}

export function ItemFormButtons({ onCancel }: { readonly onCancel: () => void }) {
  return (
    <div className="flex justify-end gap-2">
      <button type="button" className="button text-sm" onClick={onCancel}>
        {strings.cancel}
      </button>
      <button type="submit" className="button button-accent text-sm">
        {strings.saveItem}
      </button>
    </div>
  );
}
