import { Ellipsis, Folder as FolderIcon, FolderOpen } from "lucide-react";
import { waitsForUser } from "../chat/shownAnswers";
import { ChatItem } from "../components/ChatItem";
import { lineButtonClass, OnDemandMenu } from "../components/OnDemandMenu";
import { onDemand } from "../components/onDemand";
import { WaitingMark } from "../components/WaitingMark";
import { strings } from "../i18n/strings";
import { useChatState, useSettings } from "../services";
import { change } from "../settings/settings";
import { DropTarget } from "./DropTarget";
import { type Folder, folderId } from "./folders";

const load = () => import("./FolderMenu");
const FolderMenu = onDemand(load);

interface FolderSectionProps {
  readonly folder: Folder;
  /** The most chats to draw. */
  readonly most: number;
  readonly onChosen: () => void;
}

/** A folder of the list, which opens to its chats. */
export function FolderSection({ folder: { name, chats }, most, onChosen }: FolderSectionProps) {
  const closed = useSettings(({ closedFolders }) => closedFolders);
  const open = !closed.includes(name);
  const waiting = useChatState((state) => !open && chats.some(({ id }) => waitsForUser(state, id)));
  const Icon = open ? FolderOpen : FolderIcon;
  const button = {
    className: lineButtonClass,
    "aria-label": strings.folderActions(name),
    children: <Ellipsis size="1rem" aria-hidden />,
  };
  return (
    <DropTarget folder={name} label={name}>
      <div className="group flex h-9 items-center rounded-lg transition-colors hover:bg-raised">
        <h2 className="flex h-full min-w-0 flex-1 font-normal">
          <button
            type="button"
            id={folderId(name)}
            className="flex min-w-0 flex-1 items-center gap-2 rounded-lg ps-2.5 text-start text-sm"
            aria-expanded={open}
            onClick={() => change({ closedFolders: open ? [...closed, name] : closed.filter((each) => each !== name) })}
          >
            <Icon size="1rem" className="shrink-0 text-muted" aria-hidden />
            <span className="truncate" dir="auto">
              {name}
            </span>
            <span className="text-muted text-xs tabular-nums" aria-hidden>
              {chats.length}
            </span>
            {waiting && <WaitingMark />}
          </button>
        </h2>
        <OnDemandMenu load={load} button={button}>
          <FolderMenu button={button} name={name} chats={chats} onChosen={onChosen} />
        </OnDemandMenu>
      </div>
      {open && (
        <ul className="ms-4 space-y-0.5 border-line border-s ps-1.5">
          {chats.slice(0, most).map((chat) => (
            <ChatItem key={chat.id} chat={chat} onChosen={onChosen} />
          ))}
        </ul>
      )}
    </DropTarget>
  );
}
