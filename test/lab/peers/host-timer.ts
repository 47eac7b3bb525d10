/** How late setTimeout is: `host-timer.ts SECONDS` sets timers 50 ms ahead and prints by how many ms each was late. */
const end = performance.now() + Number(process.argv[2]) * 1000;

function next(): void {
  if (performance.now() > end) return;
  const due = performance.now() + 50;
  setTimeout(() => {
    console.log(performance.now() - due);
    next();
  }, 50);
}
next();
