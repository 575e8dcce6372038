import { useEffect, useId, useMemo, useState } from "react";
import { byChat, searchChats } from "../chat/search";
import type { ChatNode } from "../chat/tree";
import { useChatState, useServices } from "../services";
import { Dialog } from "./Dialog";

const most = 50;

/** A dialog focuses what has the attribute when it opens; React's autoFocus would focus before that, and in vain. */
const focusedByDialog = (input: HTMLInputElement | null) => input?.setAttribute("autofocus", "");

/** Finds chats by their titles and messages. The arrows choose, Enter opens. */
export default function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const { conversations, storage } = useServices();
  const chats = useChatState((state) => state.chats);
  const [nodes, setNodes] = useState<ReadonlyMap<string, readonly ChatNode[]>>(new Map());
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const id = useId();
  useEffect(() => {
    void storage.allNodes().then((all) => setNodes(byChat(all)));
  }, [storage]);
  const found = useMemo(() => searchChats(chats.values(), nodes, query, most), [chats, nodes, query]);

  const open = (index: number) => {
    const chosen = found[index];
    if (chosen !== undefined) {
      onClose();
      void conversations.open(chosen.chat.id, chosen.message?.id);
    }
  };

  return (
    <Dialog title="Search chats" onClose={onClose}>
      <input
        className="field"
        role="combobox"
        aria-label="Search in titles and messages"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
        placeholder="Titles and messages"
        dir="auto"
        ref={focusedByDialog}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const by = event.key === "ArrowDown" ? 1 : -1;
            setChosen((chosen + by + found.length) % Math.max(1, found.length));
          } else if (event.key === "Enter") {
            event.preventDefault();
            open(chosen);
          }
        }}
      />
      <div id={`${id}-list`} role="listbox" aria-label="Chats found" className="mt-3 max-h-[50dvh] overflow-y-auto">
        {found.map(({ chat, message }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's
          <div
            key={chat.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            ref={index === chosen ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
            className={`rounded-lg px-3 py-2 ${index === chosen ? "bg-raised" : ""}`}
            onClick={() => open(index)}
            onPointerMove={() => setChosen(index)}
          >
            <div className="truncate text-sm" dir="auto">
              {chat.title}
            </div>
            {message !== undefined && (
              <div className="truncate text-muted text-xs" dir="auto">
                {message.snippet}
              </div>
            )}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p role="status" className="py-2 text-center text-muted text-sm">
          No chat holds these words.
        </p>
      )}
    </Dialog>
  );
}
