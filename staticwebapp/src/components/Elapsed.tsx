import { useEffect, useState } from "react";

/** The whole seconds since the component appeared. */
export function useElapsed(): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - start) / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  return seconds;
}

export function Elapsed() {
  const seconds = useElapsed();
  return seconds < 2 ? null : <span className="tabular-nums"> {seconds} s</span>;
}
