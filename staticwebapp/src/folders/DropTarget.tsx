import type { ReactNode } from "react";
import { useDrop } from "../hooks/useDrop";
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
  const [over, handlers] = useDrop(isChat, (event) => {
    const chatId = draggedChat(event);
    if (state.getState().chats.has(chatId)) {
      void conversations.chats.move([chatId], folder);
    }
  });
  return (
    <section aria-label={label} className={over ? "rounded-lg bg-accent-soft" : ""} {...handlers}>
      {children}
    </section>
  );
}
