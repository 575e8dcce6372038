import { Dialog } from "../components/Dialog";
import { ItemFormButtons, NameField } from "../components/ItemForm";
import { folderName } from "./folders";

interface FolderDialogProps {
  readonly title: string;
  readonly name?: string;
  readonly onNamed: (name: string) => void;
  readonly onClose: () => void;
}

/** Asks for the name of a folder. */
export function FolderDialog({ title, name, onNamed, onClose }: FolderDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          const chosen = folderName(String(new FormData(event.currentTarget).get("name")));
          onClose();
          if (chosen !== undefined) {
            onNamed(chosen);
          }
        }}
      >
        <NameField value={name} />
        <ItemFormButtons onCancel={onClose} />
      </form>
    </Dialog>
  );
}
