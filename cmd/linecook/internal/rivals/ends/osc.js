// An osc.js server that reads each message's arguments.
const osc = require("osc");

let count = 0, sum = 0;
const port = new osc.UDPPort({ localAddress: "127.0.0.1", localPort: 0 });
port.on("message", (m) => {
  for (const a of m.args) if (typeof a === "number") sum += a;
  count++;
});
port.on("ready", () => console.log("port " + port.socket.address().port));
process.stdin.on("data", () => {
  const { user, system } = process.cpuUsage();
  console.log(`count ${count} ${(user + system) / 1e6}`);
});
process.stdin.on("end", () => process.exit(0));
port.open();
