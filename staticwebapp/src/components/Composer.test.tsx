// @vitest-environment jsdom
import "../../test/jsdom";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { createRef } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createChatState } from "../chat/state";
import { type Services, ServicesContext } from "../services";
import { Composer } from "./Composer";

const send = vi.fn();
const show = () => {
  const state = createChatState();
  render(
    <ServicesContext value={{ state, conversations: { send } } as unknown as Services}>
      <Composer chatId={null} input={createRef()} />
    </ServicesContext>,
  );
  return {
    message: screen.getByLabelText<HTMLTextAreaElement>("Message"),
    offer: () => state.setState({ models: [], tools: [] }),
  };
};
const type = (message: HTMLTextAreaElement, text: string) => fireEvent.change(message, { target: { value: text } });
const enter = (message: HTMLTextAreaElement) => fireEvent.keyDown(message, { key: "Enter" });

beforeEach(() => {
  localStorage.clear();
  send.mockClear();
});

describe("Composer", () => {
  it("sends with Enter, and is empty afterwards", () => {
    const { message, offer } = show();
    act(offer);
    type(message, "Hello");

    enter(message);

    expect(send).toHaveBeenCalledExactlyOnceWith("Hello", expect.anything(), []);
    expect(message.value).toBe("");
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

  it("does not send an early message that was changed in the meantime", () => {
    const { message, offer } = show();
    type(message, "Early");
    enter(message);
    type(message, "Early thoughts");

    act(offer);

    expect(send).not.toHaveBeenCalled();
    expect(message.value).toBe("Early thoughts");
  });
});
