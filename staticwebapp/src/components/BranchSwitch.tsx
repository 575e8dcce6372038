import { ChevronLeft, ChevronRight } from "lucide-react";
import { waitingAnswers } from "../chat/shownAnswers";
import { branchTo, type ChatNode, type ChatNodes, siblingsOf } from "../chat/tree";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { WaitingMark } from "./WaitingMark";

/** Steps through the versions of a message, where it has more than one. */
export function BranchSwitch({ node }: { readonly node: ChatNode }) {
  const { conversations, state } = useServices();
  // A text, which stays the same while an answer is written: each of its frames changes the nodes.
  const versions = useChatState(({ nodes }) => versionsOf(nodes.get(node.chatId), node).join(" ")).split(" ");
  const index = versions.indexOf(node.id);
  const isAwaited = useChatState(({ nodes }) =>
    awaitedVersions(nodes.get(node.chatId)).some((id) => id !== node.id && versions.includes(id)),
  );
  if (versions.length < 2) {
    return null;
  }
  const step = (by: number, label: string, Icon: typeof ChevronLeft) => {
    const target = versions[index + by];
    const show = (id: string) => {
      const version = state.getState().nodes.get(node.chatId)?.get(id);
      if (version !== undefined) {
        void conversations.select(version);
      }
    };
    return (
      <button
        type="button"
        className="icon-button aria-disabled:cursor-default aria-disabled:opacity-45"
        aria-label={label}
        aria-disabled={target === undefined} // not disabled, which would lose the keyboard's place
        onClick={() => target !== undefined && show(target)}
      >
        <Icon size="1rem" className="rtl:-scale-x-100" aria-hidden />
      </button>
    );
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <span className="inline-flex items-center" role="group" aria-label={strings.versions}>
      {step(-1, strings.previousVersion, ChevronLeft)}
      <span className="tabular-nums">
        {index + 1}/{versions.length}
      </span>
      {step(1, strings.nextVersion, ChevronRight)}
      {isAwaited && <WaitingMark />}
    </span>
  );
}

/** The messages on the ways to answers that wait for the user. */
function awaitedVersions(nodes: ChatNodes = new Map()): readonly string[] {
  return waitingAnswers(nodes).flatMap(({ id }) => branchTo(nodes, id).map((each) => each.id));
}

function versionsOf(nodes: ChatNodes | undefined, node: ChatNode): readonly string[] {
  return nodes === undefined ? [] : siblingsOf(nodes, node).map(({ id }) => id);
}
