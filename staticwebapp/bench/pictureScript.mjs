// What the models and the tools of the pictures answer.
export const question = "Why do tides rise so high in narrow bays?";

/** The question for two models. */
export const compared = "Explain in a few sentences why tides rise so high in narrow bays.";

const capabilities = { tools: true, context_length: 8_192 };

export const models = {
  models: [
    {
      id: "example:writer-large",
      provider: "example",
      name: "writer-large",
      is_default: true,
      is_demo: false,
      capabilities,
    },
    { id: "example:writer-small", provider: "example", name: "writer-small", capabilities },
  ],
  providers: [{ name: "example", accepts_any_model: false }],
};

export const tools = {
  tools: ["search_web", "scrape_web_content", "execute_javascript", "research"].map((name) => ({
    name,
    description: "",
  })),
};

const pages = [
  {
    title: "How tides work",
    url: "https://tides.example/how",
    description: "The moon pulls at the near side of the Earth more than at the far side, and two bulges follow it.",
  },
  {
    title: "Why the Bay of Fundy has the highest tides",
    url: "https://fundy.example/why",
    description: "The water in the bay swings at almost the rhythm of the tide.",
  },
  {
    title: "Spring tides and neap tides",
    url: "https://spring.example/neap",
    description: "Sun and moon pull together at new and full moon, and against each other in between.",
  },
];

const text = [
  "High water comes about every **12 hours and 25 minutes** [1]. A bay that narrows lifts it: in the Bay of Fundy it rises by ~16 m [2].",
  "| Moon | Range | Why |\n|---|---|---|\n| new, full | large | sun and moon pull together [3] |\n| half | small | they pull against each other |",
  "$$T = \\frac{24.84\\,\\mathrm{h}}{2} = 12.42\\,\\mathrm{h}$$",
  "```mermaid\ngraph LR\n  Moon -->|pull| Bulges[Two bulges]\n  Sun -->|pull| Bulges\n  Bulges --> High[High water twice a day]\n  Earth[Earth turns] --> High\n```",
].join("\n\n");

const shortText = [
  "A narrow bay works like a **funnel**: the same water has less and less room, so it rises.",
  "- The tide enters wide and shallow water first.\n- The shores come closer, and the floor rises.\n- In some bays, the water also swings in the rhythm of the tide, which adds to it.",
  "The Bay of Fundy has both: its tide rises by ~16 m.",
].join("\n\n");

const otherText = [
  "Two things come together:",
  "1. **Shape.** The shores converge and the floor rises, so the same water has less room.\n2. **Resonance.** Water in the bay needs a certain time to swing to and fro. Near 12 h 25 min, each tide pushes at the right moment.",
  "> [!TIP]\n> A child on a swing rises higher in the same way.",
].join("\n\n");

const calls = [
  { id: "call_1", name: "search_web", arguments: '{"query":"how tides work"}' },
  { id: "call_2", name: "execute_javascript", arguments: '{"code":"(24 + 50 / 60) / 2"}' },
];

export function chatEvents({ turn_id, messages, model = "example:writer-large" }) {
  const [provider, name] = model.split(":");
  const status = ["status", { status: "processing", turn_id, model: name, provider, has_tools: true }];
  const call = (iteration, finish_reason, usage) => [
    ["llm_request", { phase: "answer", iteration, provider, model: name }],
    ["llm_response", { phase: "answer", iteration, finish_reason, usage, first_token_ms: 320, duration_ms: 1840 }],
  ];
  const end = (content, usage) => [
    ["message_complete", { role: "assistant", content }],
    ["complete", { status: "success", messages: [{ role: "assistant", content }], usage }],
  ];
  const short = name === "writer-small" ? shortText : messages.at(-1).content === compared ? otherText : undefined;
  if (short !== undefined) {
    const [asked, answered] = call(1, "stop", { input_tokens: 310, output_tokens: 96 });
    return [
      status,
      asked,
      ["delta", { content: short }],
      answered,
      ...end(short, { input_tokens: 310, output_tokens: 96 }),
    ];
  }
  const [asked, answered] = call(1, "tool_calls", { input_tokens: 310, output_tokens: 48 });
  const [askedAgain, answeredAgain] = call(2, "stop", { input_tokens: 1_120, output_tokens: 215 });
  return [
    status,
    asked,
    answered,
    [
      "message_complete",
      {
        role: "assistant",
        content: null,
        tool_calls: calls.map(({ id, ...called }) => ({ id, type: "function", function: called })),
      },
    ],
    ...calls.map((started) => ["tool_call_start", started]),
    [
      "tool_call_result",
      { ...calls[0], content: JSON.stringify({ query: "how tides work", results: pages }), duration_ms: 436 },
    ],
    ["tool_call_result", { ...calls[1], content: '{"result":12.416666666666666}', duration_ms: 84 }],
    askedAgain,
    ["delta", { content: text }],
    answeredAgain,
    ...end(text, { input_tokens: 1_430, output_tokens: 263 }),
  ];
}

export function searchEvents({ turn_id, queries, max_results }) {
  const found = (query, index) => pages.slice(index, index + 2).map((page) => ({ ...page, query }));
  return [
    ["search_start", { turn_id, queries, max_results }],
    ...queries.map((query, index) => [
      "search_result",
      { query, index, count: 2, results: found(query, index).map((page, at) => ({ ...page, score: 1 - at / 2 })) },
    ]),
    [
      "complete",
      {
        status: "success",
        results: pages.map((page, index) => ({
          ...page,
          score: 1,
          queries: queries.filter((_, at) => index >= at && index < at + 2),
        })),
      },
    ],
  ];
}

export function planEvents({ turn_id }) {
  return [
    ["status", { status: "processing", turn_id, model: "writer-large", provider: "example", has_tools: false }],
    [
      "plan",
      {
        text: "1. Find how the moon and the sun cause tides.\n2. Compare bays with high and low tides.\n3. Explain the shape of the bay and its rhythm, with sources.",
        search_keywords: [["how tides work"], ["highest tides", "bay of fundy"]],
        questions: ["Who is the answer for?"],
        persona: "an oceanographer",
        reasoning: "The shape of the bay matters, and so does the time that its water needs to swing to and fro.",
        complexity: "moderate",
      },
    ],
    ["complete", { status: "success", usage: { input_tokens: 210, output_tokens: 64 } }],
  ];
}
