import { useState } from "react";
import { newId } from "../api/ids";
import { ItemFormButtons, Labelled, NameField } from "../components/ItemForm";
import { modelLabel } from "../components/modelLabel";
import { type ItemFormProps, SavedItemsDialog } from "../components/SavedItemsDialog";
import { toolTitle } from "../components/tools";
import { strings } from "../i18n/strings";
import { useChatState } from "../services";
import { type Assistant, assistants } from "./assistants";

/** The user's assistants. */
export default function AssistantsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <SavedItemsDialog
      draft="assistants"
      title={strings.assistants}
      hint={strings.assistantsHint}
      list={assistants}
      detailOf={({ instructions, model }) => instructions.split("\n", 1)[0] || (model ?? "")}
      form={(props) => <AssistantForm {...props} />}
      onClose={onClose}
    />
  );
}

function AssistantForm({ item, onTyped, onSave, onCancel }: ItemFormProps<Assistant>) {
  const models = useChatState((state) => state.models) ?? [];
  const tools = useChatState((state) => state.tools) ?? [];
  const off = item?.toolsOff ?? [];
  const isListed = item?.model === undefined || models.some((model) => model.id === item.model);
  const [id] = useState(() => item?.id ?? newId());
  const assistantIn = (form: HTMLFormElement): Assistant => {
    const fields = new FormData(form);
    const on = fields.getAll("tool");
    const model = String(fields.get("model"));
    const names = tools.map(({ name }) => name);
    return {
      id,
      name: String(fields.get("name")).trim(),
      instructions: String(fields.get("instructions")).replaceAll("\r\n", "\n"),
      ...(model === "" ? {} : { model }),
      // Tools that the server does not offer now keep their state.
      toolsOff: [...off.filter((name) => !names.includes(name)), ...names.filter((name) => !on.includes(name))],
    };
  };
  return (
    <form
      className="space-y-4"
      onChange={({ currentTarget }) => onTyped(assistantIn(currentTarget))}
      onSubmit={(event) => {
        event.preventDefault();
        onSave(assistantIn(event.currentTarget));
      }}
    >
      <NameField value={item?.name} />
      <Labelled label={strings.assistantInstructions}>
        {(id) => (
          <textarea
            id={id}
            name="instructions"
            className="field field-sizing-content max-h-64 min-h-28 text-sm"
            placeholder={strings.instructionsHint}
            dir="auto"
            defaultValue={item?.instructions}
          />
        )}
      </Labelled>
      <Labelled label={strings.model}>
        {(id) => (
          <select id={id} name="model" className="field text-sm" defaultValue={item?.model ?? ""}>
            <option value="">{strings.modelOfNewChats}</option>
            {!isListed && <option value={item?.model}>{item?.model}</option>}
            {models.map((model) => (
              <option key={model.id} value={model.id}>
                {modelLabel(model)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {tools.length > 0 && (
        <fieldset>
          <legend className="mb-1.5 font-medium text-sm">{strings.assistantTools}</legend>
          <div className="max-h-48 space-y-1.5 overflow-y-auto">
            {tools.map(({ name }) => (
              <label key={name} className="flex items-center gap-2.5 text-sm">
                <input
                  type="checkbox"
                  name="tool"
                  value={name}
                  className="accent-accent"
                  defaultChecked={!off.includes(name)}
                />
                {toolTitle(name)}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <ItemFormButtons onCancel={onCancel} />
    </form>
  );
}
