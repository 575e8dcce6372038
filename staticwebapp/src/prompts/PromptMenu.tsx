import { Lazy } from "../components/Lazy";
import { onDemand } from "../components/onDemand";
import { strings } from "../i18n/strings";
import type { PromptMenuProps } from "./usePromptMenu";

const PromptList = onDemand(() => import("./PromptList"));

/** The prompts above the field. The focus stays in the field, whose keys choose. */
export function PromptMenu({ id, menu }: PromptMenuProps) {
  return (
    <>
      <p className="sr-only" aria-live="polite">
        {menu.isOpen ? strings.promptsFound(menu.found.length) : ""}
      </p>
      {menu.isOpen && (
        <Lazy error={null}>
          <PromptList id={id} menu={menu} />
        </Lazy>
      )}
    </>
  );
}
