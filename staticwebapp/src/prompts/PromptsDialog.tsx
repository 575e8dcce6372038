import { newId } from "../api/ids";
import { ItemFormButtons, Labelled, NameField } from "../components/ItemForm";
import { type ItemFormProps, SavedItemsDialog } from "../components/SavedItemsDialog";
import { strings } from "../i18n/strings";
import { type Prompt, prompts } from "./prompts";

/** The user's prompts. */
export default function PromptsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <SavedItemsDialog
      title={strings.prompts}
      hint={strings.promptsHint}
      list={prompts}
      detailOf={({ text }) => text.split("\n", 1)[0] ?? ""}
      form={(props) => <PromptForm {...props} />}
      onClose={onClose}
    />
  );
}

function PromptForm({ item, onSave, onCancel }: ItemFormProps<Prompt>) {
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        const fields = new FormData(event.currentTarget);
        onSave({
          id: item?.id ?? newId(),
          name: String(fields.get("name")).trim(),
          text: String(fields.get("text")).replaceAll("\r\n", "\n"),
        });
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
