import { FolderX, Pencil, ScrollText, SquarePen } from "lucide-react";
import { useState } from "react";
import type { Chat } from "../chat/chat";
import { Menu } from "../components/Menu";
import { MenuItem } from "../components/MenuItem";
import type { MenuButton } from "../components/OnDemandMenu";
import { strings } from "../i18n/strings";
import { useServices } from "../services";
import { toast } from "../toast";
import { FolderDialog } from "./FolderDialog";
import { FolderInstructionsDialog } from "./FolderInstructionsDialog";
import { instructionsOf } from "./folderInstructions";

interface FolderMenuProps {
  readonly button: MenuButton;
  readonly name: string;
  readonly chats: readonly Chat[];
  readonly onChosen: () => void;
}

/** Begins a chat in a folder, renames the folder, changes its instructions, or deletes it. Its chats stay. */
export default function FolderMenu({ button, name, chats, onChosen }: FolderMenuProps) {
  const { conversations } = useServices();
  const [renaming, setRenaming] = useState(false);
  const [instructing, setInstructing] = useState(false);
  const ids = chats.map(({ id }) => id);
  const instructions = instructionsOf(chats, name)?.text;
  const remove = async () => {
    await conversations.chats.move(ids, undefined);
    toast(strings.folderDeleted(name), {
      action: { label: strings.undo, onClick: () => void conversations.chats.move(ids, name, instructions) },
    });
  };
  return (
    <>
      <Menu part="nav" button={button}>
        <MenuItem
          Icon={SquarePen}
          label={strings.newChatInFolder}
          onSelect={() => {
            void conversations.openIn(name);
            onChosen();
          }}
        />
        <MenuItem Icon={Pencil} label={strings.rename} onSelect={() => setRenaming(true)} />
        <MenuItem Icon={ScrollText} label={strings.folderInstructions} onSelect={() => setInstructing(true)} />
        <MenuItem Icon={FolderX} label={strings.deleteFolder} danger onSelect={() => void remove()} />
      </Menu>
      {renaming && (
        <FolderDialog
          title={strings.renameFolder}
          name={name}
          onNamed={(chosen) => void conversations.chats.move(ids, chosen, instructions)}
          onClose={() => setRenaming(false)}
        />
      )}
      {instructing && <FolderInstructionsDialog folder={name} onClose={() => setInstructing(false)} />}
    </>
  );
}
