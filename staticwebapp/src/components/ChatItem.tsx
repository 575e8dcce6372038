import { Ellipsis, LoaderCircle, Pin } from "lucide-react";
import { memo, useRef } from "react";
import { flushSync } from "react-dom";
import { useStore } from "zustand";
import { type Chat, longestTitle } from "../chat/chat";
import { waitsForUser } from "../chat/shownAnswers";
import { startDrag } from "../folders/dragging";
import { useLanguage } from "../hooks/useLanguage";
import { strings } from "../i18n/strings";
import { hashOf } from "../routing";
import { useChatState, useServices } from "../services";
import { editedTexts, keepEdited } from "./editedTexts";
import { focusIfLost } from "./focusIfLost";
import { KeepOrder } from "./KeepOrder";
import { isEscape } from "./keys";
import { lineButtonClass, OnDemandMenu } from "./OnDemandMenu";
import { onDemand } from "./onDemand";
import { WaitingMark } from "./WaitingMark";

const load = () => import("./ChatMenu");
const ChatMenu = onDemand(load);

/** One chat in the list. */
export const ChatItem = memo(function ChatItem({
  chat,
  onChosen,
}: {
  readonly chat: Chat;
  readonly onChosen: () => void;
}) {
  useLanguage();
  const { conversations } = useServices();
  // Not in this component: the chat may move to another section of the list while its title is typed.
  const title = { id: `title ${chat.id}`, chatId: chat.id };
  const typed = useStore(editedTexts, (edits) => edits.get(title.id)?.text);
  const link = useRef<HTMLAnchorElement>(null);
  const endRenaming = () => {
    flushSync(() => keepEdited(title));
    focusIfLost(() => link.current); // it was ended by a key, and not by moving elsewhere
  };
  const open = useChatState((state) => state.view === "chat" && state.openId === chat.id);
  const running = useChatState((state) => chat.leafId !== null && state.connections.has(chat.leafId));
  const waiting = useChatState((state) => waitsForUser(state, chat.id));
  if (typed !== undefined) {
    return (
      <li>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            endRenaming();
            void conversations.chats.rename(chat.id, typed);
          }}
        >
          <input
            className="field py-1.5 text-sm"
            aria-label={strings.title}
            dir="auto"
            value={typed}
            maxLength={longestTitle}
            // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here
            autoFocus
            onFocus={({ target }) => target.value === chat.title && target.select()}
            onChange={({ target }) => keepEdited(title, target.value)}
            onKeyDown={(event) => {
              if (isEscape(event)) {
                event.stopPropagation();
                endRenaming();
              }
            }}
            onBlur={(event) => event.target.form?.requestSubmit()}
          />
        </form>
      </li>
    );
  }
  const button = {
    className: lineButtonClass,
    "aria-label": strings.chatActions(chat.title),
    children: <Ellipsis size="1rem" aria-hidden />,
  };
  return (
    <li
      className={`group flex h-9 items-center rounded-lg transition-colors hover:bg-raised ${open ? "bg-raised" : ""}`}
    >
      <a
        ref={link}
        href={hashOf({ view: "chat", openId: chat.id })}
        className="flex min-w-0 flex-1 items-center gap-2 self-stretch rounded-lg ps-2.5 text-sm"
        aria-current={open ? "page" : undefined}
        onDragStart={(event) => startDrag(event, chat.id)}
        onClick={onChosen}
      >
        {chat.pinned && <Pin size="0.8125rem" className="shrink-0 text-muted" aria-label={strings.pinned} />}
        <span className="truncate" dir="auto">
          {chat.title}
        </span>
        {running && !waiting && (
          <LoaderCircle
            size="0.875rem"
            className="ms-auto shrink-0 animate-spin text-accent"
            aria-label={strings.answering}
          />
        )}
        {waiting && <WaitingMark />}
      </a>
      <OnDemandMenu load={load} button={button} loading={<KeepOrder chatId={chat.id} />}>
        <ChatMenu button={button} chat={chat} onRename={() => keepEdited(title, chat.title)} />
      </OnDemandMenu>
    </li>
  );
});
