import type { Search } from "lucide-react";

interface SidebarButtonProps {
  readonly Icon: typeof Search;
  readonly label: string;
  readonly hint?: string;
  readonly current?: boolean;
  readonly onClick: () => void;
}

export function SidebarButton({ Icon, label, hint, current = false, onClick }: SidebarButtonProps) {
  return (
    <button
      type="button"
      className="flex h-9 w-full items-center gap-2.5 rounded-lg px-2.5 text-start text-sm transition-colors hover:bg-raised aria-[current=page]:bg-raised aria-[current=page]:font-medium"
      aria-current={current ? "page" : undefined}
      onClick={onClick}
    >
      <Icon size="1rem" className="shrink-0 text-muted" aria-hidden />
      <span className="flex-1">{label}</span>
      {hint !== undefined && <kbd className="font-sans text-muted text-xs [@media(hover:none)]:hidden">{hint}</kbd>}
    </button>
  );
}
