// The animals that the five classes are, drawn in the colour of their names. A class of another name has none.
import { html, nothing } from "./parts/lit-html.mjs";

const round = (x, y, radius) => `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius}
  0 1 0-${2 * radius} 0z`;
const eyes = (apart, y, radius) => round(12 - apart, y, radius) + round(12 + apart, y, radius);

// One path each; where two of its parts lie on each other there is a hole.
const DRAWINGS = {
  cat: `M3.5 2.5 8.6 5.6Q12 4.6 15.4 5.6L20.5 2.5Q21.3 7 20.9 12.6C20.6 18 16.8 21 12 21S3.4 18 3.1 12.6Q2.7 7 3.5 2.5z
    ${eyes(3.7, 11.6, 1.5)}M10.4 15h3.2L12 16.9z`,
  dog: `M7.6 4.4Q12 2.6 16.4 4.4 18.6 8.6 18.2 12.4C19 18.6 16 21.5 12 21.5S5 18.6 5.8 12.4Q5.4 8.6 7.6 4.4z
    M6.4 3.8C2.4 3.4.6 7.4.8 12.2.9 15.6 4 16 4.5 12.8 4.3 9 4.8 6.4 6.4 3.8z
    M17.6 3.8C21.6 3.4 23.4 7.4 23.2 12.2 23.1 15.6 20 16 19.5 12.8 19.7 9 19.2 6.4 17.6 3.8z
    ${eyes(2.8, 9.8, 1.4)}M9.4 14.4Q12 12.8 14.6 14.4 14.2 16.6 12.6 16.8V18.2H11.4V16.8Q9.8 16.6 9.4 14.4z`,
  owl: `M3.6 1.8Q8 5 12 5T20.4 1.8Q22 8 20.9 14C19.9 19.6 16.4 22.4 12 22.4S4.1 19.6 3.1 14Q2 8 3.6 1.8z
    ${eyes(4.1, 9.8, 3.3)}${eyes(4.1, 9.8, 1.5)}M10.4 13h3.2L12 16z`,
  fox: `M1.8 2 8.6 6.6Q12 5.8 15.4 6.6L22.2 2Q22.8 8.4 20.6 12.6L12 22.4 3.4 12.6Q1.2 8.4 1.8 2z
    ${eyes(3.6, 10.8, 1.1)}M4.8 12.4Q9.2 13 11 19h-.6zM19.2 12.4Q14.8 13 13 19h.6z`,
  bee: `M3 14.5C3 10.6 7 8.8 11.4 8.8S21 11 22.6 14.5C21 18 15.8 20.2 11.4 20.2S3 18.4 3 14.5z
    M8.8 9.3h2.3v10.4H8.8zM13.6 9.4h2.3v10.2h-2.3z
    M11 8C8.4 7.6 6.4 5 7.6 3.2S12.4 3.6 11.8 8zM13 8C12.6 4.6 15.4 1.4 17.6 2.6S17.4 7.8 13 8z`,
};

const drawn = (animal) => html`<svg class="lf-animal" viewBox="0 0 24 24" fill="currentColor" fill-rule="evenodd"
  aria-hidden="true"><path d=${animal}></path></svg>`;

export const nameOf = (label) =>
  html`<span class="lf-name">${Object.hasOwn(DRAWINGS, label) ? drawn(DRAWINGS[label]) : nothing}${label}</span>`;
