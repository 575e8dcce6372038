import { asRecord } from "../records";
import { limitedFetch } from "./limitedFetch";

/**
 * Where the API is: `VITE_API_BASE` of the build, or `api_base` of the page's /config.json at run time, so that one
 * build serves every environment, or the page's own origin. Without a slash at the end.
 */
export async function loadApiBase(): Promise<string> {
  const built: unknown = import.meta.env["VITE_API_BASE"];
  if (typeof built === "string" && built !== "") {
    return trimmed(built);
  }
  try {
    const response = await limitedFetch("/config.json", { cache: "no-cache" });
    const { api_base: base } = asRecord(response.ok ? await response.json() : undefined);
    return typeof base === "string" ? trimmed(base) : "";
  } catch {
    return ""; // offline, or a host that answers every path with the page: the same origin is the best guess
  }
}

function trimmed(base: string): string {
  return base.replace(/\/+$/, "");
}
