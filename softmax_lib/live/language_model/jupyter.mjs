// The same in a Jupyter kernel: own_prompt.py answers there, with the model that the figure was given.
export function inKernel(kernel) {
  const waiting = new Map(), // questions, by name
    asker = Math.random(); // another view of the same figure hears the answers too
  let asked = 0;

  kernel.on("msg:custom", ({ id, refused, ...answer }, [order, falling]) => {
    if (!waiting.has(id)) return;
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (refused) return reject(new Error(refused));
    if (order)
      Object.assign(answer, { order: new Uint16Array(copied(order)), falling: new Float64Array(copied(falling)) });
    resolve(answer);
  });
  const ask = (question) =>
    new Promise((resolve, reject) => {
      const id = `${asker} ${++asked}`;
      waiting.set(id, { resolve, reject });
      kernel.send({ id, ...question });
    });

  return {
    find: () => ask({ of: "place" }),
    engine: (_, hear) => ({
      load: () => ask({ of: "names" }).then(hear, ({ message }) => hear({ trouble: message })),
      ask: (question) => ask({ of: "next", ...question }),
    }),
  };
}

const copied = ({ buffer, byteOffset, byteLength }) => buffer.slice(byteOffset, byteOffset + byteLength);
