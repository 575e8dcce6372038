import { useId, useState } from "react";
import { Dialog, focusedByDialog } from "../components/Dialog";
import { editedTexts, keepEdited } from "../components/editedTexts";
import { ItemFormButtons } from "../components/ItemForm";
import { strings } from "../i18n/strings";
import { useServices } from "../services";
import { instructionsOf, longestInstructions } from "./folderInstructions";

interface FolderInstructionsDialogProps {
  readonly folder: string;
  readonly onClose: () => void;
}

/** What all chats of a folder tell the model. */
export function FolderInstructionsDialog({ folder, onClose }: FolderInstructionsDialogProps) {
  const { conversations, state } = useServices();
  const id = useId();
  const [before] = useState(() => instructionsOf(state.getState().chats.values(), folder)?.text ?? "");
  const draft = { id: `folder ${folder}` };
  const [typed] = useState(() => editedTexts.getState().get(draft.id)?.text);
  const close = () => {
    keepEdited(draft);
    onClose();
  };
  return (
    <Dialog title={strings.folderInstructionsOf(folder)} onClose={onClose}>
      <form
        className="space-y-4"
        onChange={({ currentTarget }) => keepEdited(draft, String(new FormData(currentTarget).get("instructions")))}
        onSubmit={(event) => {
          event.preventDefault();
          const text = String(new FormData(event.currentTarget).get("instructions")).replaceAll("\r\n", "\n").trim();
          close();
          if (text !== before) {
            void conversations.chats.instruct(folder, text);
          }
        }}
      >
        <div>
          <label htmlFor={id} className="mb-2 block text-muted text-sm">
            {strings.folderInstructionsText}
          </label>
          <textarea
            id={id}
            name="instructions"
            className="field field-sizing-content max-h-72 min-h-28 text-sm"
            placeholder={strings.instructionsHint}
            dir="auto"
            maxLength={longestInstructions}
            defaultValue={typed ?? before}
            ref={focusedByDialog}
          />
        </div>
        <ItemFormButtons onCancel={close} />
      </form>
    </Dialog>
  );
}
