import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import type { ApprovalRequestData } from "../api/events";
import { createChatState } from "../chat/state";
import type { AssistantNode } from "../chat/tree";
import { editedTexts } from "../components/editedTexts";
import { loadLanguage } from "../i18n/strings";
import { ApprovalCard } from "./ApprovalCard";

const request: ApprovalRequestData = {
  id: "req_1",
  call_id: "a",
  name: "send_mail",
  arguments: '{"to":"bo"}',
  expires_at: "2026-01-02T00:00:00Z",
  allows_always: true,
};

function show(changes: Partial<ApprovalRequestData> = {}, send = async () => false) {
  const answer = vi.fn(send);
  render(
    withServices(
      { state: createChatState(), conversations: { answer } },
      <ApprovalCard node={{ id: "t", chatId: "c" } as AssistantNode} request={{ ...request, ...changes }} />,
    ),
  );
  return answer;
}

afterEach(async () => {
  editedTexts.setState(new Map(), true);
  await loadLanguage("en");
});

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

describe("ApprovalCard", () => {
  it("approves the call", () => {
    const answer = show();

    press("Approve");

    expect(answer).toHaveBeenCalledWith(expect.anything(), { type: "approve", request_id: "req_1" }, undefined);
  });

  it.each([
    [true, "sent"],
    [false, "Expires"],
  ])("can be answered again only when the server has refused the answer: accepted %s", async (accepted, note) => {
    show({}, async () => accepted);

    press("Approve");

    expect((await screen.findByText(new RegExp(note))).role).toBe("status");
    const buttons = screen.getAllByRole<HTMLButtonElement>("button", { name: /Approve|Always|Deny|Edit/ });
    await waitFor(() => expect(buttons.map(({ disabled }) => disabled)).toEqual(buttons.map(() => accepted)));
  });

  it("shows the lines of arguments", () => {
    show({ arguments: JSON.stringify({ body: "Dear Bo,\nsee you." }) });

    expect(screen.getByText(/^Dear Bo/).className).toContain("whitespace-pre-wrap");
  });

  it("keeps its buttons near its title where an argument is long", () => {
    const lines = Array.from({ length: 100 }, (_, number) => `Line ${number}.`);
    show({ arguments: JSON.stringify({ body: lines.join("\n") }) });
    expect(screen.getByText(/^Line 0/).textContent).toMatch(/Line 9\.…$/);

    press("90 more lines");

    expect(screen.getByText(/^Line 0/).textContent).toMatch(/Line 99\.$/);
  });

  it.each([
    ["a\n".repeat(1000), "en", "991 more lines"],
    ["a\n".repeat(1000), "de", "991 weitere Zeilen"],
    [`${"a\n".repeat(10)}${"b".repeat(300)}`, "en", "1 more line"],
    [`${"a\n".repeat(10)}${"b".repeat(300)}`, "de", "1 weitere Zeile"],
    ["a".repeat(5000), "en", "4,400 more characters"],
    ["a".repeat(5000), "de", "4.400 weitere Zeichen"],
  ] as const)("says how much of a long argument is folded", async (body, language, hidden) => {
    await loadLanguage(language);

    show({ arguments: JSON.stringify({ body }) });

    expect(screen.getByRole("button", { name: hidden })).toBeDefined();
  });

  it.each([
    ['{"account":9007199254740993}', ["9007199254740993"]],
    ['{"amount":1.0}', ["1.0"]],
    ['{"amount":1e400}', ["1e400"]],
    ['{"to":["bo",{"account":9007199254740993}]}', ['["bo",{"account":9007199254740993}]']],
    ['{"to":"bo","to":"eve"}', ["bo", "eve"]],
    ['{"code":"a()","code":[1.0]}', ["a()", "1.0"]],
  ])("shows %s as it is written", (text, shown) => {
    show({ arguments: text });

    for (const each of shown) {
      expect(screen.getByRole("region").textContent).toContain(each); // code may be colored
    }
  });

  it("leaves what the user does not edit as it is written", () => {
    const answer = show({ arguments: '{"to":"bo","account":9007199254740993,"amount":1.0}' });
    press("Edit arguments");
    const field = screen.getByRole<HTMLTextAreaElement>("textbox");
    fireEvent.change(field, { target: { value: field.value.replace("bo", "cy") } });

    press("Approve");

    const edited = '{\n  "to": "cy",\n  "account": 9007199254740993,\n  "amount": 1.0\n}';
    expect(answer).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ arguments: edited }), undefined);
  });

  it.each([
    ['{"to":"bo\u202Emoc.\u2066a"}', "bo\\u202Emoc.\\u2066a"],
    ['{"to":"bo\\u202emoc.\\u061c"}', "bo\\u202Emoc.\\u061C"],
    ['{"t\u200Fo":["bo\u200E"]}', '["bo\\u200E"]'],
    ['{"t\u200Fo":["bo\u200E"]}', "t\\u200Fo"],
  ])("shows characters that change the direction of text as escapes", (text, shown) => {
    show({ arguments: text });

    expect(screen.getByText(shown)).toBeDefined();
  });

  it.each([1, 2, 3, 4, 5])("folds no escape in two: %i of its characters would be shown", (before) => {
    show({ arguments: JSON.stringify({ body: `${"a".repeat(600 - before)}\u202E${"b".repeat(100)}` }) });

    expect(screen.getByText(/^aaa/).textContent).toMatch(/a…$/);
  });

  it("shows characters that change the direction of text as escapes also where the arguments are edited", () => {
    const answer = show({ arguments: '{"to":"bo\u202Emoc"}' });
    press("Edit arguments");
    const field = screen.getByRole<HTMLTextAreaElement>("textbox");
    expect(field.value).toContain("bo\\u202Emoc");
    fireEvent.change(field, { target: { value: field.value.replace("bo", "cy") } });

    press("Approve");

    const approval = { type: "approve", request_id: "req_1", arguments: '{\n  "to": "cy\\u202Emoc"\n}' };
    expect(answer).toHaveBeenCalledWith(expect.anything(), approval, undefined);
  });

  it("approves the call as it is where the arguments were opened and not edited", () => {
    const answer = show({ arguments: '{"to":"bo","amount":1.0}' });
    press("Edit arguments");

    press("Approve");

    expect(answer).toHaveBeenCalledWith(expect.anything(), { type: "approve", request_id: "req_1" }, undefined);
  });

  it.each(["Esc", "Cancel"])("ends the reason of a denial alone by %s, and then the edited arguments", (key) => {
    show();
    press("Edit arguments");
    press("Deny");
    const reason = screen.getByRole("textbox", { name: /Reason/ });

    if (key === "Esc") {
      fireEvent.keyDown(reason, { key: "Escape" });
    } else {
      press("Cancel");
    }

    expect(screen.getAllByRole("textbox")).toEqual([screen.getByLabelText("Edit arguments")]);
    press("Cancel");
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("approves the call with edited arguments", () => {
    const answer = show();
    press("Edit arguments");
    fireEvent.change(screen.getByRole("textbox"), { target: { value: '{"to":"cy"}' } });

    press("Approve");

    expect(answer).toHaveBeenCalledWith(
      expect.anything(),
      { type: "approve", request_id: "req_1", arguments: '{"to":"cy"}' },
      undefined,
    );
  });

  it("denies the call for the reason that is typed after Deny is pressed", async () => {
    const answer = show();
    const user = userEvent.setup();
    screen.getByRole("button", { name: "Deny" }).focus();

    await user.keyboard("{Enter}Not before noon{Enter}");

    expect(answer).toHaveBeenCalledExactlyOnceWith(
      expect.anything(),
      { type: "deny", request_id: "req_1", reason: "Not before noon" },
      undefined,
    );
  });

  it("denies the call once where Enter is held, or pressed again while the denial is sent", async () => {
    let onSent = () => {};
    const sent = new Promise<boolean>((resolve) => {
      onSent = () => resolve(false);
    });
    const answer = show({}, () => sent);
    press("Deny");
    const field = screen.getByRole("textbox");

    fireEvent.keyDown(field, { key: "Enter", repeat: true });
    expect(answer).not.toHaveBeenCalled();
    fireEvent.keyDown(field, { key: "Enter" });
    fireEvent.keyDown(field, { key: "Enter" });

    expect(answer).toHaveBeenCalledOnce();
    await act(async () => onSent());
  });

  it("returns the keyboard to Deny when Esc cancels the denial, which does not stop the answer", async () => {
    const answer = show();
    const user = userEvent.setup();
    const stopped = vi.fn();
    const onKeyDown = (event: KeyboardEvent) => event.key === "Escape" && !event.defaultPrevented && stopped();
    addEventListener("keydown", onKeyDown);
    press("Deny");

    await user.keyboard("{Escape}");

    removeEventListener("keydown", onKeyDown);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Deny" }));
    expect(stopped).not.toHaveBeenCalled();
    expect(answer).not.toHaveBeenCalled();
  });

  it("sends no arguments that are not a JSON object", () => {
    show();
    press("Edit arguments");

    fireEvent.change(screen.getByRole("textbox"), { target: { value: "[" } });

    expect(screen.getByRole("alert").textContent).toBe("This is not a JSON object.");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Approve" }).disabled).toBe(true);
  });

  it("denies the call with a reason", () => {
    const answer = show();
    press("Deny");
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "Not now" } });

    press("Deny");

    expect(answer).toHaveBeenCalledWith(
      expect.anything(),
      { type: "deny", request_id: "req_1", reason: "Not now" },
      undefined,
    );
  });

  it.each([
    ["changes", "May change.", "Dieses Tool kann etwas ändern."],
    ["each_call", undefined, "Jeder Aufruf dieses Tools braucht eine Erlaubnis."],
    ["of_a_newer_server", "Reason of a newer server.", "Reason of a newer server."],
    [undefined, "Reason of an earlier server.", "Reason of an earlier server."],
  ])("shows the reason %s in the language of the page, or else as the server wrote it", async (code, reason, shown) => {
    await loadLanguage("de");

    show({
      ...(code === undefined ? {} : { reason_code: code as "changes" }),
      ...(reason === undefined ? {} : { reason }),
    });

    expect(screen.getByText(shown)).toBeDefined();
  });

  it("approves for the chat only where the request allows it", () => {
    const answer = show();
    press("Always in this chat");

    expect(answer).toHaveBeenCalledWith(
      expect.anything(),
      { type: "approve", request_id: "req_1", always: true },
      "send_mail",
    );
  });
});
