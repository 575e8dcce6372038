import { useEffect, useMemo, useState } from "react";
import { byChat, searchChats } from "../chat/search";
import type { ChatNode } from "../chat/tree";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { ChoiceDialog } from "./ChoiceDialog";

const most = 50;

/** Finds chats by their titles and messages. */
export default function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const { conversations, storage } = useServices();
  const chats = useChatState((state) => state.chats);
  const [nodes, setNodes] = useState<ReadonlyMap<string, readonly ChatNode[]>>(new Map());
  const [query, setQuery] = useState("");
  useEffect(() => {
    void storage.allNodes().then((all) => setNodes(byChat(all)));
  }, [storage]);
  const found = useMemo(() => searchChats(chats.values(), nodes, query, most), [chats, nodes, query]);

  return (
    <ChoiceDialog
      title={strings.searchChats}
      label={strings.searchField}
      placeholder={strings.searchPlaceholder}
      listLabel={strings.chatsFound}
      empty={strings.noMatch}
      query={query}
      onQuery={setQuery}
      choices={found.map(({ chat, message }) => ({
        key: chat.id,
        primary: chat.title,
        ...(message === undefined ? {} : { secondary: message.snippet }),
      }))}
      onChosen={(index) => {
        const chosen = found[index];
        if (chosen !== undefined) {
          void conversations.open(chosen.chat.id, chosen.message?.id);
        }
      }}
      onClose={onClose}
    />
  );
}
