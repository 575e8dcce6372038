import { defaultBackoff, delayAfter, pause } from "../api/backoff";
import type { ChatApi } from "../api/client";
import type { ChatStateStore } from "./state";

/** Asks the server what it offers, until it answers: a page may be open before its server is up. */
export async function loadCapabilities(
  api: ChatApi,
  state: ChatStateStore,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      const [models, tools] = await Promise.all([api.listModels(signal), api.listTools(signal)]);
      state.setState({ models, tools, serverTrouble: undefined });
      return;
    } catch (error) {
      state.setState({ serverTrouble: error instanceof Error ? error.message : "The server can't be reached." });
      await pause(delayAfter(failures, defaultBackoff), signal);
    }
  }
}
