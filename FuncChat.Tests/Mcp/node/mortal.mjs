// A server whose process ends when its tool is called with "exit".
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

const server = new McpServer({ name: "mortal", version: "1.0.0" });
server.registerTool("say", { description: "Says it.", inputSchema: { text: z.string() } }, async ({ text }) => {
  if (text === "exit") process.exit(1);
  return { content: [{ type: "text", text: `${process.pid}: ${text}` }] };
});
await server.connect(new StdioServerTransport());
