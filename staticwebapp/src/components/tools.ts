import { strings } from "../i18n/strings";
import { firstSentence, words } from "./format";

/** The tool's name in words. Names come from models too, so only known ones are looked up. */
export function toolTitle(name: string): string {
  return Object.hasOwn(strings.toolTitles, name) ? (strings.toolTitles[name] ?? name) : words(name);
}

/** A description for users; that of an unknown tool is the first sentence of what models read. */
export function toolDescription({
  name,
  description,
}: {
  readonly name: string;
  readonly description: string;
}): string {
  return Object.hasOwn(strings.toolDescriptions, name)
    ? (strings.toolDescriptions[name] ?? "")
    : firstSentence(description);
}
