import { cutting } from './cut.mjs';
import { reconnecting } from '../../../examples/ag-ui/reconnect.mjs';
import { api, model, report } from './report.mjs';

// Version 0 is that of CopilotKit's runtime.
const { HttpAgent } = await import(process.argv[3] === '0' ? '@ag-ui/client-0' : '@ag-ui/client');
const client = 'ag-ui';
const agentFor = (text, options = {}) =>
  new HttpAgent({ url: api, initialMessages: [{ id: 'q1', role: 'user', content: `${text} (${client})` }], ...options });
const props = (more = {}) => ({ forwardedProps: { model, ...more } });

/** What a page shows of the messages after the question. */
const shown = (agent) =>
  agent.messages.slice(1).flatMap(({ role, content, toolCalls, activityType }) => {
    if (role === 'activity') return activityType === 'sources' ? [`sources:${content.sources.map(({ title }) => title)}`] : [];
    return [...(content ? [`${role}:${content}`] : []), ...(toolCalls ?? []).map(({ function: { name, arguments: args } }) => `call:${name}:${args}`)];
  });

const sendMail = props({ server_tools: ['send_mail'] });
const weather = { name: 'get_weather', description: 'The weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } };

await report({
  hello: async () => {
    const agent = agentFor('say hello');
    let finished;
    await agent.runAgent(props(), { onRunFinishedEvent: ({ event }) => void (finished = event) });
    return { shown: shown(agent), outcome: finished.outcome.type, tokens: finished.usage[0].totalTokens };
  },
  conversation: async () => {
    const agent = agentFor('say hello');
    await agent.runAgent(props());
    agent.addMessage({ id: 'q2', role: 'user', content: `count (${client})` });
    await agent.runAgent(props());
    return shown(agent);
  },
  reasoning: async () => {
    const agent = agentFor('think');
    await agent.runAgent(props());
    return shown(agent);
  },
  serverTool: async () => {
    const agent = agentFor('tour');
    const activities = [];
    await agent.runAgent(props({ server_tools: ['find'] }), { onActivitySnapshotEvent: ({ event }) => void activities.push(event.activityType) });
    return { shown: shown(agent), hasProgress: activities.includes('tool_progress') };
  },
  clientTool: async () => {
    const agent = agentFor('weather');
    let pending;
    await agent.runAgent({ ...props(), tools: [weather] }, { onRunFinishedEvent: ({ event }) => void (pending = event.outcome.pendingToolCallIds ?? null) });
    agent.addMessage({ id: 't1', role: 'tool', toolCallId: agent.messages.at(-1).toolCalls[0].id, content: 'sunny' });
    await agent.runAgent({ ...props(), tools: [weather] });
    return { pending, shown: shown(agent) };
  },
  interrupts: async () => {
    const agent = agentFor('mail');
    let snapshot;
    await agent.runAgent(sendMail, {
      onTextMessageContentEvent: () => void (snapshot = undefined),
      onToolCallStartEvent: () => void (snapshot = undefined),
      onMessagesSnapshotEvent: ({ event }) => void (snapshot = event.messages.map(({ id }) => id)),
    });
    const inSync = JSON.stringify(snapshot) === JSON.stringify(agent.messages.map(({ id }) => id));
    const asked = agent.pendingInterrupts.map(({ reason, toolCallId }) => `${reason}:${toolCallId}`);
    const resume = agent.pendingInterrupts.map(({ id, toolCallId }) => ({ interruptId: id, status: 'resolved', payload: { approved: toolCallId === 'call_1' } }));
    await agent.runAgent({ ...sendMail, resume });
    return { asked, inSync, open: agent.pendingInterrupts.length, shown: shown(agent) };
  },
  stopped: async () => {
    const agent = agentFor('stall');
    const runId = crypto.randomUUID();
    let outcome;
    await agent.runAgent(
      { ...props(), runId },
      {
        onTextMessageContentEvent: () => void fetch(new URL(`turns/${runId}`, api), { method: 'DELETE' }),
        onRunFinishedEvent: ({ event }) => void (outcome = event.outcome?.type ?? null),
      },
    );
    return { shown: shown(agent), outcome };
  },
  unanswered: async () => {
    const agent = agentFor('mail');
    await agent.runAgent(sendMail);
    const { threadId, messages } = agent;
    const other = new HttpAgent({ url: api, threadId, initialMessages: [...messages, { id: 'q2', role: 'user', content: `say hello (${client})` }] });
    try {
      await other.runAgent(sendMail);
    } catch (error) {
      return error.message.includes('409');
    }
    return shown(other);
  },
  context: async () => {
    const agent = agentFor('context');
    await agent.runAgent({ ...props(), context: [{ description: 'The page', value: 'Bern' }] });
    return shown(agent);
  },
  image: async () => {
    const source = { type: 'data', mimeType: 'image/png', value: 'iVBORw0KGgo=' };
    const content = [{ type: 'text', text: `look (${client})` }, { type: 'image', source }];
    const agent = new HttpAgent({ url: api, initialMessages: [{ id: 'q1', role: 'user', content }] });
    await agent.runAgent(props());
    return shown(agent);
  },
  error: async () => {
    const agent = agentFor('refuse');
    let code;
    await agent.runAgent(props(), { onRunErrorEvent: ({ event }) => void (code = event.code) }).catch(() => {});
    return code;
  },
  cuts: async () => {
    const run = async (cuts) => {
      const agent = agentFor('tour', { fetch: reconnecting(cutting(cuts)) });
      await agent.runAgent(props({ server_tools: ['find'] }));
      return JSON.stringify(shown(agent));
    };
    const expected = await run([]);
    const wrong = [];
    for (let records = 0; records < 40; records++) {
      const result = await run([records, 3, 2]).catch((error) => error.message);
      if (result !== expected) wrong.push({ records, result });
    }
    return { expected: JSON.parse(expected), wrong };
  },
  restart: async () => {
    const refused = [() => Promise.reject(new TypeError('fetch failed')), () => Promise.resolve(new Response(null, { status: 503 }))];
    const cut = cutting([5]);
    let calls = 0;
    const restarting = (...request) => refused[calls++ - 1]?.() ?? cut(...request);
    const agent = agentFor('tour', { fetch: reconnecting(restarting, refused.map(() => 0)) });
    await agent.runAgent(props({ server_tools: ['find'] }));
    return shown(agent);
  },
});
