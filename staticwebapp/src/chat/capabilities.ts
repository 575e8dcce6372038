import { defaultBackoff, delayAfter, pause } from "../api/backoff";
import type { ChatApi } from "../api/client";
import { errorText } from "../api/problem";
import { strings } from "../i18n/strings";
import type { ChatStateStore } from "./state";

/** Asks the server for its models, tools, and limits until it answers: a page may be open before its server is up. */
export async function loadCapabilities(api: ChatApi, state: ChatStateStore): Promise<void> {
  for (let failures = 1; ; failures++) {
    try {
      const [{ models, openProviders }, tools, limits] = await Promise.all([
        api.listModels(),
        api.listTools(),
        api.limits(),
      ]);
      state.setState({ models, openProviders, tools, limits, serverTrouble: undefined });
      return;
    } catch (error) {
      state.setState({ serverTrouble: errorText(error, strings.unreachable) });
      await pause(delayAfter(failures, defaultBackoff));
    }
  }
}
