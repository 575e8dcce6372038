import { Menu, Moon, Settings2, SquarePen, Sun } from "lucide-react";
import { strings } from "../i18n/strings";
import { useChatState, useServices, useSettings } from "../services";
import { change } from "../settings/settings";
import { ModelChoice } from "./ModelChoice";

interface TopBarProps {
  readonly chatsShown: boolean;
  readonly onToggleChats: () => void;
  readonly onSettings: () => void;
}

export function TopBar({ chatsShown, onToggleChats, onSettings }: TopBarProps) {
  const { conversations } = useServices();
  const usesModel = useChatState(({ view }) => view !== "search");
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 px-2.5">
      <button
        type="button"
        className="icon-button"
        aria-label={chatsShown ? strings.hideChats : strings.showChats}
        aria-expanded={chatsShown}
        onClick={onToggleChats}
      >
        <Menu size={19} aria-hidden />
      </button>
      {!chatsShown && (
        <button
          type="button"
          className="icon-button"
          aria-label={strings.newChat}
          title={strings.newChat}
          onClick={() => void conversations.open(null)}
        >
          <SquarePen size={18} aria-hidden />
        </button>
      )}
      {usesModel && <ModelChoice />}
      <div className="ms-auto flex">
        <ThemeButton />
        <button
          type="button"
          className="icon-button"
          aria-label={strings.settings}
          title={strings.settings}
          onClick={onSettings}
        >
          <Settings2 size={18} aria-hidden />
        </button>
      </div>
    </header>
  );
}

function ThemeButton() {
  const theme = useSettings((settings) => settings.theme);
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  const label = dark ? strings.lightTheme : strings.darkTheme;
  return (
    <button
      type="button"
      className="icon-button hidden sm:inline-grid"
      aria-label={label}
      title={label}
      onClick={() => change({ theme: dark ? "light" : "dark" })}
    >
      {dark ? <Sun size={18} aria-hidden /> : <Moon size={18} aria-hidden />}
    </button>
  );
}
