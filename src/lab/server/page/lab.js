/* global document, fetch, FormData, setTimeout, URLSearchParams, vega, vegaEmbed */

const LIVE_EVERY_MS = 400;
/** How far back the charts over time reach. */
const SHOWN_MS = 60_000;

const result = document.getElementById('result');
const resultOf = document.getElementById('result-of');

/** Two steps may run at the same time, so an answer says whose it is. */
function showAnswer(form, text, isError) {
  resultOf.textContent = `: ${form.querySelector('h3').textContent}`;
  result.classList.toggle('error', isError);
  result.textContent = text;
}

/** The request that a form stands for, as its fields are now. */
function requestOf(form) {
  const fields = Object.fromEntries(new FormData(form));
  const path = form.dataset.path;
  if (form.dataset.body === undefined) {
    return [`${path}?${new URLSearchParams(fields)}`, { method: 'POST' }];
  }
  const body = JSON.stringify({ ...fields, customerId: fields.customerId || null });
  return [path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }];
}

async function submit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const [url, options] = requestOf(form);
    const reply = await fetch(url, options);
    const answer = await reply.json();
    showAnswer(form, reply.ok ? JSON.stringify(answer, null, 2) : answer.error, !reply.ok);
  } catch (error) {
    showAnswer(form, `The lab does not answer (${error.message}): see whether it is still running.`, true);
  } finally {
    button.disabled = false;
  }
}

async function drawCharts() {
  const specs = await (await fetch('/api/lab/charts')).json();
  const views = {};
  for (const [name, spec] of Object.entries(specs)) {
    // The specs name the version that JupyterLab draws; they mean the same in this one. An empty chart is no reason to warn.
    const options = { mode: 'vega-lite', actions: false, renderer: 'svg', logLevel: vega.Error };
    const { view } = await vegaEmbed(`#${name}`, { ...spec, $schema: undefined }, options);
    views[name] = view;
  }
  return views;
}

const points = [];

function addIntervals(views, intervals, nowMs) {
  for (const { atMs, clientId, batches, records, queuedMs } of intervals) {
    points.push({
      atMs,
      producer: clientId,
      recordsPerBatch: records / batches,
      queueMs: queuedMs / batches,
    });
  }
  while (points.length > 0 && points[0].atMs < nowMs - SHOWN_MS) points.shift();
  for (const name of ['records-per-batch', 'queue-time']) replaceData(views[name], points);
}

function replaceData(view, rows) {
  const copies = rows.map((row) => ({ ...row }));
  void view
    .change(
      'live',
      vega
        .changeset()
        .remove(() => true)
        .insert(copies),
    )
    .runAsync();
}

async function drawPartitions(view) {
  const topics = await (await fetch('/api/producer/partition-stats')).json();
  const rows = Object.entries(topics).flatMap(([producer, { counts }]) =>
    counts.map((records, partition) => ({ producer, partition, records })),
  );
  replaceData(view, rows);
}

async function follow(views) {
  let since = 0;
  for (;;) {
    try {
      const { nowMs, intervals } = await (await fetch(`/api/lab/live?since=${since}`)).json();
      if (intervals.length > 0) {
        since = Math.max(...intervals.map(({ atMs }) => atMs));
        addIntervals(views, intervals, nowMs);
        await drawPartitions(views.partitions);
      }
    } catch {
      // The lab is gone for now; the next press of a button says so.
    }
    await new Promise((resolve) => setTimeout(resolve, LIVE_EVERY_MS));
  }
}

for (const form of document.querySelectorAll('form')) form.addEventListener('submit', submit);
const views = await drawCharts();
await drawPartitions(views.partitions);
void follow(views);
