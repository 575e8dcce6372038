import { useChat } from '@ai-sdk/react';
import { DefaultChatTransport, lastAssistantMessageIsCompleteWithApprovalResponses } from 'ai';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

// The chat has one id for as long as the tab is open, so that a reloaded page resumes its answer.
const id = (sessionStorage.chatId ??= crypto.randomUUID());
const saved = JSON.parse(sessionStorage.messages ?? '[]');
const transport = new DefaultChatTransport({ api: '/api/ui/chat', body: { tools: ['execute_javascript'] } });

function Chat() {
  const [text, setText] = useState('');
  const { messages, sendMessage, addToolApprovalResponse, regenerate, status, error } = useChat({
    id,
    messages: saved,
    resume: saved.length > 0,
    transport,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  });
  sessionStorage.messages = JSON.stringify(messages);
  const isBusy = status === 'submitted' || status === 'streaming';
  return (
    <main>
      {messages.map(({ id: key, role, parts }) => (
        <section key={key} aria-label={role}>
          {parts.map((part, place) => (
            <Part key={place} part={part} answer={addToolApprovalResponse} />
          ))}
        </section>
      ))}
      {error && (
        <p role="alert">
          {error.message} <button onClick={() => regenerate()}>Retry</button>
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          sendMessage({ text });
          setText('');
        }}
      >
        <input aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
        {isBusy ? (
          <button type="button" onClick={() => fetch(`/api/ui/chat/${id}/stop`, { method: 'POST' })}>
            Stop
          </button>
        ) : (
          <button>Send</button>
        )}
      </form>
    </main>
  );
}

function Part({ part, answer }) {
  if (part.type === 'text') return <p>{part.text}</p>;
  if (part.type === 'reasoning') return <blockquote>{part.text}</blockquote>;
  if (part.type === 'source-url') return <a href={part.url}>{part.title}</a>;
  if (part.type !== 'dynamic-tool') return null;
  return (
    <p>
      {part.toolName}({JSON.stringify(part.input)}) <code>{JSON.stringify(part.output) ?? part.state}</code>
      {part.state === 'approval-requested' &&
        ['Approve', 'Deny'].map((label) => (
          <button key={label} onClick={() => answer({ id: part.approval.id, approved: label === 'Approve' })}>
            {label}
          </button>
        ))}
    </p>
  );
}

createRoot(document.getElementById('root')).render(<Chat />);
