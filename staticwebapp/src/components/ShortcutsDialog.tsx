import { strings } from "../i18n/strings";
import { Dialog } from "./Dialog";
import { alt, modifier } from "./keys";

const shortcuts = (): readonly (readonly [keys: readonly string[], does: string])[] => [
  [["Enter"], strings.keySend],
  [["Shift", "Enter"], strings.keyNewLine],
  [["Esc"], strings.keyStop],
  [[modifier, "K"], strings.searchChats],
  [[modifier, "Shift", "O"], strings.newChat],
  [["/"], strings.keyType],
  [["/"], strings.keyPrompt],
  [[alt, "T"], strings.keyNotifications],
  [["?"], strings.keyShortcuts],
];

export default function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={strings.shortcuts} onClose={onClose}>
      <dl className="space-y-2.5">
        {shortcuts().map(([keys, does]) => (
          <div key={does} className="flex flex-wrap items-center justify-between gap-x-4">
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
