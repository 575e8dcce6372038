/** `fetch` whose calls fail after some records of the response: call i after cuts[i], others not at all. */
export const cutting = (cuts, fetcher = fetch) => {
  let call = 0;
  return async (...request) => {
    const cut = cuts[call++];
    const response = await fetcher(...request);
    return cut === undefined || response.body === null ? response : new Response(cutAfter(response.body, cut), response);
  };
};

function cutAfter(body, records) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let passed = 0;
  return new ReadableStream({
    async pull(controller) {
      while (passed < records) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const record = text.slice(0, end + 2);
          text = text.slice(end + 2);
          controller.enqueue(new TextEncoder().encode(record));
          if (!record.startsWith(':')) passed++;
          return;
        }
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          return;
        }
        text += value;
      }
      await reader.cancel();
      controller.error(new TypeError('network error'));
    },
  });
}
