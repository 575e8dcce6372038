import { Check, Copy, Pencil } from "lucide-react";
import { memo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { UserNode } from "../chat/tree";
import { useCopied } from "../hooks/useCopied";
import { useServices } from "../services";
import { settings, turnOptions } from "../settings/settings";
import { BranchSwitch } from "./BranchSwitch";
import { MessageEditor } from "./MessageEditor";

/** What a person said: exactly as typed, never as Markdown. */
export const UserMessage = memo(function UserMessage({ node }: { readonly node: UserNode }) {
  const { conversations, state } = useServices();
  const [editing, setEditing] = useState(false);
  const editButton = useRef<HTMLButtonElement>(null);
  const { copied, copy } = useCopied();
  if (editing) {
    return (
      <MessageEditor
        text={node.text}
        onCancel={() => {
          flushSync(() => setEditing(false));
          editButton.current?.focus();
        }}
        onSend={(text) => {
          setEditing(false);
          const { models, tools } = state.getState();
          void conversations.edit(node, text, turnOptions(settings.getState(), models, tools));
        }}
      />
    );
  }
  return (
    <article aria-label="You" className="group/message flex flex-col items-end gap-1">
      <p
        className="max-w-[85%] whitespace-pre-wrap rounded-2xl rounded-ee-md bg-raised px-4 py-2.5 [overflow-wrap:anywhere]"
        dir="auto"
      >
        {node.text}
      </p>
      <div className="-mb-4 flex items-center text-muted text-xs opacity-0 transition-opacity focus-within:opacity-100 group-hover/message:opacity-100 [@media(hover:none)]:mb-0 [@media(hover:none)]:opacity-100">
        <BranchSwitch node={node} />
        <button
          type="button"
          className="icon-button"
          onClick={() => copy(node.text)}
          aria-label="Copy message"
          title="Copy message"
        >
          {copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
        </button>
        <button
          ref={editButton}
          type="button"
          className="icon-button"
          onClick={() => setEditing(true)}
          aria-label="Edit message"
          title="Edit and send again"
        >
          <Pencil size={15} aria-hidden />
        </button>
      </div>
    </article>
  );
});
