import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Registry } from './registry.ts'

/** What the process says of itself. */
export interface ProcessReader {
  read(registry: Registry): void
  stop(): void
}

/** Begins to watch the event loop. Its delays count from one reading to the next. */
export function createProcessReader(): ProcessReader {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION })
  delays.enable()
  const startedAt = Date.now() / 1000 - process.uptime()
  return {
    read(registry) {
      const { user, system } = process.cpuUsage()
      const { rss, heapUsed, heapTotal } = process.memoryUsage()
      registry.set('process_cpu_seconds_total', [], (user + system) / 1e6)
      registry.set('process_resident_memory_bytes', [], rss)
      registry.set('process_start_time_seconds', [], startedAt)
      registry.set('nodejs_heap_size_used_bytes', [], heapUsed)
      registry.set('nodejs_heap_size_total_bytes', [], heapTotal)
      readDelays(delays, registry)
    },
    stop: () => void delays.disable(),
  }
}

function readDelays(delays: ReturnType<typeof monitorEventLoopDelay>, registry: Registry): void {
  registry.set('nodejs_eventloop_lag_mean_seconds', [], lag(delays.mean))
  registry.set('nodejs_eventloop_lag_p99_seconds', [], lag(delays.percentile(99)))
  registry.set('nodejs_eventloop_lag_max_seconds', [], lag(delays.max))
  delays.reset()
}

/** Nanoseconds between two turns of the watch, of which its own period is no delay; NaN before the first. */
function lag(nanoseconds: number): number {
  return Number.isNaN(nanoseconds) ? 0 : Math.max(0, nanoseconds / 1e9 - RESOLUTION / 1000)
}

/** Milliseconds. */
const RESOLUTION = 20
