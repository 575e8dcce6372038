import { ChevronDown } from "lucide-react";
import type { ModelInfo } from "../api/client";
import { useChatState, useSettings } from "../services";
import { change } from "../settings/settings";

/** Which model answers. The scripted demo says what it is wherever it is named. */
export function ModelChoice() {
  const models = useChatState((state) => state.models);
  const trouble = useChatState((state) => state.serverTrouble);
  const chosen = useSettings((settings) => settings.model);
  if (models === undefined || models.length === 0) {
    return (
      <p className="truncate px-2 text-muted text-sm" role="status">
        {models === undefined ? (trouble === undefined ? "Connecting…" : "Waiting for the server…") : "No models"}
      </p>
    );
  }
  const current = models.find(({ id }) => id === chosen) ?? models.find((model) => model.is_default) ?? models[0];
  const providers = [...new Set(models.map(({ provider }) => provider))];
  return (
    <div className="relative flex min-w-0 items-center">
      <select
        className="field-sizing-content h-9 min-w-0 max-w-72 appearance-none truncate rounded-[0.625rem] bg-transparent ps-2.5 pe-8 font-medium text-sm hover:bg-raised"
        aria-label="Model"
        value={current?.id}
        onChange={(event) => change({ model: event.target.value })}
      >
        {providers.map((provider) => (
          <optgroup key={provider} label={provider}>
            {models
              .filter((model) => model.provider === provider)
              .map((model) => (
                <option key={model.id} value={model.id}>
                  {labelOf(model)}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      <ChevronDown size={15} className="pointer-events-none absolute end-2.5 text-muted" aria-hidden />
    </div>
  );
}

export const demoLabel = "demo: scripted, not an AI";

function labelOf(model: ModelInfo): string {
  return model.is_demo ? demoLabel : model.name;
}
