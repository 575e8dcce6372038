// One version of the AI SDK, by the number in the arguments.
export const version = Number(process.argv[3]);
const suffix = version === 6 ? '' : `-${version}`;
export const ai = await import(`ai${suffix}`);
export const { Chat } = await import(`@ai-sdk/react${suffix}`);

/** The transport that continues a stream that was cut, by the number of its chunks. Version 5 has none. */
export const WorkflowChatTransport =
  version === 7 ? (await import('@ai-sdk/workflow/client')).WorkflowChatTransport : version === 6 ? (await import('@workflow/ai')).WorkflowChatTransport : undefined;

export const headers = version === 6 ? {} : { 'X-AI-SDK-Version': String(version) };

/** What a page shows of a message: the parts that a reader sees, in order. */
export const shown = (message) =>
  message.parts.flatMap((part) => {
    if (part.type === 'text' || part.type === 'reasoning') return [`${part.type}:${part.text}`];
    if (part.type === 'source-url') return [`source:${part.title}`];
    if (part.type === 'dynamic-tool' || part.type.startsWith('tool-')) return [`${part.type}:${part.state}:${JSON.stringify(part.output ?? part.errorText ?? null)}`];
    return part.type.startsWith('data-') ? [part.type] : [];
  });
