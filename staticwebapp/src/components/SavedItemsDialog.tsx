import { Pencil, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useSavedList } from "../hooks/useSavedList";
import { strings } from "../i18n/strings";
import { parseObject } from "../records";
import type { SavedItem, SavedList } from "../storage/savedList";
import { Dialog } from "./Dialog";
import { editedTexts, keepEdited } from "./editedTexts";
import { focusIfLost } from "./focusIfLost";

export interface ItemFormProps<T> {
  /** Absent for a new one. */
  readonly item: T | undefined;
  readonly onTyped: (item: T) => void;
  readonly onSave: (item: T) => void;
  readonly onCancel: () => void;
}

interface SavedItemsDialogProps<T extends SavedItem> {
  /** The id of what is typed into the form, which stays when the dialog is closed before it is saved or canceled. */
  readonly draft: string;
  readonly title: string;
  readonly hint: string;
  readonly list: SavedList<T>;
  readonly detailOf: (item: T) => string;
  readonly form: (props: ItemFormProps<T>) => ReactNode;
  readonly onClose: () => void;
}

/** Adds, edits and deletes what the user keeps on this device. */
export function SavedItemsDialog<T extends SavedItem>(props: SavedItemsDialogProps<T>) {
  const { draft, title, hint, list, detailOf, form, onClose } = props;
  const items = useSavedList(list);
  const [edited, edit] = useState<T | "new" | undefined>(
    () => parseObject(editedTexts.getState().get(draft)?.text ?? "") as T | undefined,
  );
  const [deleted, setDeleted] = useState<T>();
  const [failed, setFailed] = useState(false);

  const editId = useId();
  const addButton = useRef<HTMLButtonElement>(null);
  const undoButton = useRef<HTMLButtonElement>(null);

  /** The keyboard continues with the item: the form or the button to undo is gone. */
  const endEditing = (item?: T | "new") => {
    keepEdited({ id: draft });
    flushSync(() => edit(undefined));
    const id = item === undefined || item === "new" ? undefined : `${editId}${item.id}`;
    focusIfLost(() => (id === undefined ? null : document.getElementById(id)) ?? addButton.current);
  };
  const save = (item: T) => {
    try {
      list.save(item);
      setFailed(false);
      setDeleted(undefined);
    } catch {
      setFailed(true);
      return;
    }
    endEditing(item);
  };

  return (
    <Dialog title={title} onClose={onClose}>
      {failed && (
        <p role="alert" className="mb-3 rounded-lg bg-bad-soft px-3 py-1.5 text-sm">
          {strings.itemNotSaved}
        </p>
      )}
      {edited !== undefined ? (
        form({
          item: edited === "new" ? undefined : edited,
          onTyped: (item) => keepEdited({ id: draft }, JSON.stringify(item)),
          onSave: save,
          onCancel: () => endEditing(edited),
        })
      ) : (
        <>
          <p className="mb-3 text-muted text-sm">{hint}</p>
          <ul className="mb-3 space-y-1">
            {items.map((item) => (
              <li key={item.id} className="flex items-center gap-1 rounded-lg border border-line ps-3">
                <span className="min-w-0 flex-1 py-1.5 text-sm">
                  <span className="block truncate font-medium" dir="auto">
                    {item.name}
                  </span>
                  <span className="block truncate text-muted text-xs" dir="auto">
                    {detailOf(item)}
                  </span>
                </span>
                <button
                  id={`${editId}${item.id}`}
                  type="button"
                  className="icon-button"
                  aria-label={strings.editItem(item.name)}
                  onClick={() => edit(item)}
                >
                  <Pencil size="0.9375rem" aria-hidden />
                </button>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={strings.deleteItem(item.name)}
                  onClick={() => {
                    list.remove(item.id);
                    flushSync(() => setDeleted(item));
                    undoButton.current?.focus();
                  }}
                >
                  <Trash2 size="0.9375rem" aria-hidden />
                </button>
              </li>
            ))}
          </ul>
          {deleted !== undefined && (
            <p role="status" className="mb-3 flex items-center gap-2 text-sm">
              <span className="min-w-0 truncate">{strings.itemDeleted(deleted.name)}</span>
              <button type="button" className="button text-sm" ref={undoButton} onClick={() => save(deleted)}>
                {strings.undo}
              </button>
            </p>
          )}
          <button ref={addButton} type="button" className="button text-sm" onClick={() => edit("new")}>
            <Plus size="0.9375rem" aria-hidden /> {strings.addItem}
          </button>
        </>
      )}
    </Dialog>
  );
}
