import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { language } from "../i18n/strings";
import { plainText } from "../markdown/plainText";

interface Reading {
  /** The message that is read aloud. */
  readonly id: string | undefined;
}

const silent: Reading = { id: undefined };

const reading = createStore(() => silent);

export function canReadAloud(): boolean {
  return typeof speechSynthesis !== "undefined";
}

export function useReading(): string | undefined {
  return useStore(reading, ({ id }) => id);
}

/**
 * Reads Markdown with the browser's own voice, in place of what is being read.
 * @param cited The numbers of its sources.
 */
export function readAloud(id: string, markdown: string, cited?: ReadonlySet<number>): void {
  stopReading();
  const pieces = sentencesOf(plainText(markdown, cited));
  if (pieces.length === 0) {
    return;
  }
  const begun: Reading = { id };
  reading.setState(begun, true);
  const end = () => {
    if (reading.getState() === begun) {
      reading.setState(silent, true);
    }
  };
  pieces.forEach((piece, index) => {
    const utterance = new SpeechSynthesisUtterance(piece);
    utterance.lang = language.getState();
    if (index === pieces.length - 1) {
      utterance.onend = end;
      utterance.onerror = end;
    }
    speechSynthesis.speak(utterance);
  });
}

export function stopReading(): void {
  reading.setState(silent, true);
  speechSynthesis.cancel();
}

/** Some browsers stop in the middle of long utterances. */
function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[.!?。])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}
