import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { withServices } from "../../test/services";
import type { ModelInfo } from "../api/serverInfo";
import { strings } from "../i18n/strings";
import { CompareChoice } from "./CompareChoice";
import { EmptyState } from "./EmptyState";
import { ModelChoice } from "./ModelChoice";
import ModelDialog from "./ModelDialog";
import RivalNote from "./RivalNote";

const listed: ModelInfo = { id: "p:listed", provider: "p", name: "listed", is_default: true, is_demo: false };

async function show(content: React.ReactNode, models: readonly ModelInfo[], model?: string, rival?: string) {
  const { state, conversations } = openPage("http://127.0.0.1:1", await openBrowser());
  state.setState({
    models,
    openProviders: ["p"],
    rival,
    ...(model === undefined ? {} : { newChatOptions: { model } }),
  });
  render(withServices({ state, conversations }, content));
}

describe("The start page", () => {
  const demo: ModelInfo = { ...listed, is_demo: true };

  it.each([
    ["the demo model", [demo], undefined, true],
    ["a listed model", [listed], undefined, false],
    ["a model that is not listed", [demo], "p:unlisted", false],
  ])("names the demo only where it answers: %s", async (_, models, model, shown) => {
    await show(<EmptyState />, models, model);

    expect(screen.queryByText(strings.demoNote(strings.demoLabel)) !== null).toBe(shown);
  });
});

it("A comparison names models that are not listed", async () => {
  await show(<RivalNote chatId={null} />, [listed], "p:first", "p:second");

  expect(screen.getByText(strings.comparesNext("first", "second"))).toBeDefined();
});

it("A comparison with the model that answers anyway is not shown", async () => {
  await show(<RivalNote chatId={null} />, [listed], "p:listed", "p:listed");

  expect(screen.queryByRole("status")).toBeNull();
});

it("A comparison does not offer the model that answers anyway by a typed name", async () => {
  await show(<CompareChoice />, [listed], "p:unlisted");
  fireEvent.click(screen.getByRole("button", { name: strings.compare }));
  const search = await screen.findByPlaceholderText(strings.searchModels);

  fireEvent.change(search, { target: { value: "unliste" } });
  expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual(["p:unliste"]);
  fireEvent.change(search, { target: { value: "unlisted" } });
  expect(screen.queryAllByRole("option")).toEqual([]);
});

it("A comparison offers the other models, so that Enter does not choose the one that answers anyway", async () => {
  const other = { ...listed, id: "p:other", name: "other", is_default: false };
  await show(<CompareChoice />, [listed, other]);

  fireEvent.click(screen.getByRole("button", { name: strings.compare }));

  const options = await screen.findAllByRole("option");
  expect(options.map(({ textContent }) => textContent)).toEqual(["other"]);
});

describe("The list of models", () => {
  it("shows the price of each model that has one", async () => {
    const priced: ModelInfo = { ...listed, price: { input: 0.25, output: 12.5, currency: "EUR" } };
    const free: ModelInfo = { ...listed, id: "p:free", name: "free", price: { input: 0, output: 0, currency: "EUR" } };

    await show(<ModelDialog title="Models" current={undefined} onChosen={() => {}} onClose={() => {}} />, [
      priced,
      free,
      { ...listed, id: "p:other", name: "other" },
    ]);

    expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual([
      "listed0.25 EUR in, 12.5 EUR out per million tokens",
      "free0 EUR in, 0 EUR out per million tokens",
      "other",
    ]);
  });

  it("shows what each can do, as far as its provider reports it", async () => {
    const able: ModelInfo = {
      ...listed,
      description: "The large one",
      capabilities: { images: true, audio: false, tools: true, context_length: 128_000 },
    };
    const unknown: ModelInfo = { ...listed, id: "p:unknown", name: "unknown" };

    await show(<ModelDialog title="Models" current={undefined} onChosen={() => {}} onClose={() => {}} />, [
      able,
      unknown,
    ]);

    expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual([
      "listedThe large one · images · tools · 128,000 tokens",
      "unknown",
    ]);
  });
});

describe("The choice of a model", () => {
  it("names one that is not listed", async () => {
    await show(<ModelChoice />, [listed], "p:unlisted");

    expect(screen.getByRole("button", { name: `${strings.model}: unlisted` })).toBeDefined();
  });

  it("shows a description only where it differs from the name", async () => {
    const models = [
      { ...listed, description: "listed" },
      { ...listed, id: "p:other", name: "other", description: "For long texts" },
    ];
    await show(<ModelDialog title="Models" current={undefined} onChosen={() => {}} onClose={() => {}} />, models);

    expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual([
      "listed",
      "otherFor long texts",
    ]);
  });
});
