import { Braces, FileText, Pencil, Pin, PinOff, Printer, Share2, Trash2 } from "lucide-react";
import { use } from "react";
import type { Chat } from "../chat/chat";
import { branchTo, byId } from "../chat/tree";
import { FolderDialog } from "../folders/FolderDialog";
import { MoveMenu } from "../folders/MoveMenu";
import { strings } from "../i18n/strings";
import { hashOf } from "../routing";
import { useChatState, useServices } from "../services";
import { serializeChats } from "../storage/chatFile";
import { toMarkdown } from "../storage/chatMarkdown";
import { deleteChat } from "../storage/deleteChat";
import { toast } from "../toast";
import { ChatListContext, linkOf } from "./chatListContext";
import { fileNameOf, save } from "./download";
import { focusIfLost } from "./focusIfLost";
import { KeepOrder } from "./KeepOrder";
import { LazyDialog } from "./LazyDialog";
import { Menu } from "./Menu";
import { MenuItem } from "./MenuItem";
import type { MenuButton } from "./OnDemandMenu";
import { onDemand } from "./onDemand";

const ShareDialog = onDemand(() => import("../share/ShareDialog"));

interface ChatMenuProps {
  readonly button: MenuButton;
  readonly chat: Chat;
  readonly onRename: () => void;
}

/** What can be done with a chat of the list. */
export default function ChatMenu({ button, chat, onRename }: ChatMenuProps) {
  const { conversations, storage, signIn } = useServices();
  const canShare = useChatState(({ limits }) => signIn !== undefined && (limits.sharing ?? "off") !== "off");
  const { showDialog } = use(ChatListContext);

  /** Moves the chat in the list, where it is drawn again elsewhere and takes the focus there. */
  const place = async (change: Promise<void>) => {
    await change;
    focusIfLost(() => linkOf(chat.id));
  };
  const move = (folder: string | undefined) => void place(conversations.chats.move([chat.id], folder));
  const moveToNew = () =>
    showDialog(chat.id, (_, onClose) => (
      <FolderDialog title={strings.newFolderTitle} onNamed={move} onClose={onClose} />
    ));
  const share = () =>
    showDialog(chat.id, (current, onClose) => (
      <LazyDialog onClose={onClose}>
        <ShareDialog chat={current} onClose={onClose} />
      </LazyDialog>
    ));
  const remove = async () => {
    const links = [...document.querySelectorAll<HTMLElement>("nav a[href]")];
    const at = links.findIndex((link) => link.getAttribute("href") === hashOf({ view: "chat", openId: chat.id }));
    const { undo } = await deleteChat(conversations, chat.id);
    focusIfLost(() => links[at + 1] ?? links[at - 1] ?? document.querySelector<HTMLElement>("nav button"));
    toast(strings.chatDeleted(chat.title), { action: { label: strings.undo, onClick: () => void undo() } });
  };
  const exportMarkdown = async () => {
    const nodes = byId(await storage.nodes(chat.id));
    save(`${fileNameOf(chat.title)}.md`, "text/markdown", toMarkdown(chat, branchTo(nodes, chat.leafId)));
  };
  const exportJson = async () =>
    save(`${fileNameOf(chat.title)}.json`, "application/json", serializeChats([chat], await storage.nodes(chat.id)));
  const print = async () => {
    await conversations.open(chat.id);
    setTimeout(() => globalThis.print()); // once the menu is closed and the chat is drawn
  };

  return (
    <Menu part="nav" button={button}>
      <KeepOrder chatId={chat.id} />
      <MenuItem Icon={Pencil} label={strings.rename} onSelect={onRename} />
      <MenuItem
        Icon={chat.pinned ? PinOff : Pin}
        label={chat.pinned ? strings.unpin : strings.pin}
        onSelect={() => void place(conversations.chats.pin(chat.id, !chat.pinned))}
      />
      <MoveMenu chat={chat} onMove={move} onNew={moveToNew} />
      {canShare && <MenuItem Icon={Share2} label={strings.share} onSelect={share} />}
      <MenuItem Icon={FileText} label={strings.exportMarkdown} onSelect={() => void exportMarkdown()} />
      <MenuItem Icon={Braces} label={strings.exportJson} onSelect={() => void exportJson()} />
      <MenuItem Icon={Printer} label={strings.print} onSelect={() => void print()} />
      <MenuItem Icon={Trash2} label={strings.delete} danger onSelect={() => void remove()} />
    </Menu>
  );
}
