// Together longer than a restart of the server takes.
const PAUSES = [250, 500, 1000, 2000, 4000, 8000, 16000];

/**
 * `fetch` for AG-UI that continues a run whose stream was cut: it sends the same input again, with the id of the last event that it has, and waits for a server
 * that restarts. An event may have several records, of which the last one has the id: they are passed on together.
 */
export const reconnecting =
  (fetcher = fetch, pauses = PAUSES) =>
  async (url, init) => {
    const first = await fetcher(url, init);
    if (!first.ok || first.body === null) return first;
    let lastId;
    const again = async (cut) => {
      for (const pause of [0, ...pauses]) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        if (init.signal?.aborted) break;
        const response = await fetcher(url, { ...init, headers: { ...init.headers, ...(lastId && { 'Last-Event-ID': lastId }) } }).catch(() => undefined);
        if (response?.ok) return response;
        await response?.body?.cancel();
        if (response && response.status !== 503) break;
      }
      throw cut;
    };
    const records = async function* (response) {
      const decoder = new TextDecoder();
      let text = '';
      for await (const bytes of response.body) {
        text += decoder.decode(bytes, { stream: true });
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          yield text.slice(0, end + 2);
          text = text.slice(end + 2);
        }
      }
    };
    const run = async function* () {
      let response = first;
      for (let ended = false; !ended; ) {
        let waiting = '';
        try {
          for await (const record of records(response)) {
            waiting += record;
            const id = /^id: (\d+)$/m.exec(record)?.[1];
            ended ||= /"type":"RUN_(FINISHED|ERROR)"/.test(record);
            if (id === undefined && !ended) continue;
            lastId = id ?? lastId;
            yield new TextEncoder().encode(waiting);
            waiting = '';
          }
          if (!ended) throw new TypeError('The stream ended early.');
        } catch (error) {
          if (ended) return;
          if (init.signal?.aborted) throw error;
          response = await again(error);
        }
      }
    };
    return new Response(ReadableStream.from(run()), first);
  };
