import { type ReactNode, useState } from "react";
import { useServices } from "../services";
import { draggedChat, isChat } from "./dragging";

interface DropTargetProps {
  /** The folder that a dropped chat is moved to; undefined takes it out of its folder. */
  readonly folder: string | undefined;
  readonly label?: string;
  readonly children: ReactNode;
}

/** A part of the list that accepts chats which are dragged to it. The menu of a chat does the same for the keyboard. */
export function DropTarget({ folder, label, children }: DropTargetProps) {
  const { conversations, state } = useServices();
  const [over, setOver] = useState(false);
  return (
    <section
      aria-label={label}
      className={over ? "rounded-lg bg-accent-soft" : ""}
      onDragOver={(event) => {
        if (isChat(event)) {
          event.preventDefault();
          setOver(true);
        }
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) {
          setOver(false);
        }
      }}
      onDrop={(event) => {
        setOver(false);
        const chatId = draggedChat(event);
        if (isChat(event) && state.getState().chats.has(chatId)) {
          event.preventDefault();
          void conversations.chats.move([chatId], folder);
        }
      }}
    >
      {children}
    </section>
  );
}
