// Where the bars of probability stood before the reader's last act: outlined, until the next act moves them.

const LEAST = 0.01; // a bar that moved by less stands where it stood
const BARS = ".lf-bar:not(.lf-candidates *)"; // those have an outline of their own

export function ghosts(el, view) {
  let begun = false,
    now = { labels: "", shares: [] },
    were = [];
  // What is typed into one field, and a key that is held, are one act.
  const begin = ({ repeat }) => {
    begun ||= !repeat && view.typing === null;
  };
  for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, begin, true);
  return {
    // after a drawing
    follow() {
      const bars = [...el.querySelectorAll(BARS)],
        next = { labels: String(view.labels), shares: bars.map((bar) => Number(bar.style.getPropertyValue("--p"))) };
      if (next.labels !== now.labels || next.shares.length !== now.shares.length) were = next.shares;
      else if (begun && String(next.shares) !== String(now.shares)) {
        were = now.shares;
        begun = false;
      }
      now = next;
      bars.forEach((bar, k) => {
        bar.style.setProperty("--was", were[k]);
        bar.classList.toggle("lf-ghost", Math.abs(were[k] - now.shares[k]) > LEAST);
      });
    },
    stop() {
      for (const event of ["pointerdown", "keydown"]) document.removeEventListener(event, begin, true);
    },
  };
}
