import { Braces, Ellipsis, FileText, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { toast } from "sonner";
import type { Chat } from "../chat/chat";
import { branchTo } from "../chat/tree";
import { useServices } from "../services";
import { serializeChats } from "../storage/chatFile";
import { toMarkdown } from "../storage/chatMarkdown";
import { fileNameOf, save } from "./download";

/** What can be done with a chat of the list. */
export default function ChatMenu({ chat, onRename }: { readonly chat: Chat; readonly onRename: () => void }) {
  const { conversations, storage } = useServices();

  const remove = async () => {
    const { chat: removed, nodes } = await conversations.remove(chat.id);
    toast(`“${removed.title}” was deleted.`, {
      action: { label: "Undo", onClick: () => void conversations.add(removed, nodes) },
    });
  };
  const exportMarkdown = async () => {
    const nodes = new Map((await storage.nodes(chat.id)).map((node) => [node.id, node]));
    save(`${fileNameOf(chat.title)}.md`, "text/markdown", toMarkdown(chat, branchTo(nodes, chat.leafId)));
  };
  const exportJson = async () =>
    save(`${fileNameOf(chat.title)}.json`, "application/json", serializeChats([chat], await storage.nodes(chat.id)));

  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className="icon-button opacity-0 focus-visible:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 [@media(hover:none)]:opacity-100"
        aria-label={`Actions for ${chat.title}`}
      >
        <Ellipsis size={16} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="z-30 min-w-48 rounded-xl border border-line bg-surface p-1.5 shadow-lg"
          align="start"
          sideOffset={4}
          collisionPadding={12}
        >
          <Item Icon={Pencil} label="Rename" onSelect={() => setTimeout(onRename)} />
          <Item
            Icon={chat.pinned ? PinOff : Pin}
            label={chat.pinned ? "Unpin" : "Pin"}
            onSelect={() => void conversations.pin(chat.id, !chat.pinned)}
          />
          <Item Icon={FileText} label="Export as Markdown" onSelect={() => void exportMarkdown()} />
          <Item Icon={Braces} label="Export as JSON" onSelect={() => void exportJson()} />
          <Item Icon={Trash2} label="Delete" danger onSelect={() => void remove()} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ItemProps {
  readonly Icon: typeof Pin;
  readonly label: string;
  readonly danger?: boolean;
  readonly onSelect: () => void;
}

function Item({ Icon, label, danger = false, onSelect }: ItemProps) {
  return (
    <DropdownMenu.Item
      className={`flex h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm outline-none data-highlighted:bg-raised ${danger ? "text-bad" : ""}`}
      onSelect={onSelect}
    >
      <Icon size={15} aria-hidden /> {label}
    </DropdownMenu.Item>
  );
}
