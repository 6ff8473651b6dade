// Lets a robot that plotty does not drive show up beside the plotters: a heartbeat every ten seconds. Without one for
// thirty seconds it is shown as offline. PLOTTY_URL and PLOTTY_API_KEY (plotty apikey create --name arm) say where and who.
// node examples/robot.js arm-001
import { broadcastRobotStatus } from "plotty";

const robotId = process.argv[2] ?? "arm-001";
const HEARTBEAT_MS = 10_000;

async function beat() {
  const { user, system } = process.cpuUsage();
  const cpuPercent = ((user + system) / 1e6 / process.uptime()) * 100;
  const memoryMb = process.memoryUsage.rss() / 1024 / 1024;
  try {
    await broadcastRobotStatus({ robotId, status: "idle", cpuPercent, memoryMb });
    console.log(`${robotId} is idle`);
  } catch (error) {
    console.error(error.message); // the next beat tries again
  }
}

await beat();
setInterval(beat, HEARTBEAT_MS);
