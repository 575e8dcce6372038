import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { createRef } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import { ApiError } from "../api/problem";
import { attachmentDrafts, setAttachments } from "../attachments/attachmentDrafts";
import { newChat, type QueuedMessage } from "../chat/chat";
import { createChatState } from "../chat/state";
import { assistantNode } from "../chat/tree";
import { strings } from "../i18n/strings";
import { prompts } from "../prompts/prompts";
import { Composer } from "./Composer";

const send = vi.fn();
const queue = vi.fn();
const show = (chatId: string | null = null, services: object = {}) => {
  const state = createChatState();
  const answer = { ...assistantNode({ id: "a", chatId: "c", parentId: null, createdAt: 0 }, { tools: [] }) };
  render(
    withServices(
      { state, conversations: { messages: { send, queue } }, ...services },
      <Composer chatId={chatId} input={createRef()} />,
    ),
  );
  return {
    message: screen.getByLabelText<HTMLTextAreaElement>("Message"),
    state,
    offer: () => state.setState({ models: [], tools: [] }),
    run: (queued?: QueuedMessage) =>
      state.setState({
        chats: new Map([["c", { ...newChat("c", "x", 0), leafId: "a", ...(queued === undefined ? {} : { queued }) }]]),
        nodes: new Map([["c", new Map([["a", answer]])]]),
      }),
  };
};
const type = (message: HTMLTextAreaElement, text: string) => fireEvent.change(message, { target: { value: text } });
const enter = (message: HTMLTextAreaElement) => fireEvent.keyDown(message, { key: "Enter" });

beforeEach(() => void send.mockClear());

describe("Composer", () => {
  it("sends with Enter, and is empty afterwards", () => {
    const { message, offer } = show();
    act(offer);
    type(message, "Hello");

    enter(message);

    expect(send).toHaveBeenCalledExactlyOnceWith("Hello", expect.anything(), []);
    expect(message.value).toBe("");
  });

  it("says that the chat is not copied to the account, and what to do", () => {
    const { state } = show("c");
    expect(screen.queryByRole("status")).toBeNull();

    act(() => state.setState({ notCopied: new Map([["c", "account"]]) }));

    expect(screen.getByRole("status").textContent).toBe(strings.notCopied.account);
    act(() => state.setState({ notCopied: new Map([["other", "account"]]) }));
    expect(screen.queryByRole("status")).toBeNull();
  });

  it("sends an early message as soon as the server has responded", () => {
    const { message, offer } = show();
    type(message, "Early");
    enter(message);
    expect(screen.getByRole("status").textContent).toContain("will be sent when it does");
    expect(send).not.toHaveBeenCalled();

    act(offer);

    expect(send).toHaveBeenCalledExactlyOnceWith("Early", expect.anything(), []);
    expect(message.value).toBe("");
    expect(screen.queryByRole("status")).toBeNull();
  });

  it("queues what is sent while an answer runs, as one message", async () => {
    const { message, offer, run } = show("c");
    act(offer);
    act(() => run());
    type(message, "One");
    enter(message);
    expect(queue).toHaveBeenLastCalledWith("One", expect.anything(), []);

    act(() => run({ text: "One", attachments: [], options: { tools: [] } }));
    type(message, "Two");
    enter(message);

    expect(queue).toHaveBeenLastCalledWith("One\n\nTwo", expect.anything(), []);
    expect(send).not.toHaveBeenCalled();
  });

  it("keeps the draft and names the reason when an upload fails", async () => {
    const uploadFile = vi
      .fn()
      .mockRejectedValueOnce(
        new ApiError("The file is larger than 20 MB.", { code: "INVALID_REQUEST", status: 413, retryable: false }),
      );
    const { message, offer } = show(null, { api: { uploadFile }, signIn: {} });
    act(offer);
    type(message, "Summarize this");

    fireEvent.change(screen.getByLabelText("Attach files"), { target: { files: [new File(["x"], "report.pdf")] } });

    expect((await screen.findByRole("alert")).textContent).toBe(
      "report.pdf could not be uploaded. The file is larger than 20 MB.",
    );
    expect(message.value).toBe("Summarize this");
  });

  it("sends the reference to an uploaded file, and not before it is uploaded", async () => {
    let start = () => {};
    const started = new Promise<void>((resolve) => (start = resolve));
    let finish = (_id: string) => {};
    const uploadFile = () =>
      new Promise<string>((resolve) => {
        finish = resolve;
        start();
      });
    const { message, offer } = show(null, { api: { uploadFile }, signIn: {} });
    act(offer);
    type(message, "Summarize this");
    fireEvent.change(screen.getByLabelText("Attach files"), { target: { files: [new File(["x"], "report.pdf")] } });
    enter(message);
    await started;
    expect(send).not.toHaveBeenCalled();

    await act(async () => finish("file_1"));
    await screen.findByText("report.pdf");
    enter(message);

    expect(send).toHaveBeenCalledExactlyOnceWith("Summarize this", expect.anything(), [
      expect.objectContaining({ kind: "file", fileId: "file_1" }),
    ]);
  });

  it("takes a dropped file, unless a dialog covers it", async () => {
    show();
    const drop = (target: Element) => {
      const dataTransfer = { types: ["Files"], files: [new File(["x"], "a.txt")] };
      return fireEvent.drop(target, { dataTransfer });
    };
    const dialog = document.createElement("dialog");
    document.body.append(dialog);
    dialog.showModal();

    expect(drop(dialog)).toBe(true);
    expect(screen.queryByText("Attaching files…")).toBeNull();
    dialog.remove();
    expect(drop(document.body)).toBe(false);

    await waitFor(() => expect(attachmentDrafts.getState().get("")).toMatchObject([{ name: "a.txt" }]));
    act(() => setAttachments(null, []));
  });

  it("can send without a file whose upload hangs", async () => {
    let upload: AbortSignal | undefined;
    const uploadFile = (_name: string, _content: Blob, signal: AbortSignal) => {
      upload = signal;
      return new Promise<string>(() => {});
    };
    const { message, offer } = show(null, { api: { uploadFile }, signIn: {} });
    act(offer);
    type(message, "Summarize this");
    fireEvent.change(screen.getByLabelText("Attach files"), { target: { files: [new File(["x"], "report.pdf")] } });
    await waitFor(() => expect(upload).toBeDefined());

    fireEvent.click(screen.getByRole("button", { name: "Remove report.pdf" }));
    enter(message);

    expect(upload?.aborted).toBe(true);
    expect(send).toHaveBeenCalledExactlyOnceWith("Summarize this", expect.anything(), []);
    await act(async () => {});
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.queryByText("report.pdf")).toBeNull();
  });

  it("leaves the keyboard and a selection elsewhere when a file is loaded or an answer ends, and takes the keyboard when a file is removed", async () => {
    vi.spyOn(globalThis, "matchMedia").mockImplementation(
      (query) => ({ matches: query === "(pointer: fine)", addEventListener() {}, removeEventListener() {} }) as never,
    );
    const { message, state, run } = show("c");
    const text = document.body.appendChild(document.createElement("p"));
    text.textContent = "An earlier answer";
    message.blur();

    fireEvent.change(screen.getByLabelText("Attach files"), { target: { files: [new File(["x"], "a.txt")] } });
    await screen.findByText("a.txt");
    await waitFor(() => expect(screen.queryByText("Attaching files…")).toBeNull());
    expect(document.activeElement).toBe(document.body);

    getSelection()?.selectAllChildren(text);
    act(run);
    act(() => state.setState({ nodes: new Map() }));
    expect(document.activeElement).toBe(document.body);

    fireEvent.click(screen.getByRole("button", { name: "Remove a.txt" }));
    expect(document.activeElement).toBe(message);
    getSelection()?.removeAllRanges();
  });

  it("says once that files can't be read when that part of the page can't be loaded", async () => {
    vi.doMock("../attachments/readFile", () => Promise.reject(new TypeError("Failed to fetch")));
    show();

    fireEvent.change(screen.getByLabelText("Attach files"), {
      target: { files: [new File(["x"], "a.txt"), new File(["x"], "b.txt")] },
    });

    expect(await screen.findByText(strings.loadError)).toBeTruthy();
    vi.doUnmock("../attachments/readFile");
  });

  it("inserts the prompt that is chosen with the keys at the caret", async () => {
    prompts.save({ id: "1", name: "Summary", text: "Summarize this:" });
    prompts.save({ id: "2", name: "Translation", text: "Translate this:" });
    const { message, offer } = show();
    act(offer);
    type(message, "Hello /");
    expect((await screen.findAllByRole("option")).map((option) => option.getAttribute("aria-selected"))).toEqual([
      "true",
      "false",
      "false",
    ]);

    fireEvent.keyDown(message, { key: "ArrowDown" });
    expect(message.getAttribute("aria-activedescendant")).toBe(screen.getAllByRole("option")[1]?.id);
    enter(message);

    expect(message.value).toBe("Hello Translate this:");
    expect(message.selectionEnd).toBe(message.value.length);
    expect(screen.queryByRole("listbox")).toBeNull();
    expect(send).not.toHaveBeenCalled();
  });

  it("sends text with a slash that no prompt matches, and after Escape", () => {
    prompts.save({ id: "1", name: "Summary", text: "Summarize this:" });
    const { message, offer } = show();
    act(offer);
    type(message, "/etc");
    enter(message);
    expect(send).toHaveBeenLastCalledWith("/etc", expect.anything(), []);

    type(message, "/");
    fireEvent.keyDown(message, { key: "Escape" });
    enter(message);

    expect(send).toHaveBeenLastCalledWith("/", expect.anything(), []);
  });

  it("does not send an early message that was changed in the meantime", () => {
    const { message, offer } = show();
    type(message, "Early");
    enter(message);
    type(message, "Early thoughts");

    act(offer);

    expect(send).not.toHaveBeenCalled();
    expect(message.value).toBe("Early thoughts");
  });

  it("offers the camera on devices that are touched", () => {
    show();
    expect(screen.queryByLabelText("Take a photo")).toBeNull();
    cleanup();
    vi.spyOn(globalThis, "matchMedia").mockImplementation(
      (query) => ({ matches: query === "(pointer: coarse)", addEventListener() {}, removeEventListener() {} }) as never,
    );

    show();

    const camera = screen.getByLabelText<HTMLInputElement>("Take a photo");
    expect([camera.accept, camera.getAttribute("capture")]).toEqual(["image/*", "environment"]);
    vi.restoreAllMocks();
  });
});
