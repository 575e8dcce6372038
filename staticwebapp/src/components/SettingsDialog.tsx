import { Download, Upload } from "lucide-react";
import { useId, useRef } from "react";
import { toast } from "sonner";
import { useServices, useSettings } from "../services";
import { change, type Theme } from "../settings/settings";
import { parseChats, serializeChats } from "../storage/chatFile";
import { fromMarkdown } from "../storage/chatMarkdown";
import { Dialog } from "./Dialog";
import { save } from "./download";

const themes: readonly (readonly [Theme, string])[] = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
];

export default function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const theme = useSettings((settings) => settings.theme);
  return (
    <Dialog title="Settings" onClose={onClose}>
      <div className="space-y-6">
        <fieldset>
          <legend className="mb-1.5 font-medium text-sm">Colours</legend>
          <div className="grid grid-cols-3 gap-1 rounded-xl bg-raised p-1">
            {themes.map(([value, label]) => (
              <label
                key={value}
                className="cursor-pointer rounded-lg py-1.5 text-center text-sm has-checked:bg-surface has-focus-visible:outline-2 has-focus-visible:outline-accent has-checked:shadow-sm"
              >
                <input
                  type="radio"
                  name="theme"
                  className="sr-only"
                  checked={theme === value}
                  onChange={() => change({ theme: value })}
                />
                {label}
              </label>
            ))}
          </div>
        </fieldset>
        <ModelSettings />
        <YourChats onImported={onClose} />
      </div>
    </Dialog>
  );
}

function ModelSettings() {
  const systemPrompt = useSettings((settings) => settings.systemPrompt);
  const temperature = useSettings((settings) => settings.temperature);
  const id = useId();
  return (
    <>
      <div>
        <label htmlFor={`${id}-prompt`} className="mb-1.5 block font-medium text-sm">
          System prompt
        </label>
        <textarea
          id={`${id}-prompt`}
          className="field field-sizing-content max-h-48 min-h-20 text-sm"
          placeholder="How the model should answer, for every chat"
          dir="auto"
          value={systemPrompt}
          onChange={(event) => change({ systemPrompt: event.target.value })}
        />
      </div>
      <div>
        <div className="mb-1.5 flex items-baseline justify-between text-sm">
          <label htmlFor={`${id}-temperature`} className="font-medium">
            Temperature
          </label>
          <span className="text-muted tabular-nums">{temperature?.toFixed(1) ?? "the provider's"}</span>
        </div>
        <div className="flex items-center gap-3">
          <input
            id={`${id}-temperature`}
            className="w-full accent-accent"
            type="range"
            min={0}
            max={2}
            step={0.1}
            value={temperature ?? 1}
            onChange={(event) => change({ temperature: event.target.valueAsNumber })}
          />
          <button
            type="button"
            className="button text-sm"
            disabled={temperature === undefined}
            onClick={() => change({ temperature: undefined })}
          >
            Reset
          </button>
        </div>
      </div>
    </>
  );
}

function YourChats({ onImported }: { readonly onImported: () => void }) {
  const { conversations, storage } = useServices();
  const file = useRef<HTMLInputElement>(null);

  const takeIn = async (chosen: File) => {
    try {
      const text = await chosen.text();
      const chats = chosen.name.endsWith(".md") ? [fromMarkdown(text, Date.now())] : parseChats(text);
      await Promise.all(chats.map(({ chat, nodes }) => conversations.add(chat, nodes)));
      toast.success(chats.length === 1 ? "One chat was imported." : `${chats.length} chats were imported.`);
    } catch (error) {
      toast.error(error instanceof Error ? error.message : "That file could not be read.");
    }
    onImported(); // the toast stands under an open dialog
  };

  return (
    <div>
      <h3 className="mb-1 font-medium text-sm">Your chats</h3>
      <p className="mb-2.5 text-muted text-sm">They are kept in this browser, and nowhere else.</p>
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className="button text-sm"
          onClick={async () =>
            save("funcchat.json", "application/json", serializeChats(await storage.chats(), await storage.allNodes()))
          }
        >
          <Download size={15} aria-hidden /> Export all
        </button>
        <button type="button" className="button text-sm" onClick={() => file.current?.click()}>
          <Upload size={15} aria-hidden /> Import
        </button>
        <input
          ref={file}
          type="file"
          accept="application/json,.json,text/markdown,.md"
          className="hidden"
          aria-label="File to import"
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            event.target.value = "";
            if (chosen !== undefined) {
              void takeIn(chosen);
            }
          }}
        />
      </div>
    </div>
  );
}
