import { describe, expect, it } from "vitest";
import { assistants, optionsOf } from "./assistants";

describe("assistants", () => {
  it("are kept by name, without values that are none", () => {
    const valid = [
      { id: "2", name: "Editor", instructions: "Edit.", model: "demo:scripted", toolsOff: ["search_web"] },
      { id: "1", name: "Tutor", instructions: "" },
    ];
    const wrong = [null, { id: "3", name: "x" }, { id: "4", name: "x", instructions: "", toolsOff: [1] }];
    localStorage.setItem("funcchat.assistants", JSON.stringify([...valid, ...wrong]));

    expect(assistants.items()).toEqual(valid);
  });

  it("decide only what they name", () => {
    expect(optionsOf({ id: "1", name: "Tutor", instructions: " " })).toEqual({});
    expect(optionsOf({ id: "1", name: "Tutor", instructions: "Ask.", model: "m", toolsOff: [] })).toEqual({
      systemPrompt: "Ask.",
      model: "m",
      toolsOff: [],
    });
  });
});
