import { type DragEvent, type DragEventHandler, useState } from "react";

type Handlers = Record<"onDragOver" | "onDragLeave" | "onDrop", DragEventHandler>;

/** Makes an element accept what is dropped on it. The first result is whether something that it accepts is dragged over it. */
export function useDrop(
  accepts: (event: DragEvent) => boolean,
  onDropped: (event: DragEvent) => void,
): readonly [boolean, Handlers] {
  const [over, setOver] = useState(false);
  return [
    over,
    {
      onDragOver: (event) => {
        if (accepts(event)) {
          event.preventDefault();
          setOver(true);
        }
      },
      onDragLeave: ({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) {
          setOver(false);
        }
      },
      onDrop: (event) => {
        setOver(false);
        if (accepts(event)) {
          event.preventDefault();
          onDropped(event);
        }
      },
    },
  ];
}
