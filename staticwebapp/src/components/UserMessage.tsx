import { Check, Copy, Pencil } from "lucide-react";
import { memo, useRef } from "react";
import { flushSync } from "react-dom";
import { useStore } from "zustand";
import type { UserNode } from "../chat/tree";
import { useCopied } from "../hooks/useCopied";
import { useLanguage } from "../hooks/useLanguage";
import { usePrinting } from "../hooks/usePrinting";
import { useToday } from "../hooks/useToday";
import { strings } from "../i18n/strings";
import { useServices } from "../services";
import { nextTurnOptions } from "../settings/chatSettings";
import { AttachmentList } from "./AttachmentList";
import { BranchSwitch } from "./BranchSwitch";
import { editedTexts, keepEdited } from "./editedTexts";
import { FoldedText } from "./FoldedText";
import { when } from "./format";
import { IconButton } from "./IconButton";
import { MessageEditor } from "./MessageEditor";
import { MessageMenu } from "./MessageMenu";

/** A user's message: exactly as typed, never as Markdown. */
export const UserMessage = memo(function UserMessage({ node }: { readonly node: UserNode }) {
  useLanguage();
  useToday();
  const { conversations, state, readOnly } = useServices();
  const edit = useStore(editedTexts, (edits) => edits.get(node.id));
  const opened = useRef(false);
  const printing = usePrinting();
  const editButton = useRef<HTMLButtonElement>(null);
  const { copied, copy } = useCopied();
  const edited = edit?.text;
  const close = (draft?: string) => {
    flushSync(() => keepEdited(node, draft, true));
    editButton.current?.focus();
  };
  // On paper is what was sent.
  if (edited !== undefined && !edit?.closed && !printing) {
    return (
      <MessageEditor
        text={edited}
        attachments={node.attachments}
        takesFocus={opened.current}
        onChange={(text) => keepEdited(node, text)}
        onCancel={() => close()}
        onClose={() => close(edited === node.text ? undefined : edited)}
        onSend={() => {
          keepEdited(node);
          void conversations.messages.edit(node, edited, nextTurnOptions(state.getState(), node.chatId));
        }}
      />
    );
  }
  return (
    <article aria-label={strings.you} className="group/message flex flex-col items-end gap-1">
      {node.attachments !== undefined && (
        <div className="flex max-w-[85%] justify-end">
          <AttachmentList attachments={node.attachments} />
        </div>
      )}
      {node.text !== "" && (
        <div className="max-w-[85%] rounded-2xl rounded-ee-md bg-raised px-4 py-2.5 forced-colors:border">
          <FoldedText text={node.text} mostLines={25} longest={2_000} />
        </div>
      )}
      <div className="actions -mb-4 flex items-center text-muted text-xs opacity-0 transition-opacity focus-within:opacity-100 group-hover/message:opacity-100 has-data-waiting-mark:opacity-100 [@media(hover:none)]:mb-0 [@media(hover:none)]:opacity-100">
        <time className="px-1.5" dateTime={new Date(node.createdAt).toISOString()}>
          {when(node.createdAt)}
        </time>
        <BranchSwitch node={node} />
        <IconButton onClick={() => copy(node.text)} label={strings.copyMessage}>
          {copied ? <Check size="0.9375rem" aria-hidden /> : <Copy size="0.9375rem" aria-hidden />}
        </IconButton>
        {!readOnly && (
          <>
            <IconButton
              ref={editButton}
              onClick={() => {
                opened.current = true;
                keepEdited(node, edited ?? node.text);
              }}
              label={strings.editMessage}
            >
              <Pencil size="0.9375rem" aria-hidden />
            </IconButton>
            <MessageMenu node={node} />
          </>
        )}
      </div>
    </article>
  );
});
