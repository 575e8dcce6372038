import type { DragEvent } from "react";

const type = "application/x-funcchat-chat";

/** For the link of a chat that can be dragged into a folder. */
export function startDrag(event: DragEvent, chatId: string): void {
  event.dataTransfer.setData(type, chatId);
  event.dataTransfer.effectAllowed = "copyMove";
}

/** Whether what is dragged is a chat of the list. */
export function isChat(event: DragEvent): boolean {
  return event.dataTransfer.types.includes(type);
}

export function draggedChat(event: DragEvent): string {
  return event.dataTransfer.getData(type);
}
