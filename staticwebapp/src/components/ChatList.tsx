import { useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type Chat, inListOrder } from "../chat/chat";
import { groupsOf } from "../chat/groups";
import { DropTarget } from "../folders/DropTarget";
import { FolderSection } from "../folders/FolderSection";
import { byFolder } from "../folders/folders";
import { useToday } from "../hooks/useToday";
import { strings } from "../i18n/strings";
import { useChatState } from "../services";
import { ChatItem } from "./ChatItem";
import { type ChatDialog, ChatListContext, linkOf } from "./chatListContext";
import { focusIfLost } from "./focusIfLost";

/** The chats that are drawn at first; more on request, so that a page with thousands of chats opens quickly. */
const atOnce = 100;

/** The chats of this browser: folders first, then the others by when they were last used. */
export function ChatList({ onChosen }: { readonly onChosen: () => void }) {
  const chats = useChatState((state) => state.chats);
  const [shown, setShown] = useState(atOnce);
  const [menus, setMenus] = useState(0);
  const [dialog, setDialog] = useState<{ readonly chatId: string; readonly draw: ChatDialog }>();
  const ordered = useRef(chats);
  if (menus === 0) {
    ordered.current = chats;
  }
  const order = ordered.current;
  const list = useMemo(() => inListOrder(order.values()), [order]);
  const { folders, others } = useMemo(() => byFolder(list), [list]);
  const groups = groupsOf(others.slice(0, shown), useToday());
  const current = (members: readonly Chat[]) => members.flatMap(({ id }) => chats.get(id) ?? []);

  const [context] = useState<ChatListContext>(() => ({
    keepOrder: (chatId) => {
      setMenus((count) => count + 1);
      // Once the button of the menu has the focus, which it would lose in a chat that moves.
      const release = () => {
        const focused = document.activeElement;
        flushSync(() => setMenus((count) => count - 1));
        if (focused?.isConnected === false) {
          focusIfLost(() => linkOf(chatId));
        }
      };
      return () => void setTimeout(release);
    },
    showDialog: (chatId, draw) => setDialog({ chatId, draw }),
  }));
  const about = chats.get(dialog?.chatId ?? "");
  if (dialog !== undefined && about === undefined) {
    setDialog(undefined); // the chat was deleted, and may be restored
  }
  const closeDialog = () => {
    flushSync(() => setDialog(undefined));
    focusIfLost(() => about && linkOf(about.id)); // the chat has moved with the button that opened the dialog
  };
  return (
    <ChatListContext value={context}>
      <div className="min-h-48 flex-1 overflow-y-auto px-2.5 py-1">
        {folders.map((folder) => (
          <FolderSection
            key={folder.name}
            folder={{ ...folder, chats: current(folder.chats) }}
            most={shown}
            onChosen={onChosen}
          />
        ))}
        <DropTarget folder={undefined}>
          {groups.map(({ label, chats: members }) => (
            <section key={label} aria-label={label}>
              <h2 className="px-2.5 pt-3 pb-1 font-medium text-muted text-xs">{label}</h2>
              <ul className="space-y-0.5">
                {current(members).map((chat) => (
                  <ChatItem key={chat.id} chat={chat} onChosen={onChosen} />
                ))}
              </ul>
            </section>
          ))}
        </DropTarget>
        {Math.max(others.length, ...folders.map((folder) => folder.chats.length)) > shown && (
          <button
            type="button"
            className="mt-2 h-9 w-full rounded-lg px-2.5 text-start text-muted text-sm hover:bg-raised"
            onClick={() => setShown(shown + 2 * atOnce)}
          >
            {strings.olderChats}
          </button>
        )}
        {list.length === 0 && <p className="px-2.5 py-2 text-muted text-sm">{strings.noChats}</p>}
        {about !== undefined && dialog?.draw(about, closeDialog)}
      </div>
    </ChatListContext>
  );
}
