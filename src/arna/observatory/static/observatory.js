// Hovering and zooming only: every page works without this file.
"use strict";

// What a span rests on lights up with the span, and the other way round.
for (const link of document.querySelectorAll('sup a[href^="#s-"], a.no[href^="#m-"]')) {
  const other = document.getElementById(link.hash.slice(1));
  if (!other) continue;
  const on = () => other.classList.add("lit");
  const off = () => other.classList.remove("lit");
  link.addEventListener("pointerenter", on);
  link.addEventListener("pointerleave", off);
  link.addEventListener("focus", on);
  link.addEventListener("blur", off);
}

// A timeline grows and shrinks with + and -, and with the wheel while Ctrl is held.
for (const picture of document.querySelectorAll("svg.timeline, svg.ribbons")) {
  const width = picture.width.baseVal.value;
  const height = picture.height.baseVal.value;
  const box = picture.parentElement;
  let scale = 1;
  const zoom = (factor) => {
    scale = Math.min(4, Math.max(0.5, scale * factor));
    picture.setAttribute("width", width * scale);
    picture.setAttribute("height", height * scale);
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else return;
    event.preventDefault();
  });
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.1 : 0.9);
  }, { passive: false });
}
