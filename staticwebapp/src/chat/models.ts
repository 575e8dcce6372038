import type { ModelInfo } from "../api/serverInfo";

const modelName = /^[A-Za-z0-9._:/@+~-]{1,128}$/;

/** The model of an id such as `openai:gpt-5`: a listed one, or one of a provider that accepts any name. */
export function findModel(
  id: string | undefined,
  models: readonly ModelInfo[] | undefined,
  openProviders: readonly string[],
): ModelInfo | undefined {
  return models?.find((model) => model.id === id) ?? unlistedModel(id, openProviders);
}

/** The models that a user may mean by a typed name, with or without a provider, and that are not listed. */
export function typedModels(
  text: string,
  models: readonly ModelInfo[] | undefined,
  openProviders: readonly string[],
): readonly ModelInfo[] {
  const name = text.trim();
  const named = unlistedModel(name, openProviders);
  const meant =
    named === undefined
      ? openProviders.map((provider) => unlistedModel(`${provider}:${name}`, openProviders))
      : [named];
  return meant.filter((model): model is ModelInfo => model !== undefined && !models?.some(({ id }) => id === model.id));
}

function unlistedModel(id: string | undefined, openProviders: readonly string[]): ModelInfo | undefined {
  const provider = openProviders.find((known) => id?.startsWith(`${known}:`));
  const name = provider === undefined ? "" : (id ?? "").slice(provider.length + 1);
  return provider !== undefined && modelName.test(name) ? { id: `${provider}:${name}`, provider, name } : undefined;
}
