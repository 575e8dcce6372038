import { Braces, Ellipsis, FileText, Pencil, Pin, PinOff, Printer, Share2, Trash2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { toast } from "sonner";
import type { Chat } from "../chat/chat";
import { branchTo } from "../chat/tree";
import { FolderDialog } from "../folders/FolderDialog";
import { MoveMenu } from "../folders/MoveMenu";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { serializeChats } from "../storage/chatFile";
import { toMarkdown } from "../storage/chatMarkdown";
import { fileNameOf, save } from "./download";
import { MenuItem, menuClass } from "./MenuItem";
import { MenuPortal } from "./MenuPortal";

interface ChatMenuProps {
  readonly chat: Chat;
  readonly onRename: () => void;
  readonly onShare: () => void;
}

/** What can be done with a chat of the list. */
export default function ChatMenu({ chat, onRename, onShare }: ChatMenuProps) {
  const { conversations, storage, signIn } = useServices();
  const canShare = useChatState(({ limits }) => signIn !== undefined && (limits.sharing ?? "off") !== "off");

  const [naming, setNaming] = useState(false);

  const remove = async () => {
    const { chat: removed, nodes } = await conversations.chats.remove(chat.id);
    toast(strings.chatDeleted(removed.title), {
      action: { label: strings.undo, onClick: () => void conversations.chats.add(removed, nodes) },
    });
  };
  const exportMarkdown = async () => {
    const nodes = new Map((await storage.nodes(chat.id)).map((node) => [node.id, node]));
    save(`${fileNameOf(chat.title)}.md`, "text/markdown", toMarkdown(chat, branchTo(nodes, chat.leafId)));
  };
  const exportJson = async () =>
    save(`${fileNameOf(chat.title)}.json`, "application/json", serializeChats([chat], await storage.nodes(chat.id)));
  const print = async () => {
    await conversations.open(chat.id);
    setTimeout(() => globalThis.print()); // once the menu is closed and the chat is drawn
  };

  return (
    <>
      <DropdownMenu.Root modal={false} defaultOpen>
        <DropdownMenu.Trigger
          className="icon-button opacity-0 focus-visible:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 [@media(hover:none)]:opacity-100"
          aria-label={strings.chatActions(chat.title)}
        >
          <Ellipsis size={16} aria-hidden />
        </DropdownMenu.Trigger>
        <MenuPortal part="nav">
          <DropdownMenu.Content className={menuClass} align="start" sideOffset={4} collisionPadding={12}>
            <MenuItem Icon={Pencil} label={strings.rename} onSelect={() => setTimeout(onRename)} />
            <MenuItem
              Icon={chat.pinned ? PinOff : Pin}
              label={chat.pinned ? strings.unpin : strings.pin}
              onSelect={() => void conversations.chats.pin(chat.id, !chat.pinned)}
            />
            <MoveMenu chat={chat} onNew={() => setNaming(true)} />
            {canShare && <MenuItem Icon={Share2} label={strings.share} onSelect={() => setTimeout(onShare)} />}
            <MenuItem Icon={FileText} label={strings.exportMarkdown} onSelect={() => void exportMarkdown()} />
            <MenuItem Icon={Braces} label={strings.exportJson} onSelect={() => void exportJson()} />
            <MenuItem Icon={Printer} label={strings.print} onSelect={() => void print()} />
            <MenuItem Icon={Trash2} label={strings.delete} danger onSelect={() => void remove()} />
          </DropdownMenu.Content>
        </MenuPortal>
      </DropdownMenu.Root>
      {naming && (
        <FolderDialog
          title={strings.newFolderTitle}
          onNamed={(name) => void conversations.chats.move([chat.id], name)}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  );
}
