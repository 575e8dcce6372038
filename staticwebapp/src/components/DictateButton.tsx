import { Mic } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { strings } from "../i18n/strings";
import { canDictate, dictate } from "../speech/dictation";
import { toast } from "../toast";
import { IconButton } from "./IconButton";

/** Types what the user says, where the browser can recognize speech. */
export function DictateButton({ onText }: { readonly onText: (text: string) => void }) {
  const [stop, setStop] = useState<() => void>();
  const latest = useRef(onText);
  useEffect(() => {
    latest.current = onText;
  });
  useEffect(() => () => stop?.(), [stop]);
  if (!canDictate()) {
    return null;
  }
  const listening = stop !== undefined;
  const label = listening ? strings.stopDictation : strings.dictate;
  return (
    <IconButton
      className="aria-pressed:text-bad"
      label={label}
      aria-pressed={listening}
      onClick={() => {
        if (listening) {
          stop();
          return;
        }
        const end = dictate({
          onText: (text) => latest.current(text),
          onFailed: () => toast.error(strings.dictationFailed),
          onEnd: () => setStop(undefined),
        });
        setStop(() => end);
      }}
    >
      <Mic size="1.0625rem" aria-hidden />
    </IconButton>
  );
}
