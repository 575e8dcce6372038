import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { toast } from "sonner";
import { createApi } from "./api/client";
import { loadApiBase } from "./api/config";
import { App } from "./app";
import { Conversations } from "./chat/conversations";
import { loadOffer } from "./chat/offer";
import { createChatState } from "./chat/state";
import { announceFailure } from "./components/failures";
import { connectRouting } from "./routing";
import { ServicesContext } from "./services";
import { followOtherTabs } from "./settings/settings";
import { applyTheme } from "./settings/theme";
import { ChatStorage } from "./storage/chatStorage";
import { openDatabase } from "./storage/database";
import { joinTabs } from "./storage/tabs";
import "./styles.css";

applyTheme();
followOtherTabs();

const root = document.getElementById("root") as HTMLElement;

/** Chats need a place to be kept; a browser that refuses one is told apart from a page that is broken. */
function unstorable(error: unknown): never {
  root.textContent = "FuncChat keeps your chats in this browser's storage, which this browser does not allow here.";
  throw error;
}

const api = createApi(loadApiBase());
const database = await openDatabase().catch(unstorable);
const state = createChatState();
const storage = new ChatStorage(database);
const tabs = joinTabs((chatId) => void conversations.reload(chatId));
const conversations: Conversations = new Conversations({
  api,
  storage,
  state,
  tabs,
  onTrouble: (what) => toast.error(what),
  onFailed: (node) => announceFailure(node, conversations, state),
});

await conversations.start();
connectRouting(state, conversations);
void loadOffer(api, state);

createRoot(root).render(
  <StrictMode>
    <ServicesContext value={{ api, state, conversations, storage }}>
      <App />
    </ServicesContext>
  </StrictMode>,
);
