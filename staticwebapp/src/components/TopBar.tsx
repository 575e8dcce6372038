import { Menu, MessageCircleDashed, Moon, Settings2, SquarePen, Sun } from "lucide-react";
import { isTemporary } from "../chat/state";
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
  const temporary = useChatState((state) => state.view === "chat" && isTemporary(state, state.openId));
  const startsChat = useChatState(({ view, openId }) => view === "chat" && openId === null);
  const usesModel = useChatState(({ view }) => view === "chat" || view === "plan");
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
      {temporary && !startsChat && (
        <span
          className="flex shrink-0 items-center gap-1.5 rounded-full bg-raised px-2.5 py-1 text-sm"
          title={strings.temporaryText}
        >
          <MessageCircleDashed size={15} aria-hidden /> {strings.temporary}
        </span>
      )}
      <div className="ms-auto flex">
        {startsChat && (
          <button
            type="button"
            className={
              temporary ? "icon-button grid-flow-col gap-1.5 bg-raised px-2.5 text-ink text-sm" : "icon-button"
            }
            aria-label={strings.temporaryChat}
            aria-pressed={temporary}
            title={strings.temporaryChat}
            onClick={() => conversations.makeTemporary(!temporary)}
          >
            <MessageCircleDashed size={18} aria-hidden />
            {temporary && <span aria-hidden>{strings.temporary}</span>}
          </button>
        )}
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
