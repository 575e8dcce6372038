import { Braces, Calculator, Globe, Search } from "lucide-react";
import { useChatState, useServices, useSettings } from "../services";
import { settings, turnOptions } from "../settings/settings";
import { demoLabel } from "./ModelChoice";

const examples = [
  { Icon: Search, text: "Search for Azure Functions streaming" },
  { Icon: Globe, text: "Read https://example.com" },
  { Icon: Braces, text: "Run JavaScript: [1,2,3].map(x => x * 2)" },
  { Icon: Calculator, text: "What is 17 * 23?" },
] as const;

/** The first thing that people see: what this is, and something to press. */
export function EmptyState() {
  const { conversations, state } = useServices();
  const models = useChatState((current) => current.models);
  const trouble = useChatState((current) => current.serverTrouble);
  const chosen = useSettings((current) => current.model);
  const current = models?.find(({ id }) => id === chosen) ?? models?.find((model) => model.is_default) ?? models?.[0];
  return (
    <section className="flex min-h-0 flex-1 flex-col items-center overflow-y-auto px-4" aria-label="Start">
      <div className="my-auto w-full max-w-2xl py-8">
        <h1 className="text-balance text-center font-semibold text-2xl tracking-tight sm:text-3xl">
          What would you like to know?
        </h1>
        <p className="mx-auto mt-3 max-w-md text-balance text-center text-muted">
          Answers stream in while tools search the web, read pages and run code. You see every step.
        </p>
        {/* Room for what the server is yet to say, so that nothing moves when it does. */}
        <div className="mt-4 min-h-9 text-center text-sm">
          {current?.is_demo && (
            <p className="mx-auto w-fit rounded-full bg-accent-soft px-3.5 py-1">
              The model is a <strong className="font-semibold">{demoLabel}</strong>.
              <span className="hidden sm:inline"> It shows how everything works.</span>
            </p>
          )}
          {trouble !== undefined && (
            <p role="status" className="mx-auto w-fit rounded-lg bg-bad-soft px-3.5 py-2">
              {trouble} Trying again by itself.
            </p>
          )}
        </div>
        <ul className="mt-5 grid gap-2.5 sm:grid-cols-2">
          {examples.map(({ Icon, text }) => (
            <li key={text}>
              <button
                type="button"
                className="flex h-full w-full items-start gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-start text-sm transition-colors hover:border-accent disabled:opacity-60"
                disabled={models === undefined}
                onClick={() => {
                  const { models: offered, tools } = state.getState();
                  void conversations.send(text, turnOptions(settings.getState(), offered, tools));
                }}
              >
                <Icon size={17} className="mt-0.5 shrink-0 text-accent" aria-hidden />
                <span className="[overflow-wrap:anywhere]">{text}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
