import { Download, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { errorText } from "../api/problem";
import { assistants } from "../assistants/assistants";
import { strings } from "../i18n/strings";
import { prompts } from "../prompts/prompts";
import { useServices } from "../services";
import { serializeChats } from "../storage/chatFile";
import { addMissing } from "../storage/savedList";
import { toast } from "../toast";
import { DeleteAllChats } from "./DeleteAllChats";
import { save } from "./download";

/** Imports files that were chosen or dropped, and then closes the dialog, which would cover the toasts. */
export function useImport(onClose: () => void) {
  const { conversations } = useServices();
  const [importing, setImporting] = useState(false);

  const importFile = async (file: File) => {
    try {
      const { readImport } = await import("../import/importFile").catch(() => {
        throw new Error(strings.loadError);
      });
      const { chats, saved } = await readImport(file, Date.now());
      const isStored = await conversations.chats.addAll(chats);
      addMissing(assistants, saved.assistants);
      addMissing(prompts, saved.prompts);
      if (isStored) {
        toast.success(strings.imported(chats.length));
      }
    } catch (error) {
      toast.error(errorText(error, strings.fileUnreadable));
    }
  };
  const importFiles = async (files: Iterable<File>) => {
    setImporting(true);
    for (const file of files) {
      await importFile(file);
    }
    onClose();
  };
  return { importing, importFiles };
}

interface YourChatsProps extends ReturnType<typeof useImport> {
  readonly onClose: () => void;
}

/** Exports, imports, and deletes what the user has. */
export function YourChats({ importing, importFiles, onClose }: YourChatsProps) {
  const { storage, signIn, offline } = useServices();
  const file = useRef<HTMLInputElement>(null);
  return (
    <div>
      <h3 className="mb-1 font-medium text-sm">{strings.yourChats}</h3>
      <p className="mb-2.5 text-muted text-sm">
        {signIn === undefined && !offline ? strings.yourChatsText : strings.yourSyncedChatsText}
      </p>
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className="button max-w-full text-sm wrap-anywhere"
          onClick={async () =>
            save(
              "funcchat.json",
              "application/json",
              serializeChats(await storage.chats(), await storage.allNodes(), {
                assistants: assistants.items(),
                prompts: prompts.items(),
              }),
            )
          }
        >
          <Download size="0.9375rem" aria-hidden /> {strings.exportAll}
        </button>
        <button
          type="button"
          className="button max-w-full text-sm wrap-anywhere"
          disabled={importing}
          onClick={() => file.current?.click()}
        >
          <Upload size="0.9375rem" aria-hidden /> {importing ? strings.importing : strings.import}
        </button>
        <DeleteAllChats onDeleted={onClose} />
        <input
          ref={file}
          type="file"
          accept="application/json,.json,application/zip,.zip,text/markdown,.md"
          className="hidden"
          aria-label={strings.importFile}
          onChange={(event) => {
            const chosen = [...(event.target.files ?? [])];
            event.target.value = "";
            void importFiles(chosen);
          }}
        />
      </div>
      <p className="mt-2 text-muted text-xs">{strings.importText}</p>
    </div>
  );
}
