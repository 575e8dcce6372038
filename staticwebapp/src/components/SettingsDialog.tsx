import { useId, useState } from "react";
import { folderPrompt } from "../folders/folderInstructions";
import { type Language, languages, strings } from "../i18n/strings";
import { ToolServers } from "../servers/ToolServers";
import { useChatState, useServices, useSettings } from "../services";
import { chatOptionsOf } from "../settings/chatSettings";
import { change, type FontSize, longestAboutUser, type Theme } from "../settings/settings";
import SharedLinks from "../share/SharedLinks";
import { Check } from "./Check";
import { Dialog } from "./Dialog";
import { Labelled } from "./ItemForm";
import { UsageNote } from "./UsageNote";
import { useImport, YourChats } from "./YourChats";

export default function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const { theme, fontSize, language } = useSettings((settings) => settings);
  const chatId = useChatState((state) => (state.view === "chat" ? state.openId : undefined));
  const chatImport = useImport(onClose);
  return (
    <Dialog
      title={strings.settings}
      onClose={onClose}
      onFiles={chatImport.importing ? undefined : (files) => void chatImport.importFiles(files)}
    >
      <div className="space-y-6">
        <Options<Theme>
          legend={strings.theme}
          name="theme"
          value={theme}
          options={[
            ["system", strings.themeSystem],
            ["light", strings.themeLight],
            ["dark", strings.themeDark],
          ]}
          onChosen={(chosen) => change({ theme: chosen })}
        />
        <Options<FontSize>
          legend={strings.fontSize}
          name="font-size"
          value={fontSize}
          options={[
            ["small", strings.fontSmall],
            ["normal", strings.fontNormal],
            ["large", strings.fontLarge],
          ]}
          onChosen={(chosen) => change({ fontSize: chosen })}
        />
        <Options<Language | "system">
          legend={strings.language}
          name="language"
          value={language ?? "system"}
          options={[["system", strings.languageSystem], ...(Object.entries(languages) as [Language, string][])]}
          onChosen={(chosen) => change({ language: chosen === "system" ? undefined : chosen })}
        />
        {chatId !== undefined && <ChatInstructions chatId={chatId} />}
        <ModelSettings />
        <ToolServers />
        <SharedLinks />
        <UsageNote />
        <Titles />
        <Suggestions />
        <Notifications />
        <YourChats {...chatImport} onClose={onClose} />
      </div>
    </Dialog>
  );
}

interface OptionsProps<Value extends string> {
  readonly legend: string;
  readonly name: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChosen: (value: Value) => void;
}

function Options<Value extends string>({ legend, name, value, options, onChosen }: OptionsProps<Value>) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">{legend}</legend>
      <div className="flex flex-wrap gap-1 rounded-xl bg-raised p-1">
        {options.map(([option, label]) => (
          <label
            key={option}
            className="min-w-fit flex-1 basis-0 cursor-pointer rounded-lg px-1.5 py-1.5 text-center text-sm has-checked:bg-surface has-focus-visible:outline-2 has-focus-visible:outline-accent has-checked:shadow-sm"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={value === option}
              onChange={() => onChosen(option)}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The instructions of a chat, or with null of the one that is about to begin. */
function ChatInstructions({ chatId }: { readonly chatId: string | null }) {
  const { conversations } = useServices();
  const own = useChatState((state) => chatOptionsOf(state, chatId).systemPrompt ?? "");
  const hasFolderInstructions = useChatState((state) => folderPrompt(state, chatId) !== "");
  return (
    <Labelled label={strings.chatInstructions}>
      {(field) => (
        <>
          <textarea
            id={field}
            className="field field-sizing-content max-h-48 min-h-16 text-sm"
            placeholder={strings.chatInstructionsHint}
            dir="auto"
            defaultValue={own}
            onBlur={({ target }) =>
              target.value !== own && void conversations.chats.configure(chatId, { systemPrompt: target.value })
            }
          />
          {hasFolderInstructions && <p className="mt-1 text-muted text-xs">{strings.folderInstructionsAdded}</p>}
        </>
      )}
    </Labelled>
  );
}

function ModelSettings() {
  const systemPrompt = useSettings((settings) => settings.systemPrompt);
  const aboutUser = useSettings((settings) => settings.aboutUser);
  const temperature = useSettings((settings) => settings.temperature);
  const id = useId();
  return (
    <>
      <Labelled label={strings.instructions}>
        {(field) => (
          <textarea
            id={field}
            className="field field-sizing-content max-h-48 min-h-20 text-sm"
            placeholder={strings.instructionsHint}
            dir="auto"
            value={systemPrompt}
            onChange={(event) => change({ systemPrompt: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled label={strings.aboutUser}>
        {(field) => (
          <>
            <textarea
              id={field}
              className="field field-sizing-content max-h-48 min-h-20 text-sm"
              placeholder={strings.aboutUserHint}
              aria-describedby={`${id}-about-note`}
              dir="auto"
              maxLength={longestAboutUser}
              value={aboutUser}
              onChange={(event) => change({ aboutUser: event.target.value })}
            />
            <p id={`${id}-about-note`} className="mt-1 text-muted text-xs">
              {strings.aboutUserNote}
            </p>
          </>
        )}
      </Labelled>
      <div>
        <div className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
          <label htmlFor={`${id}-temperature`} className="font-medium">
            {strings.temperature}
          </label>
          <span className="text-muted tabular-nums">{temperature?.toFixed(1) ?? strings.temperatureDefault}</span>
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <input
            id={`${id}-temperature`}
            className="min-w-24 flex-1 accent-accent"
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
            {strings.reset}
          </button>
        </div>
      </div>
    </>
  );
}

function Titles() {
  const titles = useSettings((settings) => settings.titles);
  const possible = useChatState((state) => state.limits.titlesByClient === true);
  return possible ? (
    <Check label={strings.writeTitles} checked={titles} onChange={(checked) => change({ titles: checked })} />
  ) : null;
}

/** Off by default: each answer costs one more call of the model. */
function Suggestions() {
  const suggestions = useSettings((settings) => settings.suggestions);
  return (
    <Check label={strings.suggestNext} checked={suggestions} onChange={(checked) => change({ suggestions: checked })} />
  );
}

function Notifications() {
  const notify = useSettings((settings) => settings.notify);
  const [denied, setDenied] = useState(false);
  if (typeof Notification === "undefined") {
    return null;
  }
  const turn = async (on: boolean) => {
    const allowed = on && (await Notification.requestPermission()) === "granted";
    setDenied(on && !allowed);
    change({ notify: allowed });
  };
  return (
    <div>
      <Check label={strings.notifyMe} checked={notify} onChange={(checked) => void turn(checked)} />
      {denied && (
        <p role="status" className="mt-1 text-bad text-sm">
          {strings.notifyDenied}
        </p>
      )}
    </div>
  );
}
