import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { canDictate, dictate } from "./dictation";
import { readAloud, stopReading, useReading } from "./readAloud";

afterEach(() => vi.unstubAllGlobals());

describe("reading aloud", () => {
  const spoken: { text: string; lang: string; onerror?: () => void }[] = [];
  const cancel = vi.fn(() => void spoken.splice(0));

  beforeEach(() => {
    spoken.length = 0;
    vi.stubGlobal("speechSynthesis", {
      speak: (utterance: { text: string; lang: string }) => spoken.push(utterance),
      cancel,
    });
    vi.stubGlobal(
      "SpeechSynthesisUtterance",
      class {
        lang = "";
        readonly text: string;
        constructor(text: string) {
          this.text = text;
        }
      },
    );
  });

  it("speaks sentences without Markdown, in the language of the page", () => {
    readAloud("a", "# Tides\n\nThey **rise**. They fall [1].", new Set([1]));

    expect(spoken.map(({ text, lang }) => [text, lang])).toEqual([
      ["Tides", "en"],
      ["They rise.", "en"],
      ["They fall.", "en"],
    ]);
  });

  it("ends with the last sentence, also where the voice fails, and at once where there is nothing to say", () => {
    const { result } = renderHook(() => useReading());
    const read = (text: string) => act(() => readAloud("a", text));

    read("One. Two.");
    expect(result.current).toBe("a");
    act(() => spoken.at(-1)?.onerror?.());
    expect(result.current).toBeUndefined();
    read("![](https://example.com/a.png)");
    expect(result.current).toBeUndefined();
  });

  it("continues when what it replaced ends late", () => {
    const { result } = renderHook(() => useReading());
    act(() => readAloud("a", "One."));
    const [replaced] = spoken;
    act(() => readAloud("a", "One."));

    act(() => replaced?.onerror?.()); // browsers report it after the next one has begun

    expect(result.current).toBe("a");
  });

  it("replaces what is being read, and stops", () => {
    readAloud("a", "One.");
    readAloud("b", "Two.");
    expect(spoken.map(({ text }) => text)).toEqual(["Two."]);

    stopReading();
    expect(spoken).toEqual([]);
  });
});

describe("dictation", () => {
  class FakeRecognition {
    static latest: FakeRecognition | undefined;
    lang = "";
    onresult: ((event: object) => void) | undefined;
    onend: (() => void) | undefined;
    started = false;
    start() {
      FakeRecognition.latest = this;
      this.started = true;
    }
    stop() {
      this.started = false;
      this.onend?.();
    }
  }
  const result = (transcript: string, isFinal: boolean) => Object.assign([{ transcript }], { isFinal });

  it("is offered only where the browser recognizes speech", () => {
    expect(canDictate()).toBe(false);
    vi.stubGlobal("webkitSpeechRecognition", FakeRecognition);
    expect(canDictate()).toBe(true);
  });

  it("types what is final, until it is stopped", () => {
    vi.stubGlobal("SpeechRecognition", FakeRecognition);
    const onText = vi.fn();
    const onEnd = vi.fn();

    const stop = dictate({ onText, onEnd, onFailed: vi.fn() });
    FakeRecognition.latest?.onresult?.({
      resultIndex: 0,
      results: [result("hel", false), result(" hello there ", true)],
    });
    expect(onText).toHaveBeenCalledExactlyOnceWith("hello there");

    stop();
    expect(FakeRecognition.latest?.started).toBe(false);
    expect(onEnd).toHaveBeenCalledOnce();
  });
});
