import { Dialog } from "./Dialog";
import { modifier } from "./keys";

const shortcuts: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["Enter"], "Send the message"],
  [["Shift", "Enter"], "Start a new line"],
  [["Esc"], "Stop the answer"],
  [[modifier, "K"], "Search chats"],
  [[modifier, "Shift", "O"], "New chat"],
  [["/"], "Type a message"],
  [["?"], "Show this list"],
];

export default function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="space-y-2.5">
        {shortcuts.map(([keys, does]) => (
          <div key={does} className="flex items-center justify-between gap-4">
            <dt>{does}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.map((key) => (
                <kbd key={key} className="rounded-md border border-line bg-raised px-2 py-0.5 font-sans text-xs">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
