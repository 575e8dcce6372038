import { useState } from "react";
import { newId } from "../api/ids";
import { ItemFormButtons, Labelled, NameField } from "../components/ItemForm";
import { type ItemFormProps, SavedItemsDialog } from "../components/SavedItemsDialog";
import { strings } from "../i18n/strings";
import { type Prompt, prompts } from "./prompts";

/** The user's prompts. */
export default function PromptsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <SavedItemsDialog
      draft="prompts"
      title={strings.prompts}
      hint={strings.promptsHint}
      list={prompts}
      detailOf={({ text }) => text.split("\n", 1)[0] ?? ""}
      form={(props) => <PromptForm {...props} />}
      onClose={onClose}
    />
  );
}

function PromptForm({ item, onTyped, onSave, onCancel }: ItemFormProps<Prompt>) {
  const [id] = useState(() => item?.id ?? newId());
  const promptIn = (form: HTMLFormElement): Prompt => {
    const fields = new FormData(form);
    return {
      id,
      name: String(fields.get("name")).trim(),
      text: String(fields.get("text")).replaceAll("\r\n", "\n"),
    };
  };
  return (
    <form
      className="space-y-4"
      onChange={({ currentTarget }) => onTyped(promptIn(currentTarget))}
      onSubmit={(event) => {
        event.preventDefault();
        onSave(promptIn(event.currentTarget));
      }}
    >
      <NameField value={item?.name} />
      <Labelled label={strings.promptText}>
        {(id) => (
          <textarea
            id={id}
            name="text"
            className="field field-sizing-content max-h-64 min-h-28 text-sm"
            dir="auto"
            required
            defaultValue={item?.text}
          />
        )}
      </Labelled>
      <ItemFormButtons onCancel={onCancel} />
    </form>
  );
}
