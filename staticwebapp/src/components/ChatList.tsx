import { useMemo, useState } from "react";
import { inListOrder } from "../chat/chat";
import { groupsOf } from "../chat/groups";
import { useChatState } from "../services";
import { ChatItem } from "./ChatItem";

/** So many are drawn at first, and more with each wish for older ones: a page with thousands is to open at once too. */
const atOnce = 100;

/** The chats of this browser, by when they were last asked something. */
export function ChatList({ onChosen }: { readonly onChosen: () => void }) {
  const chats = useChatState((state) => state.chats);
  const [shown, setShown] = useState(atOnce);
  const list = useMemo(() => inListOrder(chats.values()), [chats]);
  const groups = groupsOf(list.slice(0, shown), Date.now());
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-2.5 py-1">
      {groups.map(({ label, chats: members }) => (
        <section key={label} aria-label={label}>
          <h2 className="px-2.5 pt-3 pb-1 font-medium text-muted text-xs">{label}</h2>
          <ul className="space-y-0.5">
            {members.map((chat) => (
              <ChatItem key={chat.id} chat={chat} onChosen={onChosen} />
            ))}
          </ul>
        </section>
      ))}
      {list.length > shown && (
        <button
          type="button"
          className="mt-2 h-9 w-full rounded-lg px-2.5 text-start text-muted text-sm hover:bg-raised"
          onClick={() => setShown(shown + 2 * atOnce)}
        >
          Show older chats
        </button>
      )}
      {list.length === 0 && <p className="px-2.5 py-2 text-muted text-sm">Your chats will stand here.</p>}
    </div>
  );
}
