import type { Pin } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { createContext, use } from "react";

interface MenuItemProps {
  readonly Icon: typeof Pin;
  readonly label: string;
  readonly danger?: boolean;
  readonly onSelect: () => void;
}

/** Runs what was chosen once the menu is closed and its button has the focus: a dialog that opens then returns the focus to it. */
export const RunLater = createContext<(action: () => void) => void>((action) => action());

export function MenuItem({ Icon, label, danger = false, onSelect }: MenuItemProps) {
  const runLater = use(RunLater);
  return (
    <DropdownMenu.Item
      className={`flex h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm outline-none data-highlighted:bg-raised ${danger ? "text-bad" : ""}`}
      onSelect={() => runLater(onSelect)}
    >
      <Icon size="0.9375rem" className="shrink-0" aria-hidden />
      <span className="truncate">{label}</span>
    </DropdownMenu.Item>
  );
}

export const menuClass =
  "z-30 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-lg";
