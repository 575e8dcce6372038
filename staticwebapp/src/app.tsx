import { type CSSProperties, lazy, Suspense, useEffect, useRef, useState } from "react";
import { Toaster } from "sonner";
import { isUnfinished } from "./chat/turn";
import { Composer } from "./components/Composer";
import { EmptyState } from "./components/EmptyState";
import { MessageList } from "./components/MessageList";
import { Sidebar } from "./components/Sidebar";
import { TopBar } from "./components/TopBar";
import { useShortcuts } from "./hooks/useShortcuts";
import { useChatState, useServices, useSettings } from "./services";

const SearchPage = lazy(() => import("./search/SearchPage"));
const PlanPage = lazy(() => import("./plan/PlanPage"));
const SearchDialog = lazy(() => import("./components/SearchDialog"));
const SettingsDialog = lazy(() => import("./components/SettingsDialog"));
const ShortcutsDialog = lazy(() => import("./components/ShortcutsDialog"));

const dialogs = { search: SearchDialog, settings: SettingsDialog, shortcuts: ShortcutsDialog };

const titles = { search: "Web search", plan: "Plan" };

const isWide = () => matchMedia("(min-width: 48rem)").matches;

const toastColours = {
  "--normal-bg": "var(--surface)",
  "--normal-text": "var(--ink)",
  "--normal-border": "var(--line)",
} as CSSProperties;

export function App() {
  const { conversations, state } = useServices();
  const openId = useChatState((current) => current.openId);
  const place = useChatState((current) => current.place);
  const title = useChatState((current) =>
    current.place === "chat" ? current.chats.get(openId ?? "")?.title : titles[current.place],
  );
  const theme = useSettings((settings) => settings.theme);
  const [chatsShown, showChats] = useState(isWide);
  const [dialog, setDialog] = useState<keyof typeof dialogs>();
  const input = useRef<HTMLTextAreaElement>(null);
  const OpenDialog = dialog === undefined ? undefined : dialogs[dialog];

  useEffect(() => {
    document.title = title === undefined ? "FuncChat" : `${title} – FuncChat`;
  }, [title]);
  useShortcuts({
    search: () => setDialog("search"),
    list: () => setDialog("shortcuts"),
    newChat: () => void conversations.open(null),
    type: () => input.current?.focus(),
    stop: () => {
      const { chats, nodes } = state.getState();
      const leaf = nodes.get(openId ?? "")?.get(chats.get(openId ?? "")?.leafId ?? "");
      if (place === "chat" && leaf?.role === "assistant" && isUnfinished(leaf.turn)) {
        void conversations.stop(leaf.id);
      }
    },
  });

  return (
    <div className="flex h-full">
      {chatsShown && (
        <>
          <div className="fixed inset-y-0 start-0 z-20 bg-page shadow-xl md:static md:shadow-none">
            <Sidebar
              onSearch={() => setDialog("search")}
              onShortcuts={() => setDialog("shortcuts")}
              onChosen={() => showChats(isWide())}
            />
          </div>
          <button
            type="button"
            className="fixed inset-0 z-10 bg-black/40 md:hidden"
            aria-label="Hide chats"
            onClick={() => showChats(false)}
          />
        </>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar
          chatsShown={chatsShown}
          onToggleChats={() => showChats(!chatsShown)}
          onSettings={() => setDialog("settings")}
        />
        <main className="flex min-h-0 flex-1 flex-col">
          {place === "chat" ? (
            <>
              {openId === null ? <EmptyState /> : <MessageList key={openId} chatId={openId} />}
              <Composer key={openId} chatId={openId} input={input} />
            </>
          ) : (
            <Suspense>{place === "search" ? <SearchPage /> : <PlanPage />}</Suspense>
          )}
        </main>
      </div>
      <Suspense>{OpenDialog !== undefined && <OpenDialog onClose={() => setDialog(undefined)} />}</Suspense>
      <Toaster
        theme={theme}
        position="top-right"
        closeButton
        toastOptions={{ classNames: { error: "[&_[data-icon]]:text-bad", description: "text-muted!" } }}
        style={toastColours}
      />
    </div>
  );
}
