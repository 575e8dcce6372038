import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { language } from "../i18n/strings";
import { plainText } from "../markdown/plainText";

/** The message that is read aloud, by its id. */
const reading = createStore<{ readonly id: string | undefined }>(() => ({ id: undefined }));

export function canReadAloud(): boolean {
  return typeof speechSynthesis !== "undefined";
}

export function useReading(): string | undefined {
  return useStore(reading, ({ id }) => id);
}

/** Reads Markdown with the browser's own voice, in place of what is being read. */
export function readAloud(id: string, markdown: string): void {
  stopReading();
  reading.setState({ id });
  const pieces = sentencesOf(plainText(markdown));
  pieces.forEach((piece, index) => {
    const utterance = new SpeechSynthesisUtterance(piece);
    utterance.lang = language.getState();
    if (index === pieces.length - 1) {
      utterance.onend = () => reading.getState().id === id && reading.setState({ id: undefined });
    }
    speechSynthesis.speak(utterance);
  });
}

export function stopReading(): void {
  reading.setState({ id: undefined });
  speechSynthesis.cancel();
}

/** Some browsers stop in the middle of long utterances. */
function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?。])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}
