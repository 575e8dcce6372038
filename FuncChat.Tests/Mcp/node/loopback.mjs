// The server listens on every interface, on a port that it doesn't report. Tests need one of 127.0.0.1, and its address.
import net from "node:net";

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (_port, ...rest) {
  this.once("listening", () => console.log(`Listening at http://127.0.0.1:${this.address().port}`));
  return listen.call(this, 0, "127.0.0.1", ...rest);
};
const [script, ...args] = process.argv.slice(2);
process.argv.splice(1, process.argv.length, script, ...args);
await import(script);
