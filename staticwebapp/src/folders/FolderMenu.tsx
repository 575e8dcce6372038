import { FolderX, Pencil, ScrollText, SquarePen } from "lucide-react";
import { useState } from "react";
import type { Chat } from "../chat/chat";
import { focusIfLost } from "../components/focusIfLost";
import { Menu } from "../components/Menu";
import { MenuItem } from "../components/MenuItem";
import type { MenuButton } from "../components/OnDemandMenu";
import { strings } from "../i18n/strings";
import { hashOf } from "../routing";
import { useServices } from "../services";
import { toast } from "../toast";
import { FolderDialog } from "./FolderDialog";
import { FolderInstructionsDialog } from "./FolderInstructionsDialog";
import { instructionsOf } from "./folderInstructions";
import { folderId } from "./folders";

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
  /** Its button is gone with the folder of this name: the keyboard continues with the new name, or the first of its chats. */
  const rename = async (chosen: string) => {
    await conversations.chats.move(ids, chosen, instructions);
    focusIfLost(() => document.getElementById(folderId(chosen)));
  };
  const remove = async () => {
    await conversations.chats.move(ids, undefined);
    focusIfLost(() => document.querySelector(`nav a[href="${hashOf({ view: "chat", openId: ids[0] ?? null })}"]`));
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
          onNamed={(chosen) => void rename(chosen)}
          onClose={() => setRenaming(false)}
        />
      )}
      {instructing && <FolderInstructionsDialog folder={name} onClose={() => setInstructing(false)} />}
    </>
  );
}
