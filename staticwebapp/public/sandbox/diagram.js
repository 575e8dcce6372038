// Draws diagrams from text that a model wrote. This page runs in a sandboxed frame with an origin of its own, so that
// nothing in the text reaches the chats, the token, or the network. It returns SVG, which the chat shows as an image.
let loading;

function load(script) {
  loading ??= new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = new URL(script, location.href).href;
    element.onload = resolve;
    element.onerror = () => {
      loading = undefined; // the network may be back for the next diagram
      reject();
    };
    document.head.append(element);
  });
  return loading;
}

addEventListener("message", async ({ data, source }) => {
  if (source !== parent) {
    return;
  }
  const { id, script, text, dark } = data;
  try {
    await load(script);
    globalThis.mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      suppressErrorRendering: true,
      htmlLabels: false,
      flowchart: { htmlLabels: false },
      theme: dark ? "dark" : "neutral",
      fontFamily: "sans-serif",
    });
    const { svg } = await globalThis.mermaid.render(`diagram-${id}`, text);
    parent.postMessage({ id, svg }, "*");
  } catch {
    parent.postMessage({ id }, "*");
  }
});

parent.postMessage({ ready: true }, "*");
