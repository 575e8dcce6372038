import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { withServices } from "../../test/services";
import { createChatState } from "../chat/state";
import { editedTexts, keepEdited } from "../components/editedTexts";
import { loadLanguage } from "../i18n/strings";
import { keepEdits } from "../storage/edits";
import ApprovalsPage from "./ApprovalsPage";
import type { AdminApi, WaitingCall } from "./adminApi";

const call: WaitingCall = {
  turn_id: "turn-0001",
  request_id: "req_1",
  owner: "key user",
  name: "send_mail",
  arguments: '{"to":"bo"}',
  reason: "This tool may change something.",
  expires_at: "2026-01-02T00:00:00Z",
};

let end = () => {};

afterEach(() => end());

function show(changes: Partial<WaitingCall>, calls: readonly WaitingCall[] = [{ ...call, ...changes }]) {
  const state = createChatState();
  state.setState({ roles: ["approver"] });
  const api: Pick<AdminApi, "waiting"> = { waiting: async () => calls };
  const admin = async () => api as AdminApi;
  render(withServices({ state, admin }, <ApprovalsPage />));
}

it("The reason for an approval is in the user's language where the page knows its code", async () => {
  await loadLanguage("de");

  show({ reason_code: "changes" });

  expect(await screen.findByText("Dieses Tool kann etwas ändern.")).toBeTruthy();
  expect(screen.queryByText(call.reason ?? "")).toBeNull();
});

it("The reason of a denial is there after a reload, until the call no longer waits", async () => {
  const open = (calls: readonly WaitingCall[]) => {
    cleanup();
    end();
    end = keepEdits(createChatState());
    show({}, calls);
  };
  open([call]);
  fireEvent.click(await screen.findByRole("button", { name: "Deny" }));
  fireEvent.change(screen.getByRole("textbox"), { target: { value: "Not before noon" } });

  open([call]);
  expect((await screen.findByRole<HTMLInputElement>("textbox")).value).toBe("Not before noon");
  open([]);
  await screen.findByText("No tool call waits for an approval.");
  expect(editedTexts.getState().size).toBe(0);
});

it("What is typed into a form elsewhere stays", async () => {
  keepEdited({ id: "prompts" }, "Not saved yet");

  show({}, []);

  await screen.findByText("No tool call waits for an approval.");
  expect(editedTexts.getState().get("prompts")?.text).toBe("Not saved yet");
});

it("The reason for an approval is the server's where the page does not know its code", async () => {
  await loadLanguage("de");

  show({ reason_code: "new" as "changes" });

  expect(await screen.findByText(call.reason ?? "")).toBeTruthy();
});
