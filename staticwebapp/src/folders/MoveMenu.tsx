import { Check, ChevronRight, Folder, FolderInput, FolderMinus, FolderPlus } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { Chat } from "../chat/chat";
import { MenuItem, menuClass } from "../components/MenuItem";
import { MenuPortal } from "../components/MenuPortal";
import { useMedia } from "../hooks/useMedia";
import { strings } from "../i18n/strings";
import { useServices } from "../services";
import { folderNames } from "./folders";

interface MoveMenuProps {
  readonly chat: Chat;
  /** Called with the folder to move the chat to; undefined takes it out of its folder. */
  readonly onMove: (folder: string | undefined) => void;
  /** Called when the user wants to move the chat to a folder that does not exist yet. */
  readonly onNew: () => void;
}

/** The part of a chat's menu that moves it to a folder. */
export function MoveMenu({ chat, onMove, onNew }: MoveMenuProps) {
  const { state } = useServices();
  const narrow = useMedia("(max-width: 30rem)");
  const names = folderNames(state.getState().chats.values());
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className="flex h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm outline-none data-highlighted:bg-raised data-[state=open]:bg-raised">
        <FolderInput size="0.9375rem" aria-hidden /> {strings.moveToFolder}
        <ChevronRight size="0.9375rem" className="ms-auto text-muted rtl:-scale-x-100" aria-hidden />
      </DropdownMenu.SubTrigger>
      <MenuPortal part="nav">
        <DropdownMenu.SubContent
          className={`${menuClass} max-h-[min(20rem,var(--radix-dropdown-menu-content-available-height))]! min-w-0! max-w-[min(18rem,var(--radix-dropdown-menu-content-available-width))]`}
          sideOffset={narrow ? -112 : 4} // over the menu, where there is less room next to it than names need
          collisionPadding={12}
        >
          {names.map((name) => (
            <MenuItem
              key={name}
              Icon={name === chat.folder ? Check : Folder}
              label={name}
              onSelect={() => onMove(name)}
            />
          ))}
          <MenuItem Icon={FolderPlus} label={strings.newFolder} onSelect={onNew} />
          {chat.folder !== undefined && (
            <MenuItem Icon={FolderMinus} label={strings.takeOutOfFolder} onSelect={() => onMove(undefined)} />
          )}
        </DropdownMenu.SubContent>
      </MenuPortal>
    </DropdownMenu.Sub>
  );
}
