import { Columns2, Eraser, GitFork, Shuffle, Trash2, Volume2, VolumeX } from "lucide-react";
import { useState } from "react";
import { textOf } from "../chat/chat";
import type { Deletion } from "../chat/deletions";
import { isFollowed } from "../chat/exchange";
import type { ChatNode } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { nextTurnOptions } from "../settings/chatSettings";
import { canReadAloud, readAloud, stopReading, useReading } from "../speech/readAloud";
import { toast } from "../toast";
import { citedNumbers } from "./answers";
import { LazyDialog } from "./LazyDialog";
import { Menu } from "./Menu";
import { MenuItem } from "./MenuItem";
import type { MenuButton } from "./OnDemandMenu";
import { onDemand } from "./onDemand";

const ModelDialog = onDemand(() => import("./ModelDialog"));

interface MessageMenuItemsProps {
  readonly button: MenuButton;
  readonly node: ChatNode;
}

export default function MessageMenuItems({ button, node }: MessageMenuItemsProps) {
  const { conversations, state } = useServices();
  const followed = useChatState(({ nodes }) => {
    const known = nodes.get(node.chatId);
    return known !== undefined && node.role === "user" && isFollowed(known, node);
  });
  const [choosing, choose] = useState<"regenerate" | "compare">();
  const reading = useReading() === node.id;
  const text = textOf(node);

  const remove = async (deletion: Promise<Deletion>) => {
    const { count, undo } = await deletion;
    toast(strings.messagesDeleted(count), { action: { label: strings.undo, onClick: () => void undo() } });
  };
  return (
    <>
      <Menu part="main" button={button}>
        {node.role === "assistant" && (
          <MenuItem Icon={Shuffle} label={strings.regenerateWith} onSelect={() => choose("regenerate")} />
        )}
        {node.role === "assistant" && (
          <MenuItem Icon={Columns2} label={strings.compare} onSelect={() => choose("compare")} />
        )}
        {canReadAloud() && text !== "" && (
          <MenuItem
            Icon={reading ? VolumeX : Volume2}
            label={reading ? strings.stopReading : strings.readAloud}
            onSelect={() =>
              reading
                ? stopReading()
                : readAloud(node.id, text, node.role === "user" ? undefined : citedNumbers(node.turn))
            }
          />
        )}
        {(node.role === "user" || !isUnfinished(node.turn)) && (
          <MenuItem Icon={GitFork} label={strings.fork} onSelect={() => void conversations.fork(node)} />
        )}
        {node.role === "user" && followed && (
          <MenuItem
            Icon={Eraser}
            label={strings.deleteExchange}
            danger
            onSelect={() => void remove(conversations.deletions.deleteExchange(node))}
          />
        )}
        <MenuItem
          Icon={Trash2}
          label={strings.deleteMessage}
          danger
          onSelect={() => void remove(conversations.deletions.deleteFrom(node))}
        />
      </Menu>
      {choosing !== undefined && node.role === "assistant" && (
        <LazyDialog onClose={() => choose(undefined)}>
          <ModelDialog
            title={choosing === "regenerate" ? strings.regenerateWith : strings.compare}
            current={undefined}
            except={choosing === "compare" ? `${node.turn.provider}:${node.turn.model}` : undefined}
            onChosen={(model) => {
              const options = { ...nextTurnOptions(state.getState(), node.chatId), model: model.id };
              void (choosing === "regenerate"
                ? conversations.messages.regenerate(node, options)
                : conversations.messages.compare(node, options));
            }}
            onClose={() => choose(undefined)}
          />
        </LazyDialog>
      )}
    </>
  );
}
