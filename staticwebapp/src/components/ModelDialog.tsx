import { useMemo, useState } from "react";
import type { ModelInfo } from "../api/serverInfo";
import { typedModels } from "../chat/models";
import { strings } from "../i18n/strings";
import { useChatState } from "../services";
import { ChoiceDialog } from "./ChoiceDialog";
import { count, money } from "./format";
import { modelLabel } from "./modelLabel";

interface ModelDialogProps {
  readonly title: string;
  readonly current: string | undefined;
  /** A model that is left out where there are others. */
  readonly except?: string | undefined;
  readonly onChosen: (model: ModelInfo) => void;
  readonly onClose: () => void;
}

/** What a model is, and what it can do, as far as that is known. */
function detailsOf(model: ModelInfo): string {
  const { description, capabilities = {}, price } = model;
  const { images, audio, files, tools, reasoning, context_length: contextLength } = capabilities;
  return [
    description === modelLabel(model) ? undefined : description,
    images && strings.readsImages,
    audio && strings.readsAudio,
    files && strings.readsFiles,
    tools && strings.callsTools,
    reasoning && strings.reasons,
    contextLength !== undefined && strings.tokens(count(contextLength)),
    price !== undefined && strings.price(money(price.input, price.currency), money(price.output, price.currency)),
  ]
    .filter((detail) => typeof detail === "string" && detail !== "")
    .join(" · ");
}

/**
 * Chooses one of the server's models, by provider, found by name or description. A typed name that is not listed is offered at the providers that
 * accept any name.
 */
export default function ModelDialog({ title, current, except, onChosen, onClose }: ModelDialogProps) {
  const models = useChatState((state) => state.models);
  const [query, setQuery] = useState("");
  const openProviders = useChatState((state) => state.openProviders);
  const typed = useMemo(
    () => typedModels(query, models, openProviders).filter(({ id }) => id !== except),
    [query, models, openProviders, except],
  );
  const listed = useMemo(() => {
    const wanted = query.toLowerCase().split(/\s+/);
    const providers = [...new Set(models?.map(({ provider }) => provider))];
    const others = models?.filter(({ id }) => id !== except) ?? [];
    return (others.length > 0 ? others : (models ?? []))
      .filter((model) => {
        const text = `${model.id} ${modelLabel(model)} ${detailsOf(model)}`.toLowerCase();
        return wanted.every((word) => text.includes(word));
      })
      .sort((a, b) => providers.indexOf(a.provider) - providers.indexOf(b.provider));
  }, [models, query, except]);
  const found = [...listed, ...typed];
  return (
    <ChoiceDialog
      title={title}
      label={strings.searchModels}
      placeholder={strings.searchModels}
      listLabel={strings.modelsFound}
      empty={strings.noModelFound}
      query={query}
      onQuery={setQuery}
      current={current}
      choices={found.map((model, index) => ({
        key: model.id,
        primary: index < listed.length ? modelLabel(model) : model.id,
        group: index < listed.length ? model.provider : strings.modelsNotListed,
        ...(detailsOf(model) === "" ? {} : { secondary: detailsOf(model) }),
      }))}
      onChosen={(index) => {
        const chosen = found[index];
        if (chosen !== undefined) {
          onChosen(chosen);
        }
      }}
      onClose={onClose}
    />
  );
}
