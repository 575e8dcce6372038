import type { ModelInfo } from "../api/serverInfo";
import { strings } from "../i18n/strings";

/** The model's name. The scripted demo is always named as what it is. */
export function modelLabel(model: ModelInfo): string {
  return model.is_demo ? strings.demoLabel : model.name;
}
