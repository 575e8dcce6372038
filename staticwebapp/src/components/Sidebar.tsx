import { Globe, Keyboard, ListTodo, Search, SquarePen, Zap } from "lucide-react";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { AccountBar } from "../signin/AccountBar";
import { ChatList } from "./ChatList";
import { modifier } from "./keys";

interface SidebarProps {
  readonly onSearch: () => void;
  readonly onShortcuts: () => void;
  /** Called when a chat was chosen: on a narrow screen the list then closes. */
  readonly onChosen: () => void;
}

export function Sidebar({ onSearch, onShortcuts, onChosen }: SidebarProps) {
  const { conversations, signIn } = useServices();
  const view = useChatState((state) => state.view);
  return (
    <nav
      className="flex h-full w-72 max-w-[85vw] flex-col border-line border-e bg-raised/50"
      aria-label={strings.chats}
    >
      <div className="flex h-14 shrink-0 items-center gap-2 px-4 font-semibold">
        <span className="grid size-7 place-items-center rounded-lg bg-accent text-on-accent">
          <Zap size={16} fill="currentColor" aria-hidden />
        </span>
        FuncChat
      </div>
      <div className="space-y-0.5 px-2.5 pb-2">
        <SidebarButton
          Icon={SquarePen}
          label={strings.newChat}
          onClick={() => {
            void conversations.open(null);
            onChosen();
          }}
        />
        <SidebarButton Icon={Search} label={strings.searchChats} hint={`${modifier} K`} onClick={onSearch} />
        <SidebarButton
          Icon={Globe}
          label={strings.webSearch}
          current={view === "search"}
          onClick={() => {
            conversations.navigate("search");
            onChosen();
          }}
        />
        <SidebarButton
          Icon={ListTodo}
          label={strings.plan}
          current={view === "plan"}
          onClick={() => {
            conversations.navigate("plan");
            onChosen();
          }}
        />
      </div>
      <ChatList onChosen={onChosen} />
      <div className="hidden border-line border-t p-2.5 md:block">
        <SidebarButton Icon={Keyboard} label={strings.shortcuts} hint="?" onClick={onShortcuts} />
      </div>
      {signIn !== undefined && (
        <div className="border-line border-t p-2.5">
          <AccountBar signIn={signIn} />
        </div>
      )}
    </nav>
  );
}

interface SidebarButtonProps {
  readonly Icon: typeof Search;
  readonly label: string;
  readonly hint?: string;
  readonly current?: boolean;
  readonly onClick: () => void;
}

function SidebarButton({ Icon, label, hint, current = false, onClick }: SidebarButtonProps) {
  return (
    <button
      type="button"
      className="flex h-9 w-full items-center gap-2.5 rounded-lg px-2.5 text-start text-sm transition-colors hover:bg-raised aria-[current=page]:bg-raised aria-[current=page]:font-medium"
      aria-current={current ? "page" : undefined}
      onClick={onClick}
    >
      <Icon size={16} className="shrink-0 text-muted" aria-hidden />
      <span className="flex-1">{label}</span>
      {hint !== undefined && <kbd className="font-sans text-muted text-xs [@media(hover:none)]:hidden">{hint}</kbd>}
    </button>
  );
}
