import type { Pin } from "lucide-react";
import { DropdownMenu } from "radix-ui";

interface MenuItemProps {
  readonly Icon: typeof Pin;
  readonly label: string;
  readonly danger?: boolean;
  readonly onSelect: () => void;
}

export function MenuItem({ Icon, label, danger = false, onSelect }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      className={`flex h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm outline-none data-highlighted:bg-raised ${danger ? "text-bad" : ""}`}
      onSelect={onSelect}
    >
      <Icon size={15} className="shrink-0" aria-hidden />
      <span className="truncate">{label}</span>
    </DropdownMenu.Item>
  );
}

export const menuClass = "z-30 min-w-48 rounded-xl border border-line bg-surface p-1.5 shadow-lg";
