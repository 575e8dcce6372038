import { ChevronLeft, ChevronRight } from "lucide-react";
import { type ChatNode, siblingsOf } from "../chat/tree";
import { strings } from "../i18n/strings";
import { useNodes, useServices } from "../services";

/** Steps through the versions of a message, where it has more than one. */
export function BranchSwitch({ node }: { readonly node: ChatNode }) {
  const { conversations } = useServices();
  const siblings = siblingsOf(useNodes(node.chatId), node);
  const index = siblings.findIndex(({ id }) => id === node.id);
  if (siblings.length < 2) {
    return null;
  }
  const step = (by: number, label: string, Icon: typeof ChevronLeft) => {
    const target = siblings[index + by];
    return (
      <button
        type="button"
        className="icon-button aria-disabled:cursor-default aria-disabled:opacity-45"
        aria-label={label}
        aria-disabled={target === undefined} // not disabled, which would lose the keyboard's place
        onClick={() => target !== undefined && void conversations.select(target)}
      >
        <Icon size={16} className="rtl:-scale-x-100" aria-hidden />
      </button>
    );
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <span className="inline-flex items-center" role="group" aria-label={strings.versions}>
      {step(-1, strings.previousVersion, ChevronLeft)}
      <span className="tabular-nums">
        {index + 1}/{siblings.length}
      </span>
      {step(1, strings.nextVersion, ChevronRight)}
    </span>
  );
}
