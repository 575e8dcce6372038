import { language } from "../i18n/strings";

interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: { readonly resultIndex: number; readonly results: ArrayLike<Result> }) => void) | null;
  onerror: (() => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
}

type Result = ArrayLike<{ readonly transcript: string }> & { readonly isFinal: boolean };

type RecognitionClass = new () => Recognition;

function recognitionClass(): RecognitionClass | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = globalThis as unknown as Record<
    string,
    RecognitionClass | undefined
  >;
  return SpeechRecognition ?? webkitSpeechRecognition;
}

export function canDictate(): boolean {
  return recognitionClass() !== undefined;
}

export interface DictationOptions {
  readonly onText: (text: string) => void;
  readonly onFailed: () => void;
  readonly onEnd: () => void;
}

/** Starts the browser's speech recognition, and returns a function that stops it. */
export function dictate({ onText, onFailed, onEnd }: DictationOptions): () => void {
  const Recognition = recognitionClass();
  if (Recognition === undefined) {
    onEnd();
    return () => {};
  }
  const recognition = new Recognition();
  recognition.lang = language.getState();
  recognition.continuous = true;
  recognition.interimResults = false;
  recognition.onresult = ({ resultIndex, results }) => {
    for (let index = resultIndex; index < results.length; index++) {
      const result = results[index];
      if (result?.isFinal) {
        onText(result[0]?.transcript.trim() ?? "");
      }
    }
  };
  recognition.onerror = onFailed;
  recognition.onend = onEnd;
  recognition.start();
  return () => recognition.stop();
}
