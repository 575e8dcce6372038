import { Menu, MessageCircleDashed, Moon, Settings2, SquarePen, Sun } from "lucide-react";
import { isTemporary } from "../chat/state";
import { strings } from "../i18n/strings";
import { useChatState, useServices, useSettings } from "../services";
import { change } from "../settings/settings";
import { IconButton } from "./IconButton";
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
        <Menu size="1.1875rem" aria-hidden />
      </button>
      {!chatsShown && (
        <IconButton
          className="max-[14rem]:hidden"
          label={strings.newChat}
          onClick={() => void conversations.open(null)}
        >
          <SquarePen size="1.125rem" aria-hidden />
        </IconButton>
      )}
      {usesModel && <ModelChoice />}
      {temporary && !startsChat && (
        <span
          className="flex shrink-0 items-center gap-1.5 rounded-full bg-raised px-2.5 py-1 text-sm"
          title={strings.temporaryText}
        >
          <MessageCircleDashed size="0.9375rem" aria-hidden /> {strings.temporary}
        </span>
      )}
      <div className="ms-auto flex">
        {startsChat && (
          <IconButton
            className={temporary ? "grid-flow-col gap-1.5 bg-raised px-2.5 text-ink text-sm" : ""}
            label={strings.temporaryChat}
            aria-pressed={temporary}
            onClick={() => conversations.makeTemporary(!temporary)}
          >
            <MessageCircleDashed size="1.125rem" aria-hidden />
            {temporary && <span aria-hidden>{strings.temporary}</span>}
          </IconButton>
        )}
        <ThemeButton />
        <IconButton label={strings.settings} onClick={onSettings}>
          <Settings2 size="1.125rem" aria-hidden />
        </IconButton>
      </div>
    </header>
  );
}

function ThemeButton() {
  const theme = useSettings((settings) => settings.theme);
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  const label = dark ? strings.lightTheme : strings.darkTheme;
  return (
    <IconButton
      className="hidden sm:inline-grid"
      label={label}
      onClick={() => change({ theme: dark ? "light" : "dark" })}
    >
      {dark ? <Sun size="1.125rem" aria-hidden /> : <Moon size="1.125rem" aria-hidden />}
    </IconButton>
  );
}
